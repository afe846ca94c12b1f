"""What the desk says about a card that is out: it comes back, is lost, or was wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.people.models import Person
from onboarding.cards.deposits import Settlement
from onboarding.cards.desk import Look
from onboarding.cards.finding import find
from onboarding.cards.forms import HandOutForm
from onboarding.cards.models import Reason, Spot, Why

REASON = gettext_lazy("Reason")


def why_field(
    *reasons: Why,
    label: Any = REASON,
    usual: Why | None = None,
) -> forms.ChoiceField:
    """Ask for one of these reasons; the usual one is chosen beforehand."""
    return forms.ChoiceField(
        label=label,
        initial=usual,
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in reasons],
        error_messages={"required": gettext_lazy("Choose the reason.")},
    )


class DeedForm(forms.Form):
    """What is said about one student who stands at the desk."""

    def __init__(self, *args: Any, look: Look, **kwargs: Any) -> None:
        """Know the student."""
        super().__init__(*args, **kwargs)
        self.look = look

    def sends(self) -> dict[str, str]:
        """Give what the confirming page sends again."""
        said = {name: str(self.data.get(name, "")) for name in self.fields}
        return {name: value for name, value in said.items() if value}

    @property
    def cause(self) -> Why:
        """Give the reason."""
        return Why(self.cleaned_data["why"])


class PayBackForm(DeedForm):
    """Money that may go back, unless library fees hold it."""

    fees_open = forms.BooleanField(
        label=gettext_lazy("Library fees are open: no deposit is paid back yet."),
        required=False,
    )
    photo_id = forms.BooleanField(
        label=gettext_lazy("The photo ID shows this person."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask only what matters to this student."""
        super().__init__(*args, **kwargs)
        if self.look.fees_open or not self.deposit:
            del self.fields["fees_open"]
        if not self.deposit + self.look.surplus:
            del self.fields["photo_id"]

    @property
    def deposit(self) -> int:
        """Give the cents of the deposit that could go back."""
        return 0 if self.look.card_out else self.look.held

    @property
    def held_back(self) -> bool:
        """Say whether open library fees hold the deposit."""
        ticked = bool(self.cleaned_data.get("fees_open"))
        return bool(self.deposit) and (self.look.fees_open or ticked)

    @property
    def cents(self) -> int:
        """Give the cents that go out now."""
        return self.look.surplus + (0 if self.held_back else self.deposit)

    def clean(self) -> dict[str, Any]:
        """Let no money out without a look at the photo ID."""
        if self.cents and not self.cleaned_data.get("photo_id"):
            self.add_error("photo_id", _("Compare the photo ID with the name first."))
        return self.cleaned_data


class ReturnForm(PayBackForm):
    """The card comes back, and the deposit goes with the same act."""

    why = why_field(Why.LEFT, Why.OTHER, usual=Why.LEFT)
    field_order = ("why", "fees_open", "photo_id")

    @property
    def deposit(self) -> int:
        """Give the cents of the deposit: the card comes back with this act."""
        return self.look.held


class ReplaceForm(DeedForm, HandOutForm):
    """Another card, in the place of one that is lost, stolen or defective."""

    why = why_field(
        Why.LOST,
        Why.STOLEN,
        Why.DAMAGED,
        label=gettext_lazy("What happened to the card before"),
    )
    field_order = ("why", "card_number", "deposit", "reason", "photo_id")

    def __init__(self, *args: Any, look: Look, **kwargs: Any) -> None:
        """Say what another card costs."""
        super().__init__(*args, look=look, cents=look.replacement, **kwargs)
        self.fields["card_number"].label = _("Number of the new card")
        money = self.fields["deposit"]
        money.label = _("New deposit and replacement fee, if lost or stolen")
        money.required = False
        if not look.replacement:
            del self.fields["deposit"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Ask about the money where there is any to pay."""
        super().clean()
        said = self.cleaned_data
        costs = said.get("why") not in {None, Why.DAMAGED}
        if costs and "deposit" in self.fields and not said.get("deposit"):
            self.add_error("deposit", _("Say what becomes of the deposit."))
        return said

    @property
    def spot(self) -> Spot:
        """Give where the card before goes."""
        return Spot.DEFECTIVE if self.cause is Why.DAMAGED else Spot.LOST

    @property
    def how(self) -> Settlement:
        """Give what becomes of the money; a defective card costs nothing."""
        said = self.cleaned_data.get("deposit")
        free = self.cause is Why.DAMAGED or not said
        return Settlement.OPEN if free else Settlement(str(said))

    @property
    def because(self) -> Reason | None:
        """Give why nobody has to pay."""
        waived = self.how is Settlement.WAIVED
        return Reason(self.cleaned_data["reason"]) if waived else None


class GoneForm(DeedForm):
    """A card that somebody has no longer, with no other in its place."""

    why = why_field(
        Why.LOST, Why.STOLEN, Why.DAMAGED, label=gettext_lazy("What happened")
    )

    @property
    def spot(self) -> Spot:
        """Give where the card goes."""
        return Spot.DEFECTIVE if self.cause is Why.DAMAGED else Spot.LOST


class BlockForm(DeedForm):
    """A card that is to open nothing any more, though somebody still has it."""

    why = why_field(Why.LEFT, Why.OTHER, usual=Why.LEFT)


class UndoForm(DeedForm):
    """A hand-out that should not have been recorded."""

    of = forms.UUIDField(widget=forms.HiddenInput)
    why = why_field(Why.MISTAKE, Why.DAMAGED, Why.OTHER, usual=Why.MISTAKE)
    here = forms.BooleanField(
        label=gettext_lazy("The card lies here."),
        error_messages={
            "required": gettext_lazy("First the card has to lie here again.")
        },
    )

    def __init__(self, *args: Any, look: Look, **kwargs: Any) -> None:
        """Name the hand-out, so that no later one is taken back instead."""
        super().__init__(*args, look=look, **kwargs)
        self.fields["of"].initial = look.hand_out.act if look.hand_out else None


class SwapForm(DeedForm):
    """Two people who have each other's card."""

    other = forms.CharField(
        label=gettext_lazy("The other person’s user name, or number of the card"),
        help_text=gettext_lazy("The number that is recorded for the other person."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Say who the other person is.")},
    )

    def clean_other(self) -> Person:
        """Find exactly one other person."""
        people = find(self.cleaned_data["other"]).people
        if len(people) != 1 or people[0].pk == self.look.person.pk:
            raise forms.ValidationError(
                _("Nobody else was found like this. Type the whole user name.")
            )
        return people[0]

    def sends(self) -> dict[str, str]:
        """Name the person: after the swap, the number finds somebody else."""
        other: Person = self.cleaned_data["other"]
        return {"other": other.account_name}
