"""A person's own password for one service: an entry below the person's, to bind as.

Never a second value of the account's password, and never readable.
"""

import ldap3
from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from ldap3.core.exceptions import LDAPNoSuchObjectResult

from accounts.directory.connection import Acting, acting, portal
from accounts.directory.errors import EntryExists, EntryMissing

CLASS = "leuphanaServicePassword"


def exists(*, dn: str, service: str) -> bool:
    """Say whether a person's entry has one for this service; raises DirectoryError."""
    with portal() as connection:
        try:
            connection.search(
                _name(dn, service),
                f"(objectClass={CLASS})",
                ldap3.BASE,
                attributes=["cn"],
            )
        except LDAPNoSuchObjectResult:
            return False
        return any(one["type"] == "searchResEntry" for one in connection.response)


@sensitive_variables("password")
def put(*, dn: str, service: str, password: str) -> None:
    """Set it, for the first time or anew; the directory hashes it.

    Its policy lets it live without a change at first use. Raises DirectoryError.
    """
    try:
        _create(dn, service, password)
    except EntryExists:
        with portal() as connection:
            connection.modify(
                _name(dn, service),
                {"userPassword": [(ldap3.MODIFY_REPLACE, [password.encode()])]},
            )


def remove(*, dn: str, service: str, who: Acting = Acting.PORTAL) -> bool:
    """Take it away; says whether there was one. Raises DirectoryError."""
    try:
        with acting(who) as connection:
            connection.delete(_name(dn, service), controls=who.controls)
    except EntryMissing:
        return False
    return True


@sensitive_variables("password")
def _create(dn: str, service: str, password: str) -> None:
    with portal() as connection:
        connection.add(
            _name(dn, service),
            [CLASS],
            {
                "cn": service,
                "userPassword": password.encode(),
                "pwdPolicySubentry": f"cn=services,ou=policies,{settings.LDAP_BASE}",
            },
        )


def _name(dn: str, service: str) -> str:
    return f"cn={service},{dn}"
