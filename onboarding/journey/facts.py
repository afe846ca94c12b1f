"""The facts of one person that steps decide on, gathered with few queries."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.catalogue.standing import Standing
from accounts.catalogue.systems import DIRECTORY
from accounts.due.models import Sync
from accounts.mailbox.standing import Standing as MailStanding
from accounts.mailbox.standing import standing_of
from accounts.people.models import Person
from accounts.signin.models import RecoveryAddress
from onboarding.enrolment.facts import group_of, programmes_of
from onboarding.enrolment.models import TutorGroup


@dataclass(frozen=True)
class SetUp:
    """How far one target system is with one person."""

    settled: bool
    # A failure that we keep trying to get over, or one that needs a human.
    stuck: bool
    parked: bool
    since: datetime | None
    version: str

    @property
    def working(self) -> bool:
        """Say whether something is still being set up."""
        return not self.settled


@dataclass(frozen=True)
class Facts:
    """Everything that steps may look at."""

    on: date
    display_name: str
    account_name: str
    activated: bool
    own_password: bool
    studies: bool
    schools: frozenset[str]
    account: SetUp
    recovery_address: str
    mail: MailStanding
    group: TutorGroup | None


def facts_of(person: Person, *, at: datetime) -> Facts:
    """Gather the facts of one person."""
    on = timezone.localdate(at)
    standing = Standing(
        programmes=programmes_of([person.pk]).get(person.pk, ()),
        own_password=person.has_own_password,
    )
    recovery = RecoveryAddress.objects.filter(person=person).first()
    return Facts(
        on=on,
        display_name=person.display_name,
        account_name=person.account_name,
        activated=person.activated_at is not None,
        own_password=person.has_own_password,
        studies=standing.studies(on),
        schools=standing.schools(on),
        account=set_up(person.pk, DIRECTORY),
        recovery_address=recovery.address if recovery else "",
        mail=standing_of(person.pk),
        group=group_of(person.pk),
    )


def set_up(person: int, system: str) -> SetUp:
    """Say how far a system is with a person (id): one indexed row."""
    row = (
        Sync.objects.filter(person_id=person, system=system)
        .values_list(
            "generation", "settled_generation", "failures", "last_error", "settled_at"
        )
        .first()
    )
    if row is None:
        return SetUp(settled=True, stuck=False, parked=False, since=None, version="0")
    generation, done, failures, error, settled_at = row
    return SetUp(
        settled=done >= generation,
        stuck=failures > 0,
        parked=error.startswith("!"),
        since=settled_at,
        # A second failure in a row is no news.
        version=f"{generation}-{done}-{min(failures, 1)}",
    )
