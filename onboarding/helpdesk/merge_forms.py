"""What an agent types in to have two accounts merged."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person
from onboarding.helpdesk.finding import LONGEST
from onboarding.helpdesk.forms import CheckForm


class SecondForm(forms.Form):
    """The second account."""

    other = forms.CharField(
        label=_("Second account"),
        help_text=_("The whole user name or matriculation number."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the key of the second account.")},
    )


class MergeForm(CheckForm):
    """Which account stays, and how the person proved to be both."""

    def __init__(self, *args: Any, pair: tuple[Person, Person], **kwargs: Any) -> None:
        """Offer the two accounts, the proposed one first."""
        super().__init__(*args, **kwargs)
        names = [one.account_name for one in pair]
        choices = [(name, name) for name in names]
        stays = forms.ChoiceField(
            label=_("Which account stays?"),
            choices=choices,
            initial=names[0],
            widget=forms.RadioSelect,
        )
        # Above the check.
        self.fields = {"stays": stays, **self.fields}
