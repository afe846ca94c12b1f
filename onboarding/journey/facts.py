"""The facts of one person that steps decide on, gathered with few queries."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from accounts.catalogue.standing import DOCTORAL, Programme, Standing
from accounts.catalogue.systems import DIRECTORY, MAILBOX
from accounts.due.progress import COLUMNS, Overall, Progress, overall
from accounts.mailbox.standing import Standing as MailStanding
from accounts.mailbox.standing import standing_beside
from accounts.people.lifecycle import activated_last
from accounts.people.models import Person
from accounts.people.questions import Question
from onboarding.cards.standing import Standing as CardStanding
from onboarding.cards.standing import Way, way_of
from onboarding.cards.standing import standing_of as card_standing
from onboarding.journey.teaching import MoodleFacts, MyStudyFacts, Owner, teaching_of

# Everything at once; a row for each programme in each system, for each tick.
_STUDIES = tuple(field.name for field in fields(Programme))
_SAID = FilteredRelation("ticks", condition=Q(ticks__taken_back_at=None))
_EVERYBODY = (
    Person.objects.annotate(said=_SAID)
    .order_by("enrolments__pk")
    .values_list(
        "recovery_address__address",
        "group_place__group__number",
        "mystudy_account__user_name",
        "mystudy_account__made_here",
        "said__step",
        "enrolments__pk",
        *(f"enrolments__{name}" for name in _STUDIES),
        "syncs__system",
        *(f"syncs__{name}" for name in COLUMNS),
    )
)
_ALL = Question(lambda person: _EVERYBODY.filter(pk=person))
_PROGRAMME = slice(6, 6 + len(_STUDIES))
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
    # For a doctorate and nothing else.
    doctoral: bool
    account: Progress
    # What the own password opens has been switched on since it was chosen.
    opened: bool
    recovery_address: str
    mail: MailStanding
    # The number of the person's group in Opening Week.
    group: int | None
    # The steps (keys) that the person says are done; see onboarding.journey.ticks.
    ticks: frozenset[str]
    mystudy: MyStudyFacts
    moodle: MoodleFacts
    # Registration, card, deposit, library account; and where the card is to be had.
    card: CardStanding
    way: Way
    # What is under way for this person, in all systems together.
    work: Overall


def facts_of(person: Person, *, at: datetime) -> Facts:
    """Gather the facts of one person."""
    on = timezone.localdate(at)
    rows = _ALL(person.pk)
    address, group, user_name, made_here = rows[0][:4]
    programmes = {row[5]: Programme(*row[_PROGRAMME]) for row in rows if row[5]}
    standing = Standing(tuple(programmes.values()), person.has_own_password)
    card = card_standing(person.pk)
    progress = {
        row[_SYSTEM]: Progress(*row[_SYSTEM + 1 :]) for row in rows if row[_SYSTEM]
    }
    account = progress.get(DIRECTORY, Progress())
    degrees = standing.degrees(on)
    mystudy, moodle = teaching_of(
        Owner(person.pk, person.account_name, user_name or "", made_here is not False),
        standing=standing,
        progress=progress,
        on=on,
    )
    return Facts(
        on=on,
        display_name=person.display_name,
        account_name=person.account_name,
        activated=person.activated_at is not None,
        own_password=person.has_own_password,
        studies=standing.studies(on),
        schools=standing.schools(on),
        doctoral=bool(degrees) and degrees <= DOCTORAL,
        account=account,
        opened=_opened(person, account),
        recovery_address=address or "",
        mail=standing_beside(progress.get(MAILBOX, Progress()), person=person.pk),
        group=group,
        ticks=frozenset(row[4] for row in rows if row[4]),
        mystudy=mystudy,
        moodle=moodle,
        card=card,
        way=way_of(
            programmes=standing.programmes,
            in_a_group=group is not None,
            wish=card.wish,
            on=on,
        ),
        work=overall(progress),
    )


def _opened(person: Person, account: Progress) -> bool:
    """Say whether the services of the own password were ever on; a rare question.

    Whatever the directory is looking after since, a change of name, say, or the look
    of every night, takes nothing of that back.
    """
    if account.settled or account.settled_at is None:
        return account.settled
    chosen_at = activated_last(person.pk)
    return chosen_at is not None and chosen_at <= account.settled_at
