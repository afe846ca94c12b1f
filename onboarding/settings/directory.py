"""Settings of the directory's line that django-auth-ldap wants as objects."""

import ipaddress
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import ldap
from django.core.exceptions import ImproperlyConfigured
from django_auth_ldap.config import LDAPSearch, LDAPSearchUnion


def refuse_open_lines(url: str, *, starttls: bool) -> None:
    """Refuse to start where passwords would cross a network unprotected."""
    parts = urlsplit(url)
    if parts.scheme not in {"ldap", "ldaps"}:
        message = (
            f"LDAP_URL must begin with ldap:// or ldaps://, not {parts.scheme}://."
        )
        raise ImproperlyConfigured(message)
    if parts.scheme == "ldap" and not starttls and not _loopback(parts.hostname or ""):
        message = (
            "LDAP_URL leads to another machine without TLS: use ldaps:// or set"
            " LDAP_STARTTLS=1."
        )
        raise ImproperlyConfigured(message)


def user_search(*, base: str, user_filter: str, layout_file: str) -> LDAPSearchUnion:
    """Search for students and staff by account name, in their subtrees alone."""
    said = (
        tomllib.loads(Path(layout_file).read_text(encoding="utf-8"))
        if layout_file
        else {}
    )
    uid = said.get("attributes", {}).get("account_name", "uid")
    condition = f"(&{said.get('user_filter', user_filter)}({uid}=%(user)s))"
    return LDAPSearchUnion(
        *(
            LDAPSearch(where, ldap.SCOPE_SUBTREE, condition)
            for where in (
                said.get("people", f"ou=people,{base}"),
                said.get("staff", f"ou=staff,{base}"),
            )
        )
    )


def connection_options(*, connect: int, answer: int, ca_file: str) -> dict[int, object]:
    """Give python-ldap time-outs in seconds, no referrals, and verified TLS."""
    options: dict[int, object] = {
        ldap.OPT_NETWORK_TIMEOUT: connect,
        ldap.OPT_TIMEOUT: answer,
        ldap.OPT_REFERRALS: 0,
        ldap.OPT_X_TLS_REQUIRE_CERT: ldap.OPT_X_TLS_DEMAND,
    }
    if ca_file:
        options[ldap.OPT_X_TLS_CACERTFILE] = ca_file
    # Last: it makes the ones above take effect.
    options[ldap.OPT_X_TLS_NEWCTX] = 0
    return options


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
