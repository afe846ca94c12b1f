"""What an agent types in to let somebody in whom the import holds back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from onboarding.enrolment.cells import LONGEST
from onboarding.enrolment.cohort_file import Refusal
from onboarding.enrolment.findings import COLUMN_NAMES
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.releasing import wrong_columns

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}
_AS_IN_THE_PAPERS = _("Letter by letter as in the papers, with every mark.")
_DAY = _("Such as 2006-02-27.")


class Seen(TextChoices):
    """Which papers were looked at."""

    IN_PERSON = "in_person", _("In person, with a photo ID")
    STUDENT_SERVICE = "student_service", _("The Student Service compared its file")


class ReleaseForm(forms.Form):
    """What the papers say, column by column, and how they were seen."""

    def __init__(self, *args: Any, held: Held, **kwargs: Any) -> None:
        """Ask for the columns with which something is wrong."""
        super().__init__(*args, **kwargs)
        self.columns = wrong_columns(held)
        for name in self.columns:
            self.fields[name] = _field(name, _said(held, name))
        self.fields["check"] = forms.ChoiceField(
            label=_("Which papers did you compare?"),
            choices=Seen.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose which papers you compared.")},
        )

    @property
    def corrections(self) -> Mapping[str, str]:
        """Give the columns as they shall be."""
        return {name: self.cleaned_data[name] for name in self.columns}

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Say at each field what is still wrong, and elsewhere above all of them."""
        for refusal in refusals:
            for fault in refusal.faults:
                field = fault.column if fault.column in self.fields else None
                if field is None or field not in self.errors:
                    self.add_error(field, str(fault.reason))


def _field(name: str, said: str) -> forms.CharField:
    return forms.CharField(
        label=str(COLUMN_NAMES[name]).capitalize(),
        initial=said,
        required=False,
        max_length=LONGEST,
        strip=True,
        help_text=_DAY if name == "birth_date" else _AS_IN_THE_PAPERS,
        widget=forms.TextInput(attrs=_PLAIN),
    )


def _said(held: Held, name: str) -> str:
    cells = (row["cells"].get(name, "") for row in held.rows)
    return next(filter(None, cells), "")
