"""What the coordinator types."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.cards.models import Why
from onboarding.enrolment.models import TutorGroup


class TurnForm(forms.Form):
    """Who hands out for a group, from which day to which."""

    account = forms.CharField(
        label=_("User name"),
        max_length=64,
        error_messages={"required": _("Enter a user name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    first = forms.DateField(
        label=_("First day"),
        error_messages={
            "required": _("Enter the first day."),
            "invalid": _("Enter the first day."),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("Last day"),
        error_messages={
            "required": _("Enter the last day."),
            "invalid": _("Enter the last day."),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_account(self) -> str:
        """Give it as the directory compares names."""
        return str(self.cleaned_data["account"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Let no turn end before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return cleaned


class FindForm(forms.Form):
    """Who is to be moved."""

    who = forms.CharField(
        label=_("Name or user name"),
        max_length=100,
        error_messages={"required": _("Enter a name or a user name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class TakeBackForm(forms.Form):
    """Why a hand-out is taken back."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[
            ("", _("Choose a reason")),
            *((one.value, one.label) for one in (Why.MISTAKE, Why.DAMAGED, Why.OTHER)),
        ],
        error_messages={"required": _("Choose a reason.")},
    )


class SwapForm(forms.Form):
    """With whom somebody changed cards."""

    other = forms.CharField(
        label=_("Name, user name or card number of the other student"),
        max_length=100,
        error_messages={"required": _("Say with whom.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class MoveForm(forms.Form):
    """Which group somebody goes to."""

    group = forms.ModelChoiceField(
        label=_("Group"),
        queryset=TutorGroup.objects.order_by("number"),
        empty_label=_("Choose a group"),
        error_messages={
            "required": _("Choose a group."),
            "invalid_choice": _("Choose a group."),
        },
    )
