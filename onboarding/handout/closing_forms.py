"""What is typed when boxes and tills come back."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy


class GiveBackForm(forms.Form):
    """How many cards somebody counted in a box."""

    counted = forms.IntegerField(
        label=gettext_lazy("Cards in the box"),
        min_value=0,
        max_value=999,
        error_messages={
            "required": gettext_lazy("Count the cards."),
            "invalid": gettext_lazy("Count the cards."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class TillForm(forms.Form):
    """What somebody counted in a till, in euros."""

    euros = forms.DecimalField(
        label=gettext_lazy("Cash in the till, in euros"),
        min_value=Decimal(0),
        max_value=Decimal(9999),
        decimal_places=2,
        localize=True,
        error_messages={
            "required": gettext_lazy("Count the cash."),
            "invalid": gettext_lazy("Write the amount as 25.00."),
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    @property
    def cents(self) -> int:
        """Give the amount in cents."""
        return int(self.cleaned_data["euros"] * 100)
