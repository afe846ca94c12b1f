"""Taking back what was due with a card: counter-entries, and money that goes back."""

from uuid import UUID

from onboarding.cards.acts import Act
from onboarding.cards.ledger import post, take_back
from onboarding.cards.models import (
    Correction,
    Kind,
    LedgerEntry,
    OpenDeposit,
    Place,
    Shift,
    ShiftCount,
)

PAID = (Kind.DEPOSIT_IN, Kind.FEE_IN, Kind.REPLACEMENT_IN)


def unwind(*, act: Act, of: UUID) -> int:
    """Take back all that the deposit of a hand-out posted, and give up the claim.

    A deposit that is from before stays. Cash that lies in the open till of whoever
    acts goes back into the hand; any other becomes surplus, which the library pays
    back. Gives the cents of the latter.
    """
    mine = OpenDeposit.objects.filter(person=act.person)
    # PostgreSQL locks no row that may not be there, as that of the settlement.
    rows = mine.select_related("due", "settlement").select_for_update(of=("self",))
    claim = rows.first()
    if claim is None or claim.due.act != of:
        return 0
    entries = posted_with(claim)
    mine.delete()
    stays = [one for one in entries if one.kind in PAID and not _at_hand(act, one)]
    take_back(
        act=act,
        entries=[one for one in entries if one not in stays],
        why=Correction.UNDONE if act.place is Place.TUTOR else Correction.MISTAKE,
    )
    cents = sum(one.cents for one in stays)
    if cents:
        post(act=act, kind=Kind.SURPLUS_MOVED, cents=cents, card=stays[0].card)
    return cents


def foreseen(*, act: Act, of: UUID) -> tuple[int, int]:
    """Say before an act what ``unwind`` will do: cents into the hand, and surplus."""
    claims = OpenDeposit.objects.select_related("due", "settlement")
    claim = claims.filter(person=act.person).first()
    if claim is None or claim.due.act != of:
        return 0, 0
    paid = [one for one in posted_with(claim) if one.kind in PAID]
    back = sum(one.cents for one in paid if _at_hand(act, one))
    return back, sum(one.cents for one in paid) - back


def posted_with(claim: OpenDeposit) -> list[LedgerEntry]:
    """Give what fell due with a deposit, and what settled it."""
    acts = {claim.due.act} | ({claim.settlement.act} if claim.settlement else set())
    entries = LedgerEntry.objects.filter(
        person=claim.person_id, act__in=acts, reverses=None, reversed_by=None
    )
    return list(entries.select_related("shift"))


def _at_hand(act: Act, entry: LedgerEntry) -> bool:
    """Say whether whoever acts has the cash of an entry in an open till."""
    till = entry.shift
    return (
        till is not None
        and _whose(till, act)
        and not ShiftCount.objects.filter(shift=till).exists()
    )


def _whose(till: Shift, act: Act) -> bool:
    return till.by_id == act.by.pk or till.place == act.place == "desk"
