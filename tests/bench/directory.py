"""The directory server that is measured."""

import atexit

from accounts.directory.connection import hang_up
from onboarding.demo.servers.directory_files import CHEAP, Cost
from onboarding.demo.servers.slapd import Slapd
from tests.services import surroundings
from tests.services.slapd import PASSWORDS

_running: list[Slapd] = []


def empty_directory(cost: Cost = CHEAP) -> Slapd:
    """Give a directory server that runs, with nobody in it."""
    hang_up()
    while _running:
        _running.pop().forget()
    slapd = Slapd(
        surroundings.STATE_DIR / "slapd",
        port=surroundings.LDAP_PORT,
        base=surroundings.LDAP_BASE,
        passwords=PASSWORDS,
        cost=cost,
    )
    slapd.start()
    _running.append(slapd)
    return slapd


@atexit.register
def _end() -> None:
    for slapd in _running:
        slapd.kill()
