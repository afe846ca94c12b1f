"""The registrar's pages of semesters: Opening Week, and the library desk's hours."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.catalogue.cohort import CODE
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.enrolment import opening_week
from onboarding.enrolment.semester_forms import SemesterForm


@staff(Role.REGISTRAR)
@never_cache
@require_safe
def semesters(request: HttpRequest) -> HttpResponse:
    """List the semesters that people begin in."""
    rows = [
        {"cohort": one, "name": opening_week.named(one.code)}
        for one in opening_week.semesters()
    ]
    return render(request, "enrolment/semesters.html", {"rows": rows})


@staff(Role.REGISTRAR)
@never_cache
def semester(request: HttpRequest, code: str) -> HttpResponse:
    """Show one semester's dates, and change them."""
    if not CODE.fullmatch(code):
        raise Http404
    form = SemesterForm(sent(request), cohort=opening_week.dates_of(code))
    if form.is_bound and form.is_valid():
        opening_week.settle(
            code=code, dates=form.dates(), by=person_of(request).pk, at=timezone.now()
        )
        return redirect("enrolment:semesters")
    context = {"form": form, "name": opening_week.named(code)}
    status = answers.MISTAKEN if form.is_bound else 200
    return render(request, "enrolment/semester.html", context, status=status)
