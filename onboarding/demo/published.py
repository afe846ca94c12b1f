"""``STATE_DIR/demo.env``: what other systems need to be pointed at the stage."""

import shlex

from accounts.catalogue.entitlement import ALL as SERVICES
from onboarding.demo.place import LDAP_BASE, Place
from onboarding.demo.servers.directory_files import ENTITLEMENT

READER = "reader-demo"
# An initial password binds too, so whoever lets people in asks for the entitlement.
USER_FILTER = (
    "(&(objectClass=inetOrgPerson)(uid={account})(eduPersonEntitlement={entitlement}))"
)


def publish(place: Place) -> None:
    """Write the file, readable for its owner alone."""
    file = place.published
    draft = file.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(_text(place), encoding="utf-8")
    draft.replace(file)


def _text(place: Place) -> str:
    lines = [
        "# Written at every start. Search for the person with the filter, then bind as",
        "# the entry that was found; {account} and {entitlement} are to be filled in.",
        *(f"{name}={shlex.quote(value)}" for name, value in _values(place).items()),
    ]
    return "\n".join(lines) + "\n"


def _values(place: Place) -> dict[str, str]:
    environment = place.environment()
    base = environment.get("LDAP_BASE", LDAP_BASE)
    values = {
        "PORTAL_URL": environment["PORTAL_URL"],
        "SMTP_HOST": environment["SMTP_HOST"],
        "SMTP_PORT": environment.get("SMTP_PORT", "25"),
        "LDAP_URL": environment["LDAP_URL"],
        "LDAP_BASE": base,
        "LDAP_PEOPLE_BASE": f"ou=people,{base}",
        "LDAP_USER_FILTER": USER_FILTER,
    }
    if place.runs_own("LDAP_URL"):
        values["LDAP_BIND_DN"] = f"cn={READER},ou=system,{base}"
        values["LDAP_BIND_PASSWORD"] = place.secret(f"ldap-{READER}")
    if place.runs_mailboxes():
        values["MAILBOX_URL"] = environment["MAILBOX_URL"]
        values["IMAP_URL"] = environment["MAIL_IMAP_URL"]
    if place.runs_own("REDIS_URL"):
        values["REDIS_PORT"] = str(place.ports()["redis"])
    further = ("MOODLE_URL", "PAIA_URL", "LIBRARY_DROP_DIR")
    values |= {name: environment[name] for name in further if name in environment}
    for service in SERVICES:
        values[f"ENTITLEMENT_{service.upper()}"] = ENTITLEMENT + service
    return values
