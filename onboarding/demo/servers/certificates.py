"""Certificates of a private authority, for servers on loopback."""

import subprocess
from pathlib import Path

from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.directory_files import Certificates

_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def issue(folder: Path) -> Certificates:
    """Make an authority of its own and a certificate for the loopback address."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Certificates(
        authority=folder / "authority.pem",
        certificate=folder / "server.pem",
        key=folder / "server.key",
    )
    authority_key = folder / "authority.key"
    _openssl(
        *("req", "-x509", *_CURVE, "-days", "30", "-subj", "/CN=Private authority"),
        *("-keyout", str(authority_key), "-out", str(made.authority)),
    )
    _openssl(
        *("req", "-x509", *_CURVE, "-days", "30", "-subj", f"/CN={LOOPBACK}"),
        *("-addext", f"subjectAltName=IP:{LOOPBACK},DNS:localhost"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-CA", str(made.authority), "-CAkey", str(authority_key)),
        *("-keyout", str(made.key), "-out", str(made.certificate)),
    )
    return made


def _openssl(*arguments: str) -> None:
    subprocess.run(  # noqa: S603 - our own command
        ["/usr/bin/openssl", *arguments], check=True, capture_output=True
    )
