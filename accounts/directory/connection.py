"""Connections to the directory: one kept per thread for the portal, fresh for people.

Every connection has time-outs in whole seconds, raises on refusals, follows no
referrals, reads no schema and logs nothing. TLS is verified.
"""

import select
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from threading import local
from typing import Any
from urllib.parse import urlsplit

import ldap3
from django.conf import settings
from ldap3.core.exceptions import (
    LDAPAdminLimitExceededResult,
    LDAPBusyResult,
    LDAPEntryAlreadyExistsResult,
    LDAPException,
    LDAPNoSuchObjectResult,
    LDAPOperationResult,
    LDAPTimeLimitExceededResult,
    LDAPUnavailableResult,
)

from accounts.directory import door
from accounts.directory.errors import (
    DirectoryRefused,
    DirectoryUnavailable,
    EntryExists,
    EntryGuarded,
    EntryMissing,
)

# RFC 4370: one request in another identity's name, by its rights and no others.
PROXIED_AUTHORIZATION = "2.16.840.1.113730.3.4.18"
Controls = list[tuple[str, bool, bytes]]

_BUSY = (
    LDAPBusyResult,
    LDAPUnavailableResult,
    LDAPTimeLimitExceededResult,
    LDAPAdminLimitExceededResult,
)
# RFC 4511, 4.1.9, result code 50, as ldap3 spells it.
_NO_RIGHT = "insufficientAccessRights"
_kept = local()


class Acting(Enum):
    """In whose name the portal writes."""

    PORTAL = "portal"
    # For the help desk: the directory refuses whoever has a role.
    REMEDY = "remedy"

    @property
    def controls(self) -> Controls:
        """Give what goes with each request; critical, so that none is done without."""
        if self is Acting.PORTAL:
            return []
        name = f"dn:{settings.LDAP_REMEDY_DN}"
        return [(PROXIED_AUTHORIZATION, True, name.encode())]


@contextmanager
def portal() -> Iterator[ldap3.Connection]:
    """Give this thread's connection of the portal's identity, bound.

    Raises DirectoryUnavailable, EntryMissing, EntryExists or DirectoryRefused instead
    of anything of ldap3's. After a failure of the line the connection is dropped.
    """
    connection: ldap3.Connection | None = getattr(_kept, "connection", None)
    with door.asking(), translated():
        if connection is not None and _gone(connection):
            hang_up()
            connection = None
        if connection is None:
            connection = _kept.connection = _bound()
        try:
            connection.socket.settimeout(_patience())
            yield connection
        except LDAPOperationResult:
            raise
        except BaseException:
            # Whatever it was: an answer may still be on its way.
            hang_up()
            raise


@contextmanager
def acting(who: Acting) -> Iterator[ldap3.Connection]:
    """Give the same connection for requests with the controls of ``who``.

    Raises EntryGuarded where the directory lets no remedy touch an entry, and the rest.
    """
    try:
        with portal() as connection:
            yield connection
    except DirectoryRefused as refusal:
        if who is Acting.REMEDY and refusal.result == _NO_RIGHT:
            raise EntryGuarded(refusal.result) from None
        raise


@contextmanager
def unbound() -> Iterator[ldap3.Connection]:
    """Give an open connection, bound by nobody yet; raises DirectoryUnavailable."""
    with door.asking():
        with translated():
            connection = _open(user=None, password=None)
        try:
            with translated():
                connection.open(read_server_info=False)
                if settings.LDAP_STARTTLS:
                    connection.start_tls(read_server_info=False)
            yield connection
        finally:
            close(connection)


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Let this thread wait but briefly: for what a page can be shown without."""
    _kept.hurried = True
    try:
        yield
    finally:
        _kept.hurried = False


def hang_up() -> None:
    """End the connection that this thread keeps."""
    connection = getattr(_kept, "connection", None)
    _kept.connection = None
    if connection is not None:
        close(connection)


def close(connection: ldap3.Connection) -> None:
    """End a connection whatever state it is in."""
    try:
        connection.unbind()
    except (LDAPException, OSError):
        # Nobody listens any more.
        connection.strategy.close()
    if connection.socket is not None:
        # ldap3 forgets the socket of a connection that was never made.
        connection.socket.close()


@contextmanager
def translated() -> Iterator[None]:
    """Turn ldap3's exceptions into ours."""
    try:
        yield
    except _BUSY as busy:
        raise DirectoryUnavailable(type(busy).__name__) from None
    except LDAPNoSuchObjectResult:
        raise EntryMissing from None
    except LDAPEntryAlreadyExistsResult:
        raise EntryExists from None
    except LDAPOperationResult as refusal:
        raise DirectoryRefused(str(refusal.description)) from None
    except (LDAPException, OSError) as gone:
        raise DirectoryUnavailable(type(gone).__name__) from None


def _bound() -> ldap3.Connection:
    if not settings.LDAP_PORTAL_PASSWORD:
        # An empty password would be an anonymous bind that looks like a success.
        raise DirectoryUnavailable("no password set for the portal")
    connection = _open(
        user=settings.LDAP_PORTAL_DN, password=settings.LDAP_PORTAL_PASSWORD
    )
    try:
        connection.open(read_server_info=False)
        if settings.LDAP_STARTTLS:
            connection.start_tls(read_server_info=False)
        connection.bind(read_server_info=False)
    except BaseException:
        close(connection)
        raise
    return connection


def _open(*, user: str | None, password: str | None) -> ldap3.Connection:
    return ldap3.Connection(
        _server(),
        user=user,
        password=password,
        client_strategy=ldap3.SYNC,
        raise_exceptions=True,
        auto_referrals=False,
        auto_range=False,
        check_names=False,
        return_empty_attributes=False,
        receive_timeout=_patience(),
    )


def _patience() -> int:
    """Give the whole seconds that this thread waits for an answer."""
    hurried = getattr(_kept, "hurried", False)
    wait: int = settings.LDAP_LOOK_TIMEOUT if hurried else settings.LDAP_ANSWER_TIMEOUT
    return wait


def _server() -> ldap3.Server:
    url = urlsplit(settings.LDAP_URL)
    secure = url.scheme == "ldaps"
    tls: Any = None
    if secure or settings.LDAP_STARTTLS:
        tls = ldap3.Tls(
            validate=ssl.CERT_REQUIRED,
            version=ssl.PROTOCOL_TLS_CLIENT,
            ca_certs_file=settings.LDAP_CA_FILE or None,
        )
    return ldap3.Server(
        url.hostname,
        port=url.port or (636 if secure else 389),
        use_ssl=secure,
        tls=tls,
        get_info=ldap3.NONE,
        connect_timeout=min(settings.LDAP_CONNECT_TIMEOUT, _patience()),
    )


def _gone(connection: ldap3.Connection) -> bool:
    if connection.closed or connection.socket is None:
        return True
    # Nothing is under way, so something to read can only be the other side's farewell.
    look = select.poll()
    look.register(connection.socket, select.POLLIN)
    return bool(look.poll(0))
