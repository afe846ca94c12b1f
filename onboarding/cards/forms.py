"""What the library's desk types in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.cards.amounts import euros
from onboarding.cards.deposits import Settlement
from onboarding.cards.models import Reason
from onboarding.cards.numbers import CardNumber, NumberRefused, Rule, read


class FindForm(forms.Form):
    """Whom the desk looks for."""

    who = forms.CharField(
        label=_("Name, user name or card number"),
        max_length=120,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={"required": _("Type a name, a user name or a card number.")},
    )


class SettleForm(forms.Form):
    """What becomes of an open deposit."""

    deposit = forms.ChoiceField(
        label=_("Deposit"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what becomes of the deposit.")},
    )
    reason = forms.ChoiceField(
        label=_("Reason, where it is waived"),
        choices=[("", "–"), *Reason.choices],
        required=False,
    )

    def __init__(self, *args: Any, cents: int, **kwargs: Any) -> None:
        """Say how much there is to pay."""
        super().__init__(*args, **kwargs)
        field = self.fields["deposit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - the one above
        field.choices = self.ways(euros(cents))
        # Its label says when; "optional" would be untrue then.
        self.fields["reason"].conditional = True  # type: ignore[attr-defined]

    def ways(self, amount: str) -> list[tuple[str, str]]:
        """Give what may become of it."""
        return [
            (Settlement.PAID, _("Paid now: %(amount)s") % {"amount": amount}),
            (Settlement.WAIVED, str(_("Waived"))),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask why nobody has to pay."""
        how, reason = self.cleaned_data.get("deposit"), self.cleaned_data.get("reason")
        if how == Settlement.WAIVED and not reason:
            self.add_error("reason", _("Choose why the deposit is waived."))
        return self.cleaned_data

    @property
    def how(self) -> Settlement:
        """Give what becomes of the deposit."""
        return Settlement(self.cleaned_data["deposit"])

    @property
    def because(self) -> Reason | None:
        """Give why, where it is waived."""
        waived = self.how is Settlement.WAIVED
        return Reason(self.cleaned_data["reason"]) if waived else None


class HandOutForm(SettleForm):
    """A card, and what becomes of the deposit."""

    card_number = forms.CharField(
        label=_("Card number"),
        help_text=_("Scan the card, or type the number below the bars."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "inputmode": "numeric",
                "class": "typed-code",
            }
        ),
        error_messages={"required": _("Scan or type the number of the card.")},
    )
    photo_id = forms.BooleanField(
        label=_("The photo ID shows this person."),
        error_messages={"required": _("Compare the photo ID with the name first.")},
    )
    field_order: tuple[str, ...] = ("card_number", "deposit", "reason", "photo_id")

    def ways(self, amount: str) -> list[tuple[str, str]]:
        """Let the deposit stay open, too."""
        return [*super().ways(amount), (Settlement.OPEN, str(_("Stays open")))]

    def clean_card_number(self) -> CardNumber:
        """Read the number."""
        try:
            return read(self.cleaned_data["card_number"], rule=Rule.in_force())
        except NumberRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    @property
    def card(self) -> CardNumber:
        """Give the card."""
        card: CardNumber = self.cleaned_data["card_number"]
        return card


class NothingDueForm(HandOutForm):
    """A card for somebody whose deposit is settled, or where there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the card alone."""
        super().__init__(*args, **kwargs)
        del self.fields["deposit"], self.fields["reason"]

    @property
    def how(self) -> Settlement:
        """Leave what is settled."""
        return Settlement.OPEN
