"""What a registrar decides about myStudy."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.connectors.contract import Mode


class _DayInput(forms.DateInput):
    input_type = "date"


class SwitchForm(forms.Form):
    """From which day on a cohort signs in how."""

    mode = forms.ChoiceField(
        label=_("What opens myStudy and Moodle"),
        choices=[
            (Mode.OWN.value, _("An account of myStudy's own")),
            (Mode.LEUPHANA.value, _("The Leuphana account")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    from_date = forms.DateField(
        label=_("From this day on"),
        widget=_DayInput(format="%Y-%m-%d"),
        help_text=_("Today or earlier: at once. Later: early on that day."),
        error_messages={
            "required": _("Enter a day."),
            "invalid": _("Enter a day, like 5.10.2026."),
        },
    )
