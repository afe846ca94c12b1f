"""The stage's mail system: Dovecot, and its reader in the stage's directory."""

from onboarding.demo.place import LDAP_BASE, Place
from onboarding.demo.servers.dovecot import READER, Directory, Dovecot
from onboarding.demo.servers.slapd import Slapd

MAIL_DOMAIN = "stud.leuphana.example"


def dovecot(place: Place, slapd: Slapd) -> Dovecot:
    """Give the mail server for the people of this directory."""
    password = place.secret(f"ldap-{READER}")
    _seat_reader(slapd, password)
    ports = place.ports()
    return Dovecot(
        place.folder / "dovecot",
        directory=Directory(url=slapd.url, base=LDAP_BASE, password=password),
        imap_port=ports["imap"],
        lmtp_port=ports["lmtp"],
    )


def domain(place: Place) -> str:
    """Give the domain whose mail goes to mailboxes."""
    return place.environment().get("MAIL_DOMAIN") or MAIL_DOMAIN


def _seat_reader(slapd: Slapd, password: str) -> None:
    """Give the reader its entry in a directory from before there was mail."""
    admin, dn = slapd.admin(), slapd.dn(READER)
    try:
        if not admin.search(f"ou=system,{slapd.base}", f"(cn={READER})"):
            policy = f"cn=system,ou=policies,{slapd.base}"
            admin.add(
                dn,
                ["organizationalRole", "simpleSecurityObject"],
                {"userPassword": password, "pwdPolicySubentry": policy},
            )
    finally:
        admin.unbind()
