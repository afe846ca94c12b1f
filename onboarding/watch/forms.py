"""Which part of the students the board is to be about."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.enrolment.models import School, TutorGroup
from onboarding.enrolment.opening_week import named, semesters
from onboarding.watch.scope import ALL, Scope


class ScopeForm(forms.Form):
    """Cohort, school, tutor group; sent with the address."""

    cohort = forms.ChoiceField(label=_("Begins in"))
    school = forms.ChoiceField(
        label=_("School"), choices=[(ALL, _("All schools")), *School.choices]
    )
    group = forms.ChoiceField(label=_("Tutor group"))

    def __init__(self, sent: Mapping[str, Any]) -> None:
        """Offer what there is; the newest semester, where none is named."""
        codes = [one.code for one in semesters()]
        newest = codes[0] if codes else ALL
        known = {"cohort": newest, "school": ALL, "group": ALL}
        super().__init__(
            {name: sent.get(name) or value for name, value in known.items()}
        )
        cohorts = [(ALL, _("All semesters")), *((code, named(code)) for code in codes)]
        numbers = TutorGroup.objects.order_by("number").values_list("number", flat=True)
        groups = [(ALL, _("All groups")), *((str(one), str(one)) for one in numbers)]
        for name, choices in (("cohort", cohorts), ("group", groups)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as written above
            field.choices = choices

    def scope(self) -> Scope:
        """Give the part; whatever is not offered leaves nobody out."""
        self.is_valid()
        said = {
            name: value for name, value in self.cleaned_data.items() if value != ALL
        }
        group = said.get("group")
        return Scope(
            cohort=said.get("cohort", ""),
            school=said.get("school", ""),
            group=int(group) if group else None,
        )
