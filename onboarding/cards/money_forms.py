"""What is counted, decided and asked for about money."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.people.models import Kind, Person
from onboarding.cards.bookkeeping import Period
from onboarding.cards.models import Reason

_AMOUNT = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{2}))?")
_MOMENT = "%Y-%m-%dT%H:%M"


class MoneyField(forms.CharField):
    """An amount in euros as people write it; cleaned, it is cents."""

    def __init__(self, **kwargs: Any) -> None:
        """Bring up the number keys."""
        super().__init__(
            max_length=20,
            help_text=gettext_lazy("In euros, such as 123.50."),
            widget=forms.TextInput(
                attrs={
                    "inputmode": "decimal",
                    "autocomplete": "off",
                    "autofocus": True,
                }
            ),
            error_messages={"required": gettext_lazy("Type the amount.")},
            **kwargs,
        )

    def clean(self, value: Any) -> int:
        """Give the cents."""
        typed = re.sub(r"[\s€]", "", super().clean(value))
        found = _AMOUNT.fullmatch(typed)
        if found is None:
            raise forms.ValidationError(_("Type the amount in euros and cents."))
        return int(found[1]) * 100 + int(found[2] or 0)


class CountForm(forms.Form):
    """What lies in the till, counted before anybody says what there should be."""

    counted = MoneyField(label=gettext_lazy("Cash that you counted"))


class CashForm(forms.Form):
    """Whether tutors take cash, and from when until when."""

    tutors = forms.ChoiceField(
        label=gettext_lazy("Cash at the tutors"),
        widget=forms.RadioSelect,
        choices=[
            ("on", gettext_lazy("They take cash in this period.")),
            ("off", gettext_lazy("They take no cash.")),
        ],
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    begins_at = forms.DateTimeField(
        label=gettext_lazy("From"),
        required=False,
        input_formats=[_MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        error_messages={"invalid": gettext_lazy("Type a day and a time.")},
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        input_formats=[_MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        error_messages={"invalid": gettext_lazy("Type a day and a time.")},
    )

    def clean(self) -> dict[str, Any]:
        """Want both ends, in this order."""
        said = self.cleaned_data
        if said.get("tutors") != "on" or self.errors:
            return said
        for end in ("begins_at", "ends_at"):
            if not said.get(end):
                self.add_error(end, _("A period has a beginning and an end."))
        begins, ends = said.get("begins_at"), said.get("ends_at")
        if begins and ends and begins >= ends:
            self.add_error("ends_at", _("The end comes after the beginning."))
        return said

    @property
    def period(self) -> tuple[datetime | None, datetime | None]:
        """Give both ends, or none."""
        if self.cleaned_data["tutors"] == "off":
            return None, None
        return self.cleaned_data["begins_at"], self.cleaned_data["ends_at"]

    def sends(self) -> dict[str, str]:
        """Give what the confirming page sends again."""
        ends = dict(zip(("begins_at", "ends_at"), self.period, strict=True))
        said = {
            name: timezone.localtime(at).strftime(_MOMENT) if at else ""
            for name, at in ends.items()
        }
        return {"tutors": self.cleaned_data["tutors"], **said}


class PeriodForm(forms.Form):
    """The days that a list is about."""

    first = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def clean(self) -> dict[str, Any]:
        """Want the two in this order."""
        first, last = (self.cleaned_data.get(name) for name in ("first", "last"))
        if first and last and first > last:
            self.add_error("last", _("The last day comes after the first."))
        return self.cleaned_data

    @property
    def period(self) -> Period:
        """Give the days."""
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


class WaiveForm(forms.Form):
    """Who need not pay what is open, and why."""

    account = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the user name.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        widget=forms.RadioSelect,
        choices=Reason.choices,
        error_messages={"required": gettext_lazy("Choose the reason.")},
    )

    def clean_account(self) -> Person:
        """Find the student."""
        name = self.cleaned_data["account"].strip().lower()
        found = Person.objects.filter(kind=Kind.STUDENT, account_name=name).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this user name."))
        return found
