"""What a registrar says about a run of letters."""

import re

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.enrolment.letter_recipients import named

# Enough for every cohort whose file got lost; a longer list is no list any more.
MOST_ACCOUNTS = 5000
NAMED_IN_AN_ERROR = 20


class Kind(TextChoices):
    """What the letters become."""

    PDF = "pdf", _("Letters for the printer (PDF, one page each)")
    CSV = "csv", _("Table for mail merge (CSV)")


class LettersForm(forms.Form):
    """For whom, and in which form."""

    kind = forms.ChoiceField(
        label=_("What do you need?"),
        choices=Kind.choices,
        initial=Kind.PDF,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose letters or a table.")},
    )
    accounts = forms.CharField(
        label=_("Only these accounts"),
        required=False,
        max_length=MOST_ACCOUNTS * 40,
        help_text=_(
            "User names, one a line. Earlier letters of these people are void at once,"
            " and whoever has activated has to choose a password again."
        ),
        widget=forms.Textarea(
            attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}
        ),
    )

    def clean_accounts(self) -> list[str]:
        """Take account names of people who can get a letter."""
        typed = re.split(r"[\s,;]+", self.cleaned_data["accounts"].strip())
        names = list(dict.fromkeys(name for name in typed if name))
        if len(names) > MOST_ACCOUNTS:
            raise forms.ValidationError(
                _("These are more than %(most)d accounts."),
                params={"most": MOST_ACCOUNTS},
            )
        people, without = named(names, at=timezone.now())
        if without:
            wrong = [one.sentence() for one in without[:NAMED_IN_AN_ERROR]]
            raise forms.ValidationError(wrong)
        return sorted(person.account_name for person in people)
