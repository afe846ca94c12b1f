"""All that the library's desk sees of one student, and what it may do."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.people.models import Person
from onboarding.cards import amounts
from onboarding.cards.forms import HandOutForm, NothingDueForm, SettleForm
from onboarding.cards.models import Kind, LedgerEntry, Move, OpenDeposit
from onboarding.cards.standing import Standing, Way, standing_of, way_of
from onboarding.enrolment.facts import group_of, programmes_of
from onboarding.enrolment.models import TutorGroup


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the ledger, in words."""

    what: str
    amount: str
    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class Look:
    """One student at the desk."""

    person: Person
    standing: Standing
    way: Way
    group: TutorGroup | None
    hand_out: Move | None
    lines: tuple[Line, ...]
    # What there is to pay: what is open, or what a card costs today.
    cents: int
    own: bool

    @property
    def form(self) -> type[SettleForm] | None:
        """Give what may be recorded now."""
        if self.own:
            return None
        if not self.standing.has_card:
            return HandOutForm if self.cents else NothingDueForm
        return SettleForm if self.standing.owed > 0 else None


def look_at(person: Person, *, by: Person) -> Look:
    """Look at one student; the questions to the tables do not grow."""
    on = timezone.localdate()
    standing = standing_of(person.pk)
    group = group_of(person.pk)
    way = way_of(
        programmes=programmes_of([person.pk]).get(person.pk, ()),
        in_a_group=group is not None,
        wish=standing.wish,
        on=on,
    )
    given = Move.objects.select_related("by").filter(holding__person=person)
    entries = LedgerEntry.objects.filter(person=person).order_by("pk")
    return Look(
        person=person,
        standing=standing,
        way=way,
        group=group,
        hand_out=given.first(),
        lines=tuple(
            Line(str(Kind(entry.kind).label), amounts.euros(entry.cents), entry)
            for entry in entries.select_related("by", "receipt")
        ),
        cents=standing.owed if standing.owed > 0 else _price(person),
        own=person.pk == by.pk,
    )


def _price(person: Person) -> int:
    """Give what a card costs today; nothing to whom has a deposit here."""
    if OpenDeposit.objects.filter(person=person).exists():
        return 0
    on = timezone.localdate()
    return amounts.deposit(on=on) + amounts.library_fee(on=on)
