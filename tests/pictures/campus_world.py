"""Students who wait for what Moodle and the library say, where both are asked."""

from datetime import timedelta
from uuid import uuid4

from django.core.cache import cache
from django.utils import timezone

from accounts.catalogue.systems import LIBRARY, MOODLE, PAIA
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.reconciler.models import Evidence
from onboarding.applications.models import LibraryRegistration
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from tests.cast import a_colleague
from tests.pictures.arrived_world import a_number, directory_knows
from tests.pictures.library_world import registered
from tests.pictures.teaching_world import with_mystudy
from tests.pictures.world import World, active, session_of

FAR = timedelta(days=1)


def campus_world() -> World:
    """Give them by what is the matter; no worker disturbs them."""
    cache.clear()
    people = {
        "moodle-waiting": _moodle(failures=0),
        "moodle-silent": _moodle(failures=2, last_error="silent"),
        "moodle-stuck": _moodle(failures=1, last_error="!login_name_taken"),
        "moodle-ready": _moodle(user="7", settled=True),
        "moodle-asking": _moodle(user="8"),
        "library-taken-over": _taken_over(),
        "account-unlinked": _card(1, settled=True),
        "account-asking": _card(6),
        "account-silent": _card(2, last_error="silent"),
        "account-inactive": _card(3, "1", settled=True),
        "account-fees": _card(4, "3", settled=True),
        "account-works": _card(5, "0", settled=True),
    }
    return World({who: session_of(one, who) for who, one in people.items()}, {})


def _moodle(*, user: str = "", settled: bool = False, **facts: object) -> Person:
    person = with_mystudy(active())
    if user:
        _says(person, MOODLE, "user", user)
    _asked(person, MOODLE, settled=settled, **facts)
    return person


def _card(
    serial: int, state: str = "", *, settled: bool = False, **facts: object
) -> Person:
    person = registered(active())
    act = Act(id=uuid4(), person=person, by=a_colleague(), at=timezone.now())
    hand_out(act=act, number=a_number(serial), how=Settlement.PAID)
    directory_knows(person, at=act.at)
    if state:
        _says(person, PAIA, "state", state)
    if state == "0":
        _says(person, PAIA, "works", "yes")
    _asked(person, PAIA, settled=settled, **facts)
    return person


def _taken_over() -> Person:
    person = registered(active())
    LibraryRegistration.objects.filter(person=person).update(
        submitted_at=timezone.now() - FAR
    )
    _says(person, LIBRARY, "handed_over", timezone.now().isoformat())
    return person


def _says(person: Person, system: str, key: str, value: str) -> None:
    now = timezone.now()
    Evidence.objects.create(
        person=person,
        system=system,
        key=key,
        value=value,
        first_seen_at=now,
        seen_at=now,
    )


def _asked(person: Person, system: str, *, settled: bool, **facts: object) -> None:
    # Due or looked at tomorrow: what stands here is neither worked off nor asked again.
    tomorrow = timezone.now() + FAR
    about = {
        "generation": 1,
        "settled_generation": 1 if settled else 0,
        "settled_at": tomorrow if settled else None,
        "due_at": None if settled else tomorrow,
        **facts,
    }
    Sync.objects.update_or_create(person=person, system=system, defaults=about)
