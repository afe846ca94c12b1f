"""What the desk can do for a student beside handing out: each a deed with a form."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.people.models import Person
from onboarding.cards import returns
from onboarding.cards.acts import Act
from onboarding.cards.amounts import euros
from onboarding.cards.deposits import Settlement
from onboarding.cards.desk import Look
from onboarding.cards.desk_forms import (
    BlockForm,
    DeedForm,
    GoneForm,
    PayBackForm,
    ReplaceForm,
    ReturnForm,
    SwapForm,
    UndoForm,
)
from onboarding.cards.handout import card_numbers_of, swap, undo
from onboarding.cards.models import Spot
from onboarding.cards.numbers import masked
from onboarding.cards.unwinding import foreseen

Facts = list[tuple[str, str]]
Form = TypeVar("Form", bound=DeedForm)
WALLET = gettext_lazy(
    "Say first: credit on a card that is lost cannot be paid back, and its deposit"
    " stays with the library."
)


class Deed(Generic[Form]):
    """One thing that can be recorded about a card that is out."""

    title: ClassVar[Promise]
    form: type[Form]
    # What to say before anything is filled in.
    told: ClassVar[Promise | str] = ""

    def offered(self, look: Look) -> bool:
        """Say whether it makes sense now; the act itself is judged by the rules."""
        return look.standing.has_card

    def facts(self, form: Form) -> Facts:
        """Give what is to be confirmed."""
        raise NotImplementedError

    def carry_out(self, act: Act, form: Form) -> None:
        """Record it; raises Refused."""
        raise NotImplementedError


class PayBack(Deed[PayBackForm]):
    """Money goes back that is here: a deposit held before, or a surplus."""

    title = gettext_lazy("Pay money back")
    form = PayBackForm

    def offered(self, look: Look) -> bool:
        """Offer it where there is money to go back."""
        return look.payable > 0

    def facts(self, form: PayBackForm) -> Facts:
        """Name the amount."""
        return _money_back(form)

    def carry_out(self, act: Act, form: PayBackForm) -> None:
        """Pay it back."""
        returns.refund(act=act, fees_open=form.held_back)


class Return(Deed[ReturnForm]):
    """The card comes back, and the deposit goes."""

    title = gettext_lazy("Take the card back")
    form = ReturnForm

    def facts(self, form: ReturnForm) -> Facts:
        """Name card and money."""
        card = masked(form.look.standing.number)
        return [(_("Card that comes back"), card), *_money_back(form)]

    def carry_out(self, act: Act, form: ReturnForm) -> None:
        """Take it in."""
        fees = form.look.fees_open or bool(form.cleaned_data.get("fees_open"))
        returns.take_in_and_pay_back(act=act, fees_open=fees, reason=form.cause)


class Replace(Deed[ReplaceForm]):
    """Another card in the place of one that is lost or defective."""

    title = gettext_lazy("Replace the card")
    form = ReplaceForm
    told = WALLET

    def offered(self, look: Look) -> bool:
        """Offer it to whom studies here: nobody else gets a card."""
        return super().offered(look) and look.enrolled

    def facts(self, form: ReplaceForm) -> Facts:
        """Name both cards and the money."""
        before = f"{masked(form.look.standing.number)}: {form.cause.label}"
        return [
            (_("Card before"), before),
            (_("Number of the new card"), form.card.number),
            (_("Deposit and fee"), _money_in(form)),
        ]

    def carry_out(self, act: Act, form: ReplaceForm) -> None:
        """Record both cards in one act."""
        returns.replace(
            act=act,
            number=form.card.number,
            to=form.spot,
            reason=form.cause,
            how=form.how,
            waived=form.because,
        )


class Gone(Deed[GoneForm]):
    """The card is lost or broken, and nobody wants another one now."""

    title = gettext_lazy("Record a loss or defect")
    form = GoneForm
    told = WALLET

    def facts(self, form: GoneForm) -> Facts:
        """Name card and reason."""
        card = (_("Card"), masked(form.look.standing.number))
        return [card, (_("What happened"), str(form.cause.label))]

    def carry_out(self, act: Act, form: GoneForm) -> None:
        """Record it."""
        returns.report(act=act, to=form.spot, reason=form.cause)


class Block(Deed[BlockForm]):
    """The card opens nothing any more."""

    title = gettext_lazy("Block the card")
    form = BlockForm
    told = gettext_lazy(
        "A blocked card opens nothing any more. The deposit goes back once the card"
        " is brought here."
    )

    def facts(self, form: BlockForm) -> Facts:
        """Name card and reason."""
        card = (_("Card to be blocked"), masked(form.look.standing.number))
        return [card, (_("Reason"), str(form.cause.label))]

    def carry_out(self, act: Act, form: BlockForm) -> None:
        """Record it."""
        returns.report(act=act, to=Spot.BLOCKED, reason=form.cause)


class Swap(Deed[SwapForm]):
    """Two people have each other's card."""

    title = gettext_lazy("Swap two cards")
    form = SwapForm
    told = gettext_lazy(
        "Both people show the card that they have in hand. The deposits stay as they"
        " are."
    )

    def facts(self, form: SwapForm) -> Facts:
        """Say who has which card from now on."""
        other: Person = form.cleaned_data["other"]
        theirs = masked(card_numbers_of([other.pk]).get(other.pk, ""))
        return [
            (form.look.person.display_name, theirs or _("none")),
            (other.display_name, masked(form.look.standing.number)),
        ]

    def carry_out(self, act: Act, form: SwapForm) -> None:
        """Exchange the numbers."""
        swap(act=act, other=form.cleaned_data["other"])


class Undo(Deed[UndoForm]):
    """The hand-out should not have been recorded."""

    title = gettext_lazy("Correct a hand-out recorded by mistake")
    form = UndoForm

    def offered(self, look: Look) -> bool:
        """Offer it for a hand-out; what swapped or replaced a card stays."""
        return look.hand_out is not None and not look.hand_out.reason

    def facts(self, form: UndoForm) -> Facts:
        """Name the card, and what becomes of the money."""
        return [
            (_("Card that is taken back"), masked(form.look.standing.number)),
            (_("Reason"), str(form.cause.label)),
            (_("Money that goes back"), _money_undone(form)),
        ]

    def carry_out(self, act: Act, form: UndoForm) -> None:
        """Take it back."""
        undo(act=act, of=form.cleaned_data["of"], reason=form.cause)


# In the order in which they are offered.
DEEDS: Mapping[str, Deed[Any]] = {
    "refund": PayBack(),
    "return": Return(),
    "replace": Replace(),
    "lost": Gone(),
    "block": Block(),
    "swap": Swap(),
    "undo": Undo(),
}


def _money_back(form: PayBackForm) -> Facts:
    if form.held_back:
        held = _("nothing now: library fees are open")
        if form.cents:
            amount = {"amount": euros(form.cents)}
            held = _("%(amount)s; the deposit not yet: fees are open") % amount
        return [(_("Paid back"), held)]
    return [(_("Paid back"), euros(form.cents) if form.cents else _("nothing"))]


def _money_undone(form: UndoForm) -> str:
    look, of = form.look, form.cleaned_data["of"]
    if look.hand_out is None:
        return _("nothing")
    would = Act(id=of, person=look.person, by=look.by, at=look.hand_out.at)
    back, surplus = foreseen(act=would, of=of)
    if back:
        return _("%(amount)s, out of the till, now") % {"amount": euros(back)}
    if surplus:
        amount = {"amount": euros(surplus)}
        return _("%(amount)s, as a surplus that is paid back next") % amount
    return _("nothing")


def _money_in(form: ReplaceForm) -> str:
    amount = {"amount": euros(form.look.replacement)}
    if form.spot is Spot.DEFECTIVE:
        return _("nothing: free of charge")
    match form.how:
        case Settlement.PAID:
            return _("%(amount)s received") % amount
        case Settlement.WAIVED:
            reason = form.because
            return f"{_('waived')}: {reason.label if reason else ''}"
    return _("%(amount)s stay open") % amount
