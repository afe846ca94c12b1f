"""Which part of the journal is to be shown."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person
from onboarding.journey.acts import OF_NOBODY, TOLD
from onboarding.watch.journal import Part

# Whatever is outside is a slip of the pen, and some of it no database can count on.
YEARS = range(2000, 2100)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a day, like 5.10.2026.")},
    )


def _account(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class JournalForm(forms.Form):
    """Days, people, kind of act; sent with the address."""

    first = _day(_("First day"))
    last = _day(_("Last day"))
    who = _account(_("By (account)"))
    whom = _account(_("About (account)"))
    what = forms.ChoiceField(label=_("Act"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every act that the portal records."""
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as written above
        acts = sorted(TOLD.keys() | OF_NOBODY)
        field.choices = [("", _("All acts")), *((one, one) for one in acts)]

    def clean_first(self) -> date | None:
        """Refuse a day that is none of our times."""
        return self._of_our_times("first")

    def clean_last(self) -> date | None:
        """Refuse a day that is none of our times."""
        return self._of_our_times("last")

    def clean_who(self) -> int | None:
        """Give the person of an account."""
        return self._person("who")

    def clean_whom(self) -> int | None:
        """Give the person of an account."""
        return self._person("whom")

    def part(self) -> Part:
        """Give what a form that is right asks for."""
        return Part(**self.cleaned_data)

    def _of_our_times(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and day.year not in YEARS:
            raise forms.ValidationError(_("Enter a day, like 5.10.2026."))
        return day

    def _person(self, name: str) -> int | None:
        account = self.cleaned_data[name].strip()
        if not account:
            return None
        person = Person.objects.filter(account_name__iexact=account).first()
        if person is None:
            raise forms.ValidationError(_("The portal knows no such account."))
        return person.pk
