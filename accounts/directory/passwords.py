"""Passwords: from the request straight into the directory, and nowhere else.

Both LDAP libraries get the same bytes: callers hand in a password that has been
through ``credentials.opaque`` once (RFC 8265, OpaqueString).
"""

from collections.abc import Callable
from datetime import datetime

import ldap3
from django.conf import settings
from ldap3.core.exceptions import (
    LDAPConstraintViolationResult,
    LDAPException,
    LDAPInappropriateAuthenticationResult,
    LDAPInvalidCredentialsResult,
    LDAPInvalidDNSyntaxResult,
    LDAPOperationResult,
    LDAPUnwillingToPerformResult,
)
from pyasn1.codec.ber import decoder as ber
from pyasn1.error import PyAsn1Error
from pyasn1.type import namedtype, tag, univ

from accounts.directory import gateway
from accounts.directory.connection import (
    Acting,
    acting,
    translated,
    unbound,
)
from accounts.directory.entry import Entry, generalized_time
from accounts.directory.errors import (
    DirectoryUnavailable,
    EntryMissing,
    PasswordRefused,
    Reason,
)

# draft-behera-ldap-password-policy-10, 6.1 and 6.2
PPOLICY = "1.3.6.1.4.1.42.2.27.8.5.1"
_REASONS = {
    3: Reason.NOT_ALLOWED,
    4: Reason.WRONG,
    5: Reason.TOO_WEAK,
    6: Reason.TOO_SHORT,
    7: Reason.TOO_SOON,
    8: Reason.USED_BEFORE,
}


def set_initial_password(
    *, account_name: str, secret: str, ends_at: datetime, who: Acting = Acting.PORTAL
) -> None:
    """Give a person an initial password that ends; the one before is dead at once.

    One modify: slapd hashes it and sets ``pwdReset`` itself, since ``who`` may manage
    the attribute but not read it. Raises EntryMissing, DirectoryUnavailable (outcome
    unknown), DirectoryRefused, or EntryGuarded where a remedy may not.
    """
    entry = gateway.person(account_name)
    if entry is None or gateway.is_staff(entry):
        raise EntryMissing
    with acting(who) as connection:
        connection.modify(
            entry.dn,
            {
                "userPassword": [(ldap3.MODIFY_REPLACE, [secret.encode()])],
                "pwdEndTime": [(ldap3.MODIFY_REPLACE, [generalized_time(ends_at)])],
            },
            controls=who.controls,
        )


def proves(*, entry: Entry | None, password: str) -> bool:
    """Say whether this password opens this entry; raises DirectoryUnavailable.

    Where there is no entry, or one whose bind costs no hash (locked, ended, without a
    password), another entry is tried as well: an answer takes as long either way.
    """
    if entry is None:
        spend(password)
        return False
    with unbound() as connection:
        return _proves(connection, entry, password)


def replace(
    *,
    entry: Entry | None,
    old: str,
    new: str,
    proved: Callable[[], None] = lambda: None,
) -> None:
    """Put a person's own new password in the place of the old one, as that person.

    Bind, Password Modify (RFC 3062) with the old one, bind again to be sure. Raises
    PasswordRefused (always WRONG where there is no entry) or DirectoryUnavailable;
    after the latter nothing has changed, or nobody could ask whether it has.
    ``proved`` is called once the old one has been proved right, and may raise.
    """
    if entry is None:
        spend(old)
        raise PasswordRefused(Reason.WRONG)
    with unbound() as connection:
        _prove(connection, entry, old)
        proved()
        try:
            _modify(connection, old, new)
            sure = _binds(connection, entry.dn, new)
        except DirectoryUnavailable:
            # The answer may have been lost after the change was made.
            sure = proves(entry=entry, password=new)
    if not sure:
        raise DirectoryUnavailable("the new password does not open the entry")


def spend(password: str) -> None:
    """Take the time that a wrong password takes; raises DirectoryUnavailable."""
    with unbound() as connection:
        _binds(connection, settings.LDAP_DUMMY_DN, password)


def _prove(connection: ldap3.Connection, entry: Entry, password: str) -> None:
    if not _proves(connection, entry, password):
        raise PasswordRefused(Reason.WRONG)


def _proves(connection: ldap3.Connection, entry: Entry, password: str) -> bool:
    proved = _binds(connection, entry.dn, password)
    if not proved and entry.dormant:
        spend(password)
    return proved


def _binds(connection: ldap3.Connection, dn: str, password: str) -> bool:
    if not password or "\0" in password:
        # An empty password would be an unauthenticated bind (RFC 4513, 5.1.2).
        return False
    try:
        with translated():
            return _bind(connection, dn, password)
    except EntryMissing:
        return False


def _bind(connection: ldap3.Connection, dn: str, password: str) -> bool:
    try:
        connection.user = dn
        connection.password = password.encode()
        connection.authentication = ldap3.SIMPLE
        return bool(connection.bind(read_server_info=False))
    except (
        LDAPInvalidCredentialsResult,
        # An entry without a password, on some servers.
        LDAPInappropriateAuthenticationResult,
        LDAPInvalidDNSyntaxResult,
        # How some servers answer for an account that is locked or switched off.
        LDAPConstraintViolationResult,
        LDAPUnwillingToPerformResult,
    ):
        return False


def _modify(connection: ldap3.Connection, old: str, new: str) -> None:
    with translated():
        try:
            connection.extend.standard.modify_password(
                old_password=old.encode(),
                new_password=new.encode(),
                controls=[(PPOLICY, False, None)],
            )
        except LDAPOperationResult as refusal:
            reason = _reason(connection)
            if isinstance(refusal, LDAPConstraintViolationResult):
                # The password breaks a rule; not every server says which.
                reason = reason or Reason.NOT_ALLOWED
            if reason is None:
                raise
            raise PasswordRefused(reason) from None


class _Response(univ.Sequence):  # type: ignore[misc]
    componentType = namedtype.NamedTypes(  # noqa: N815 - pyasn1's name
        namedtype.OptionalNamedType(
            "warning",
            univ.Any().subtype(
                explicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatConstructed, 0)
            ),
        ),
        namedtype.OptionalNamedType(
            "error",
            univ.Enumerated().subtype(
                implicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatSimple, 1)
            ),
        ),
    )


def _reason(connection: ldap3.Connection) -> Reason | None:
    control = ((connection.result or {}).get("controls") or {}).get(PPOLICY)
    if not control:
        return None
    try:
        response, _ = ber.decode(control["value"], asn1Spec=_Response())
    except (PyAsn1Error, LDAPException):
        return None
    error = response["error"]
    return _REASONS.get(int(error)) if error.hasValue() else None
