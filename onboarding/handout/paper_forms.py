"""What stands on a sheet of paper, typed in: one line for each student."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.people.models import Person
from onboarding.cards.numbers import NumberRefused, Rule, read
from onboarding.handout.paper import Line

OPEN, PAID, DECLINED = "open", "paid", "declined"
_CHOICES = [
    ("", "–"),
    (OPEN, gettext_lazy("card, deposit open")),
    (PAID, gettext_lazy("card, deposit paid")),
    (DECLINED, gettext_lazy("wants no card")),
]


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one student."""

    person: Person
    number: BoundField
    time: BoundField
    deposit: BoundField


class SheetForm(forms.Form):
    """A day, and what was written beside each name; lines left empty say nothing."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        error_messages={
            "required": gettext_lazy("Enter the day."),
            "invalid": gettext_lazy("Enter the day."),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, *args: Any, people: Sequence[Person], now: datetime, **kwargs: Any
    ) -> None:
        """Have fields for these people; nothing happened after ``now``."""
        super().__init__(*args, **kwargs)
        self._people, self._now = people, now
        for one in people:
            self._add(one)

    @property
    def rows(self) -> list[Row]:
        """Give the fields, student by student."""
        return [
            Row(one, *(self[f"{name}_{one.pk}"] for name in ("number", "time", "how")))
            for one in self._people
        ]

    @property
    def lines(self) -> list[Line]:
        """Give what was typed, once it is valid."""
        return list(self._lines())

    def clean(self) -> dict[str, Any]:
        """Let each line say all of it or nothing."""
        cleaned = super().clean() or {}
        for one in self._people:
            self._check(one)
        if not self.errors and not self.lines:
            self.add_error(None, _("No line says anything yet."))
        return cleaned

    def _add(self, one: Person) -> None:
        label = {"name": one.display_name}
        self.fields[f"number_{one.pk}"] = forms.CharField(
            label=_("Card number of %(name)s") % label,
            required=False,
            max_length=40,
            widget=_input(_("Card number of %(name)s") % label, inputmode="numeric"),
        )
        self.fields[f"time_{one.pk}"] = forms.TimeField(
            label=_("Time of %(name)s") % label,
            required=False,
            error_messages={"invalid": _("Write the time as 14:05.")},
            widget=forms.TimeInput(
                format="%H:%M",
                attrs={"aria-label": _("Time of %(name)s") % label, "type": "time"},
            ),
        )
        self.fields[f"how_{one.pk}"] = forms.ChoiceField(
            label=_("Deposit of %(name)s") % label,
            required=False,
            choices=_CHOICES,
            widget=forms.Select(attrs={"aria-label": _("Deposit of %(name)s") % label}),
        )

    def _check(self, one: Person) -> None:
        number, time, how = self._typed(one)
        if not (number or time or how):
            return
        name = {"name": one.display_name}
        if not time and f"time_{one.pk}" not in self.errors:
            self.add_error(f"time_{one.pk}", _("%(name)s: when was it?") % name)
        if not how:
            self.add_error(f"how_{one.pk}", _("%(name)s: choose the deposit.") % name)
        if how == DECLINED and number:
            self.add_error(f"number_{one.pk}", _("%(name)s: a card, or none?") % name)
        if how in {OPEN, PAID}:
            self._read_number(one, number)
        if time and self.cleaned_data.get("day") and self._moment(time) > self._now:
            self.add_error(
                f"time_{one.pk}", _("%(name)s: this time is still to come.") % name
            )

    def _read_number(self, one: Person, typed: str) -> None:
        key = f"number_{one.pk}"
        try:
            self.cleaned_data[key] = read(typed, rule=Rule.in_force()).number
        except NumberRefused as refused:
            self.add_error(key, f"{one.display_name}: {refused}")

    def _typed(self, one: Person) -> tuple[str, Any, str]:
        said = self.cleaned_data
        return (
            said.get(f"number_{one.pk}") or "",
            said.get(f"time_{one.pk}"),
            said.get(f"how_{one.pk}") or "",
        )

    def _lines(self) -> Iterator[Line]:
        for one in self._people:
            number, time, how = self._typed(one)
            if time and how:
                yield Line(
                    person=one,
                    at=self._moment(time),
                    number=number if how != DECLINED else "",
                    paid=how == PAID,
                )

    def _moment(self, time: Any) -> datetime:
        day = self.cleaned_data["day"]
        return timezone.make_aware(datetime.combine(day, time))


def _input(label: str, **attrs: str) -> forms.TextInput:
    quiet = {"autocomplete": "off", "spellcheck": "false", "aria-label": label}
    return forms.TextInput(attrs={**quiet, **attrs})
