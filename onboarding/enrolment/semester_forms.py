"""What a registrar says about a semester."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.enrolment.models import Cohort
from onboarding.enrolment.opening_week import Dates


class _DayInput(forms.DateInput):
    input_type = "date"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=_DayInput(format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a day, like 5.10.2026.")},
    )


def _hours(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=255,
        help_text=_("One line, as students are to read it."),
    )


class SemesterForm(forms.Form):
    """Opening Week, and the hours of the library's service desk."""

    opening_from = _day(_("First day of Opening Week"))
    opening_until = _day(_("Last day of Opening Week"))
    desk_hours_de = _hours(_("Hours of the library service desk, in German"))
    desk_hours_en = _hours(_("Hours of the library service desk, in English"))

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        """Begin with what is settled."""
        names = self.base_fields
        initial = {name: getattr(cohort, name) for name in names}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def clean_opening_until(self) -> Any:
        """Refuse a week that ends before it begins."""
        until = self.cleaned_data["opening_until"]
        since = self.cleaned_data.get("opening_from")
        if since and until and until < since:
            raise forms.ValidationError(_("This day lies before the first one."))
        return until

    def dates(self) -> Dates:
        """Give what was said."""
        return Dates(**self.cleaned_data)
