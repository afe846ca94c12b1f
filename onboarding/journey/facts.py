"""The facts of one person that steps decide on, gathered with few queries."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from accounts.catalogue.standing import Programme, Standing
from accounts.catalogue.systems import DIRECTORY, MAILBOX
from accounts.due.progress import COLUMNS, Progress
from accounts.mailbox.standing import Standing as MailStanding
from accounts.mailbox.standing import standing_beside
from accounts.people.models import Person
from onboarding.cards.standing import Standing as CardStanding
from onboarding.cards.standing import Way, way_of
from onboarding.cards.standing import standing_of as card_standing

# Everything at once; a row for each programme in each system, for each tick.
_STUDIES = tuple(field.name for field in fields(Programme))
_SAID = FilteredRelation("ticks", condition=Q(ticks__taken_back_at=None))
_ALL = (
    Person.objects.annotate(said=_SAID)
    .order_by("enrolments__pk")
    .values_list(
        "recovery_address__address",
        "group_place__group__number",
        "said__step",
        "enrolments__pk",
        *(f"enrolments__{name}" for name in _STUDIES),
        "syncs__system",
        *(f"syncs__{name}" for name in COLUMNS),
    )
)
_PROGRAMME = slice(4, 4 + len(_STUDIES))
_SYSTEM = _PROGRAMME.stop


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that steps may look at."""

    on: date
    display_name: str
    account_name: str
    activated: bool
    own_password: bool
    studies: bool
    schools: frozenset[str]
    account: Progress
    recovery_address: str
    mail: MailStanding
    # The number of the person's group in Opening Week.
    group: int | None
    # The steps (keys) that the person says are done; see onboarding.journey.ticks.
    ticks: frozenset[str]
    # Registration, card, deposit, library account; and where the card is to be had.
    card: CardStanding
    way: Way


def facts_of(person: Person, *, at: datetime) -> Facts:
    """Gather the facts of one person."""
    on = timezone.localdate(at)
    rows = list(_ALL.filter(pk=person.pk))
    address, group = rows[0][:2]
    programmes = {row[3]: Programme(*row[_PROGRAMME]) for row in rows if row[3]}
    standing = Standing(tuple(programmes.values()), person.has_own_password)
    card = card_standing(person.pk)
    progress = {
        row[_SYSTEM]: Progress(*row[_SYSTEM + 1 :]) for row in rows if row[_SYSTEM]
    }
    return Facts(
        on=on,
        display_name=person.display_name,
        account_name=person.account_name,
        activated=person.activated_at is not None,
        own_password=person.has_own_password,
        studies=standing.studies(on),
        schools=standing.schools(on),
        account=progress.get(DIRECTORY, Progress()),
        recovery_address=address or "",
        mail=standing_beside(progress.get(MAILBOX, Progress()), person=person.pk),
        group=group,
        ticks=frozenset(row[2] for row in rows if row[2]),
        card=card,
        way=way_of(
            programmes=standing.programmes,
            in_a_group=group is not None,
            wish=card.wish,
            on=on,
        ),
    )
