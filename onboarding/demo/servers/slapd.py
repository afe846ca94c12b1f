"""A private directory server, on loopback only, with the rights operators get."""

import os
import secrets
import ssl
from collections.abc import Mapping
from pathlib import Path

import ldap3
from ldap3.core.exceptions import LDAPException

from onboarding.demo.ports import LOOPBACK, free_port, is_free
from onboarding.demo.ports import answers as listens
from onboarding.demo.servers.child import Child, DidNotStart
from onboarding.demo.servers.directory_files import (
    PRODUCTION,
    Certificates,
    Cost,
    DirectoryFiles,
)

PROGRAM = "/usr/sbin/slapd"
FAKETIME = "faketime/libfaketimeMT.so.1"


class Slapd:
    """OpenLDAP's server with our schema, overlays and access rules.

    A new folder gets configuration and first entries; one that is there is gone on
    with, also after the process was killed.
    """

    def __init__(  # noqa: PLR0913 - most have a default
        self,
        folder: Path,
        *,
        passwords: Mapping[str, str],
        port: int | None = None,
        base: str = "dc=leuphana,dc=example",
        cost: Cost = PRODUCTION,
        clock: str = "",
        certificates: Certificates | None = None,
        log_level: str = "none",
    ) -> None:
        """Describe the server; nothing is started yet.

        ``passwords`` has ``admin``, ``portal``, ``provisioner`` and a ``reader-…`` for
        every target system; ``nobody`` gets one that nobody knows. ``clock`` moves the
        server's time, as libfaketime writes it: ``+61d``. With ``certificates`` it
        speaks TLS and nothing else. ``log_level`` is slapd's: ``none`` still tells what
        goes wrong, more tells what people search for.
        """
        self.folder = folder
        self.port = free_port() if port is None else port
        self.base = base
        self._passwords = {"nobody": secrets.token_urlsafe(32), **passwords}
        self._certificates = certificates
        # Whom ``connect`` believes; the server's own authority, unless said otherwise.
        self.trusted = certificates.authority if certificates else None
        self._lines: list[ldap3.Connection] = []
        self.files = DirectoryFiles(
            folder, base=base, cost=cost, certificates=certificates
        )
        self.child = Child(
            name="slapd",
            command=[
                PROGRAM,
                *("-d", log_level, "-h", self.url, "-F", str(self.files.configuration)),
            ],
            log=folder / "slapd.log",
            environment={**os.environ, **_moved(clock)},
        )

    @property
    def url(self) -> str:
        """Give the address."""
        return f"{'ldaps' if self._certificates else 'ldap'}://{LOOPBACK}:{self.port}"

    @property
    def running(self) -> bool:
        """Say whether the process runs."""
        return self.child.running

    def start(self) -> None:
        """Start, and wait until the server answers."""
        if self.running:
            return
        if not is_free(self.port):
            raise DidNotStart(f"Port {self.port} is taken.")
        self.files.prepare(self._passwords)
        self.child.start()
        self.child.wait_until(self.answers)

    def answers(self) -> bool:
        """Say whether the server answers a question now."""
        # A refused connection leaks ldap3's socket, so the port is asked first.
        if not listens(self.port):
            return False
        try:
            connection = self.unbound()
        except (LDAPException, OSError):
            return False
        # Who has not bound may read the root entry, and nothing else.
        connection.search("", "(objectClass=*)", ldap3.BASE, attributes=["1.1"])
        connection.unbind()
        return True

    def stop(self) -> None:
        """End the server in order."""
        self.hang_up()
        self.child.stop(grace=20)

    def kill(self) -> None:
        """End the server at once, whatever it is doing."""
        self.hang_up()
        self.child.kill()

    def forget(self) -> None:
        """End the server and drop every entry; the next start begins anew."""
        self.stop()
        self.files.discard()

    def hang_up(self) -> None:
        """Close the connections that were given out."""
        for line in self._lines:
            if not line.closed:
                line.strategy.close()
        self._lines.clear()

    def dn(self, name: str) -> str:
        """Give the name of an identity under ``ou=system``."""
        return f"cn={name},ou=system,{self.base}"

    def connect(self, dn: str, password: str | bytes) -> ldap3.Connection:
        """Give a fresh connection, bound; raises ldap3's exceptions."""
        connection = self.unbound()
        connection.user, connection.password = dn, password
        connection.authentication = ldap3.SIMPLE
        connection.bind(read_server_info=False)
        return connection

    def bound(self, name: str) -> ldap3.Connection:
        """Give a fresh connection of an identity under ``ou=system``."""
        return self.connect(self.dn(name), self._passwords[name])

    def admin(self) -> ldap3.Connection:
        """Give a connection that stands above all rules (the rootdn's)."""
        return self.bound("admin")

    def unbound(self) -> ldap3.Connection:
        """Give an open connection that nobody has bound."""
        connection = ldap3.Connection(
            self._server(),
            raise_exceptions=True,
            auto_referrals=False,
            check_names=False,
            receive_timeout=30,
        )
        self._lines = [line for line in self._lines if not line.closed]
        self._lines.append(connection)
        connection.open(read_server_info=False)
        return connection

    def _server(self) -> ldap3.Server:
        tls = None
        if self.trusted:
            tls = ldap3.Tls(
                validate=ssl.CERT_REQUIRED,
                version=ssl.PROTOCOL_TLS_CLIENT,
                ca_certs_file=str(self.trusted),
            )
        return ldap3.Server(
            LOOPBACK,
            port=self.port,
            use_ssl=tls is not None,
            tls=tls,
            get_info=ldap3.NONE,
            connect_timeout=5,
        )


def _moved(clock: str) -> dict[str, str]:
    if not clock:
        return {}
    library = next(Path("/usr/lib").glob(f"*/{FAKETIME}"), None)
    if library is None:
        raise DidNotStart("Debian's package faketime is missing.")
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": clock,
        # Only the calendar moves; waiting goes by the real clock.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
