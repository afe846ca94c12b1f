"""The directory server that is measured."""

import atexit

from accounts.directory.connection import hang_up
from onboarding.demo.servers.directory_files import CHEAP
from onboarding.demo.servers.slapd import Slapd
from tests.services import surroundings
from tests.services.slapd import PASSWORDS

_slapd = Slapd(
    surroundings.STATE_DIR / "slapd",
    port=surroundings.LDAP_PORT,
    base=surroundings.LDAP_BASE,
    passwords=PASSWORDS,
    cost=CHEAP,
)
atexit.register(_slapd.kill)


def empty_directory() -> Slapd:
    """Give a directory server that runs, with nobody in it."""
    hang_up()
    if _slapd.running:
        _slapd.forget()
    _slapd.start()
    return _slapd
