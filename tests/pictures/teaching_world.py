"""Students at every point of their way to myStudy and Moodle."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from accounts.catalogue.systems import MYSTUDY
from accounts.connectors.contract import Mode
from accounts.due.models import Sync
from accounts.mailbox.models import MailAddress
from accounts.mystudy.models import MyStudyAccount
from accounts.mystudy.modes import decide
from accounts.people.models import Person
from accounts.reconciler.models import Evidence
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.models import Enrolment
from onboarding.journey.ticks import tick
from tests.accounts.directory.entries import add_student

Active = Callable[..., Person]
FAR = timedelta(days=1)


def teaching_students(
    slapd: Slapd, active: Active, registrar: Person
) -> dict[str, Person]:
    """Give them, by how far they are; ``active`` makes an activated one."""
    for mode in (Mode.OWN, Mode.LEUPHANA, Mode.LEUPHANA):
        decide(
            cohort_code="2025ws",
            from_date=timezone.localdate() - FAR,
            mode=mode,
            by=registrar.pk,
            at=timezone.now(),
        )
    people = {
        "teaching-here": _proved(active()),
        "teaching-waiting": _at(_proved(active()), failures=0),
        "teaching-stuck": _at(
            _proved(active()), failures=1, last_error="!refused:other"
        ),
        "teaching-done": _done(_proved(active())),
        "teaching-lecturer": _done(_proved(active()), made_here=False, moodle=False),
        "teaching-changed": _before(_done(_proved(active()))),
        "teaching-ticked": with_mystudy(active()),
    }
    tick(person=people["teaching-ticked"], step="moodle", at=timezone.now())
    for person in people.values():
        add_student(slapd, person.account_name)
    return people


def _proved(person: Person) -> Person:
    MailAddress.objects.create(
        person=person,
        address=f"{person.account_name}.x@stud.leuphana.example",
        chosen_at=timezone.now(),
        proved_at=timezone.now(),
    )
    return person


def with_mystudy(person: Person) -> Person:
    """Let somebody have mailbox and myStudy account; Moodle has said nothing."""
    return _done(_proved(person), moodle=False)


def _account(person: Person, *, made_here: bool = True) -> None:
    MyStudyAccount.objects.create(
        person=person,
        user_name=f"cem.{person.account_name}",
        made_at=timezone.now(),
        made_here=made_here,
    )


def _at(person: Person, **facts: object) -> Person:
    _account(person)
    # Due tomorrow: what stands here is not worked off meanwhile.
    due = {"due_at": timezone.now() + FAR, **facts}
    Sync.objects.create(person=person, system=MYSTUDY, settled_generation=0, **due)
    return person


def _done(person: Person, *, made_here: bool = True, moodle: bool = True) -> Person:
    _account(person, made_here=made_here)
    name, now = f"cem.{person.account_name}", timezone.now()
    said = {("mystudy", "account"): name}
    if moodle:
        said |= {
            ("moodle", "user"): "7",
            ("moodle", "login_name"): name,
            ("moodle", "last_seen"): (now - FAR).isoformat(),
        }
    for (system, key), value in said.items():
        Evidence.objects.create(
            person=person,
            system=system,
            key=key,
            value=value,
            first_seen_at=now,
            seen_at=now,
        )
    Sync.objects.create(
        person=person, system=MYSTUDY, settled_generation=1, settled_at=now
    )
    return person


def _before(person: Person) -> Person:
    """Let somebody have begun a year before."""
    Enrolment.objects.filter(person=person).update(study_start=date(2025, 10, 1))
    return person
