"""What a directory server needs on disk: configuration and first entries.

The LDIF in ``accounts/directory/slapd`` is the same that operators load; here its
``@NAMES@`` are filled in and the Debian tools load it.
"""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accounts.catalogue.entitlement import ALL as SERVICES
from accounts.people.roles import Role

TEMPLATES = Path(__file__).resolve().parents[3] / "accounts" / "directory" / "slapd"
MODULES = "/usr/lib/ldap"
TOOLS = "/usr/sbin"
ENTITLEMENT = "urn:leuphana:service:"
DATABASE_BYTES = 4 * 1024**3
# Access rules hold the base inside patterns, and slapd compares there letter by letter.
BASE = re.compile(r"(dc|o|ou)=[a-z0-9-]+(,(dc|o|ou|c)=[a-z0-9-]+)*")
_BASE_CLASSES = {
    "dc": "objectClass: dcObject\nobjectClass: organization\ndc: {0}\no: {0}",
    "o": "objectClass: organization\no: {0}",
    "ou": "objectClass: organizationalUnit\nou: {0}",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a password's hash costs: memory in KiB, passes, lanes (RFC 9106)."""

    memory: int
    passes: int
    lanes: int

    @property
    def arguments(self) -> str:
        """Give it as slapd's argon2 module wants it."""
        return f"m={self.memory} t={self.passes} p={self.lanes}"


PRODUCTION = Cost(memory=19_456, passes=2, lanes=1)
CHEAP = Cost(memory=64, passes=1, lanes=1)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files for TLS: the authority that clients trust, and what the server shows."""

    authority: Path
    certificate: Path
    key: Path


class DirectoryFiles:
    """The folder of one directory server."""

    def __init__(
        self, folder: Path, *, base: str, cost: Cost, certificates: Certificates | None
    ) -> None:
        """Describe the folder; ``base`` in lower case, without blanks."""
        if not BASE.fullmatch(base):
            message = f"{base!r} must look like dc=leuphana,dc=example."
            raise ValueError(message)
        self.folder = folder
        self.base = base
        self.cost = cost
        self.certificates = certificates
        self.configuration = folder / "slapd.d"
        self._data = folder / "data"
        self._complete = folder / "complete"
        self._loaded = folder / "configuration.sha256"

    def prepare(self, passwords: Mapping[str, str]) -> None:
        """Create what is missing; entries that are there already are left alone.

        ``passwords`` count for a new folder only. A folder whose creation was cut
        short is begun again; a changed configuration is loaded again.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._complete.exists():
            shutil.rmtree(self._data, ignore_errors=True)
            self._data.mkdir(mode=0o700)
            self._configure()
            self._tool("slapadd", "-q", "-n", "1", ldif=self._entries(passwords))
            self._complete.touch()
        elif self._configure():
            self._tool("slapindex", "-q", "-n", "1")

    def discard(self) -> None:
        """Make ``prepare`` begin with the first entries again."""
        self._complete.unlink(missing_ok=True)

    def _configure(self) -> bool:
        ldif = self._settings()
        print_of_it = hashlib.sha256(ldif.encode())
        for schema in sorted(TEMPLATES.glob("*.ldif")):
            print_of_it.update(schema.read_bytes())
        loaded = self._loaded.read_text() if self._loaded.exists() else ""
        if loaded == print_of_it.hexdigest() and self.configuration.exists():
            return False
        self._loaded.unlink(missing_ok=True)
        shutil.rmtree(self.configuration, ignore_errors=True)
        self.configuration.mkdir(mode=0o700)
        self._tool("slapadd", "-n", "0", ldif=ldif)
        self._loaded.write_text(print_of_it.hexdigest())
        return True

    def _settings(self) -> str:
        ldif = _filled(
            "config",
            BASE=self.base,
            FOLDER=str(self.folder),
            MODULES=MODULES,
            SCHEMA=TEMPLATES.as_uri().removeprefix("file://"),
            DATABASE_BYTES=str(DATABASE_BYTES),
            ARGON2_MEMORY=str(self.cost.memory),
            ARGON2_PASSES=str(self.cost.passes),
            ARGON2_LANES=str(self.cost.lanes),
            LEAST_SSF="128" if self.certificates else "0",
        )
        if self.certificates:
            ldif = ldif.replace(
                "cn: config\n",
                "cn: config\n"
                f"olcTLSCertificateFile: {self.certificates.certificate}\n"
                f"olcTLSCertificateKeyFile: {self.certificates.key}\n",
                1,
            )
        return ldif

    def _entries(self, passwords: Mapping[str, str]) -> str:
        kind, _, name = self.base.split(",")[0].partition("=")
        hashes = {name: self._hash(secret) for name, secret in passwords.items()}
        blocks = [
            _filled(
                "base",
                BASE=self.base,
                BASE_ENTRY=_BASE_CLASSES[kind].format(name),
                ADMIN_HASH=hashes["admin"],
                PORTAL_HASH=hashes["portal"],
                PROVISIONER_HASH=hashes["provisioner"],
                NOBODY_HASH=hashes["nobody"],
            )
        ]
        for name, hashed in hashes.items():
            if system := name.removeprefix("reader-").removeprefix(name):
                blocks.append(
                    _filled("reader", BASE=self.base, SYSTEM=system, READER_HASH=hashed)
                )
        blocks += [_filled("role", BASE=self.base, ROLE=role.value) for role in Role]
        blocks += [
            _filled(
                "service",
                BASE=self.base,
                SERVICE=service,
                ENTITLEMENT=ENTITLEMENT + service,
            )
            for service in SERVICES
        ]
        return "\n".join(blocks)

    def _hash(self, secret: str) -> str:
        return _run(
            [
                f"{TOOLS}/slappasswd",
                *("-o", f"module-path={MODULES}"),
                *("-o", f"module-load=argon2 {self.cost.arguments}"),
                *("-h", "{ARGON2}", "-n", "-T", "/dev/stdin"),
            ],
            secret,
        )

    def _tool(self, name: str, *arguments: str, ldif: str = "") -> None:
        _run(
            [f"{TOOLS}/{name}", *arguments, "-F", str(self.configuration)],
            ldif,
        )


class DirectoryRefusedLoading(Exception):
    """One of slapd's tools refused what we gave it; a fault in the LDIF."""


def _run(command: list[str], words: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        command, input=words, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DirectoryRefusedLoading(f"{command[0]}: {done.stderr}")
    return done.stdout


def _filled(template: str, **values: str) -> str:
    text = (TEMPLATES / f"{template}.ldif").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    if missing := re.findall(r"@[A-Z_0-9]+@", text):
        message = f"{template}.ldif still asks for {missing}"
        raise ValueError(message)
    return text
