"""All that the library's desk sees of one student, and what it may do."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.people.models import Person
from onboarding.cards import amounts
from onboarding.cards.deposits import fee_for
from onboarding.cards.finding import name_on_id
from onboarding.cards.forms import HandOutForm, NothingDueForm, SettleForm
from onboarding.cards.library_words import AccountState
from onboarding.cards.models import Correction, Kind, LedgerEntry, Move, OpenDeposit
from onboarding.cards.returns import card_is_out, refundable, surplus
from onboarding.cards.standing import Standing, Way, standing_of, way_of
from onboarding.enrolment.facts import group_of, programmes_of
from onboarding.enrolment.models import TutorGroup
from onboarding.notes.models import Note
from onboarding.notes.writing import for_the_library_desk

# With these the library still gets money (PAIA 2.8).
FEES_OPEN = frozenset({AccountState.FEES, AccountState.EXPIRED_AND_FEES})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the ledger, in words."""

    what: str
    amount: str
    entry: LedgerEntry
    # Why it was taken back, where it was.
    void: str = ""


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
    # Cents of the deposit that were paid and are here, and what was paid too much.
    held: int
    surplus: int
    # What there is to pay with a card in the place of a lost one.
    replacement: int
    # A card that belongs to the deposit has not come back.
    card_out: bool
    # Who looks.
    by: Person
    # Who left keeps what is done, and can bring a card back; a new one they do not get.
    enrolled: bool
    # What the help desk wants known here.
    notes: tuple[Note, ...]

    @property
    def own(self) -> bool:
        """Say whether somebody looks at the own record."""
        return self.person.pk == self.by.pk

    @property
    def name_on_id(self) -> str:
        """Give the name on the photo ID, where another is shown."""
        return name_on_id(self.person)

    @property
    def payable(self) -> int:
        """Give the cents that can go back now."""
        return self.surplus + (0 if self.card_out else self.held)

    @property
    def fees_open(self) -> bool:
        """Say whether the library says that fees are open."""
        return AccountState.read(self.standing.account_state) in FEES_OPEN

    @property
    def form(self) -> type[SettleForm] | None:
        """Give what may be recorded now."""
        if self.own:
            return None
        if not self.standing.has_card and self.enrolled:
            return HandOutForm if self.cents else NothingDueForm
        return SettleForm if self.standing.owed > 0 else None


def look_at(person: Person, *, by: Person) -> Look:
    """Look at one student; the questions to the tables do not grow."""
    on = timezone.localdate()
    standing = standing_of(person.pk)
    group = group_of(person.pk)
    programmes = programmes_of([person.pk]).get(person.pk, ())
    way = way_of(
        programmes=programmes,
        in_a_group=group is not None,
        wish=standing.wish,
        on=on,
    )
    given = Move.objects.select_related("by").filter(holding__person=person)
    return Look(
        person=person,
        standing=standing,
        way=way,
        group=group,
        hand_out=given.first(),
        lines=_lines(person),
        cents=standing.owed if standing.owed > 0 else _price(person),
        held=refundable(person.pk),
        surplus=surplus(person.pk),
        replacement=_price_of_another(person, standing),
        card_out=card_is_out(person.pk),
        by=by,
        enrolled=any(one.holds(on) for one in programmes),
        notes=tuple(for_the_library_desk(person.pk)),
    )


def _lines(person: Person) -> tuple[Line, ...]:
    # A counter-entry stands with what it takes back.
    entries = LedgerEntry.objects.filter(person=person, reverses=None).order_by("pk")
    return tuple(
        Line(
            what=str(Kind(entry.kind).label),
            amount=amounts.euros(entry.cents),
            entry=entry,
            void=_why_void(entry),
        )
        for entry in entries.select_related("by", "receipt", "reversed_by")
    )


def _why_void(entry: LedgerEntry) -> str:
    counter = getattr(entry, "reversed_by", None)
    return str(Correction(counter.reason).label) if counter else ""


def _price(person: Person) -> int:
    """Give what a card costs today; nothing to whom has a deposit here."""
    if OpenDeposit.objects.filter(person=person).exists():
        return 0
    on = timezone.localdate()
    return amounts.deposit(on=on) + fee_for(person.pk, on=on)


def _price_of_another(person: Person, standing: Standing) -> int:
    """Give what somebody pays who lost a card and gets another."""
    on = timezone.localdate()
    new = amounts.deposit(on=on) + amounts.replacement_fee(on=on)
    return max(standing.owed, 0) + new + fee_for(person.pk, on=on)
