"""A new initial password: a form, a second agent where one is needed, a slip as PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.sessions import kept
from onboarding.enrolment.letter_pages import Letter
from onboarding.enrolment.slip_pages import slip
from onboarding.helpdesk import approvals
from onboarding.helpdesk import new_password as remedy
from onboarding.helpdesk.checks import in_words
from onboarding.helpdesk.doors import Visit, repairing
from onboarding.helpdesk.forms import NewPasswordForm
from onboarding.helpdesk.pages import CONFLICT
from onboarding.helpdesk.refusals import Refused

# Which button of the page was pressed, where it is not the form's.
_APPROVED, _AGAIN = "approved", "again"


@repairing
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the slip as a file for the printer; it stands on no page."""
    pressed = request.POST.get("press", "")
    form = NewPasswordForm(None if pressed else sent(request), initial=kept(request))
    if request.method != "POST" or (not pressed and not form.is_valid()):
        return _page(request, visit, form)
    try:
        return _answer(visit, pressed, form)
    except Refused as refused:
        return _page(request, visit, form, refused=str(refused))


def _answer(visit: Visit, pressed: str, form: NewPasswordForm) -> HttpResponse:
    person, agent, at = visit.person, visit.agent, timezone.now()
    if pressed == _AGAIN:
        return _file(remedy.make_again(person=person, agent=agent, at=at))
    if pressed == _APPROVED:
        return _file(remedy.make_approved(person=person, agent=agent, at=at))
    facts = form.facts
    if remedy.needs_second(person=person, check=str(facts["check"])):
        remedy.ask(person=person, facts=facts, agent=agent, at=at)
        return redirect("helpdesk:new_password", person.pk)
    return _file(remedy.make(person=person, facts=facts, agent=agent, at=at))


def _file(letter: Letter) -> HttpResponse:
    return HttpResponse(
        slip(letter),
        content_type="application/pdf",
        headers={"Content-Disposition": "attachment; filename=slip.pdf"},
    )


def _page(
    request: HttpRequest, visit: Visit, form: NewPasswordForm, *, refused: str = ""
) -> HttpResponse:
    at = timezone.now()
    asked = approvals.standing(kind=approvals.NEW_PASSWORD, person=visit.person, at=at)
    made = remedy.made(person=visit.person, agent=visit.agent, at=at)
    context = {
        "visit": visit,
        "form": form,
        "refused": refused,
        "asked": asked,
        "asked_check": in_words(asked.facts) if asked else "",
        "mine": asked is not None and asked.asked_by_id == visit.agent.person.pk,
        "made": made,
        "made_check": in_words(made.facts) if made else "",
        "second": visit.person.activated_at is not None,
    }
    status = CONFLICT if refused else answers.MISTAKEN if form.errors else 200
    return render(request, "helpdesk/new_password.html", context, status=status)
