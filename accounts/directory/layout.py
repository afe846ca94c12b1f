"""How entries look in this university's directory: one map, from the settings.

The default is the schema in ``accounts/directory/slapd``. Another layout is a TOML
file named by ``LDAP_LAYOUT_FILE``::

    object_classes = ["inetOrgPerson", "eduPerson"]
    people = "ou=people,dc=leuphana,dc=example"
    mystudy = "ou=mystudy,dc=leuphana,dc=example"
    activated_attribute = ""     # only where the directory has no ppolicy

    [attributes]                 # our name = the directory's; "" = not ours to keep
    account_name = "uid"
    matriculation_no = "employeeNumber"

    [prefixes]                   # written before our value
    matriculation_no = ""
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

ATTRIBUTES: Mapping[str, str] = {
    "account_name": "uid",
    "person_key": "leuphanaPersonKey",
    "common_name": "cn",
    "family_name": "sn",
    "given_names": "givenName",
    "display_name": "displayName",
    "language": "preferredLanguage",
    "matriculation_no": "schacPersonalUniqueCode",
    "affiliation": "eduPersonAffiliation",
    "entitlements": "eduPersonEntitlement",
    "card_number": "leuphanaCardNumber",
    "mail": "mail",
    "former_mail": "leuphanaFormerMail",
    "contact_mail": "leuphanaContactMail",
}
# Before a service's name in an entitlement; values without it are somebody else's.
SERVICE = "urn:leuphana:service:"
OBJECT_CLASSES = (
    "inetOrgPerson",
    "eduPerson",
    "schacLinkageIdentifiers",
    "leuphanaPerson",
)


@dataclass(frozen=True)
class Layout:
    """Where entries are, what they are made of, and what their attributes are called.

    A name that maps to nothing is kept by somebody else: never written, never compared.
    """

    people: str
    staff: str
    roles: str
    user_filter: str
    object_classes: tuple[str, ...] = OBJECT_CLASSES
    attributes: Mapping[str, str] = field(default_factory=lambda: dict(ATTRIBUTES))
    prefixes: Mapping[str, str] = field(default_factory=dict)
    activated_attribute: str = ""
    # Accounts of myStudy's own.
    mystudy: str = ""

    def keeps(self, name: str) -> bool:
        """Say whether we write the attribute with this name of ours."""
        return bool(self.attributes.get(name))


@cache
def layout() -> Layout:
    """Give this installation's layout."""
    return _read(Path(settings.LDAP_LAYOUT_FILE) if settings.LDAP_LAYOUT_FILE else None)


def _read(path: Path | None) -> Layout:
    said = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
    base = settings.LDAP_BASE
    code = f"urn:schac:personalUniqueCode:de:{settings.HOME_ORGANIZATION}"
    return Layout(
        people=said.get("people", f"ou=people,{base}"),
        staff=said.get("staff", f"ou=staff,{base}"),
        roles=said.get("roles", f"ou=roles,{base}"),
        user_filter=said.get("user_filter", settings.LDAP_USER_FILTER),
        object_classes=tuple(said.get("object_classes", OBJECT_CLASSES)),
        attributes={**ATTRIBUTES, **said.get("attributes", {})},
        prefixes={
            "matriculation_no": f"{code}:Matrikelnummer:",
            "entitlements": SERVICE,
            **said.get("prefixes", {}),
        },
        activated_attribute=said.get("activated_attribute", ""),
        mystudy=said.get("mystudy", f"ou=mystudy,{base}"),
    )
