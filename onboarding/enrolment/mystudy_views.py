"""The registrar's page of what opens myStudy for one cohort, from when on."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.connectors.contract import Mode
from accounts.mystudy.modes import mode_of
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from onboarding.enrolment import opening_week
from onboarding.enrolment.mystudy_forms import SwitchForm
from onboarding.enrolment.mystudy_switch import decisions, people_of, switch

_CODE = re.compile(r"20\d\d(ws|ss)")


@staff(Role.REGISTRAR)
@never_cache
def cohorts(request: HttpRequest) -> HttpResponse:
    """List the semesters, and what opens myStudy in each today."""
    today = timezone.localdate()
    rows = [
        {
            "code": one.code,
            "name": opening_week.named(one.code),
            "mode": mode_of(one.code, on=today).value,
        }
        for one in opening_week.semesters()
    ]
    return render(request, "enrolment/mystudy_cohorts.html", {"rows": rows})


@staff(Role.REGISTRAR)
@never_cache
def cohort(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was decided for a semester, and decide anew."""
    if not _CODE.fullmatch(code):
        raise Http404
    today = timezone.localdate()
    form = SwitchForm(sent(request), initial={"from_date": today})
    if form.is_bound and form.is_valid():
        switch(
            cohort_code=code,
            from_date=form.cleaned_data["from_date"],
            mode=Mode(form.cleaned_data["mode"]),
            by=request.user.pk,
            at=timezone.now(),
        )
        return redirect("enrolment:mystudy_cohort", code)
    context = {
        "form": form,
        "name": opening_week.named(code),
        "mode": mode_of(code, on=today).value,
        "decisions": decisions(code, on=today),
        "people": len(people_of(code)),
    }
    status = answers.MISTAKEN if form.is_bound else 200
    return render(request, "enrolment/mystudy_cohort.html", context, status=status)
