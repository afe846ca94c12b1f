"""A new initial password: a form, a second agent where needed, a slip or a letter."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.journal.record import Fact
from accounts.people.models import Person
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.sessions import kept
from onboarding.enrolment.letter_orders import order_of
from onboarding.enrolment.letter_pages import Letter
from onboarding.enrolment.slip_pages import slip
from onboarding.helpdesk import approvals
from onboarding.helpdesk import new_password as remedy
from onboarding.helpdesk.asked import asked
from onboarding.helpdesk.checks import Way, in_words
from onboarding.helpdesk.doors import Visit, repairing
from onboarding.helpdesk.forms import NewPasswordForm
from onboarding.helpdesk.pages import CONFLICT
from onboarding.helpdesk.refusals import JustDone, Refused

# Which button of the page was pressed, where it is not the form's.
_APPROVED, _AGAIN = "approved", "again"
# The script slip.js waits for it, for so many seconds.
_CAME, _MOMENT = "slip_came", 60


@repairing
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the slip as a file for the printer; it stands on no page."""
    pressed = request.POST.get("press", "")
    form = NewPasswordForm(None if pressed else sent(request), initial=kept(request))
    if request.method != "POST" or (not pressed and not form.is_valid()):
        return _page(request, visit, form)
    try:
        return _answer(visit, pressed, form, way=_way(request))
    except Refused as refused:
        return _page(request, visit, form, refused=refused)


def _way(request: HttpRequest) -> Way:
    """Say which button of the form was pressed; Enter presses the first one."""
    return Way.LETTER if request.POST.get("way") == Way.LETTER else Way.SLIP


def _answer(
    visit: Visit, pressed: str, form: NewPasswordForm, *, way: Way
) -> HttpResponse:
    person, agent, at = visit.person, visit.agent, timezone.now()
    if pressed == _AGAIN:
        return _file(remedy.make_again(person=person, agent=agent, at=at), person)
    if pressed == _APPROVED:
        return _file(remedy.make_approved(person=person, agent=agent, at=at), person)
    facts: dict[str, Fact] = {**form.facts, "way": way.value}
    if remedy.needs_second(person=person, check=str(facts["check"])):
        remedy.ask(person=person, facts=facts, agent=agent, at=at)
        return redirect("helpdesk:new_password", person.pk)
    letter = remedy.make(person=person, facts=facts, agent=agent, at=at)
    return _file(letter, person)


def _file(letter: Letter | None, person: Person) -> HttpResponse:
    """Give the slip, or the page that says what is ordered."""
    if letter is None:
        return redirect("helpdesk:new_password", person.pk)
    file = HttpResponse(
        slip(letter),
        content_type="application/pdf",
        headers={"Content-Disposition": "attachment; filename=slip.pdf"},
    )
    # A file leaves the page standing; by this its script knows when to renew it.
    file.set_cookie(
        _CAME,
        "1",
        max_age=_MOMENT,
        path=reverse("helpdesk:desk"),
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return file


def _page(
    request: HttpRequest,
    visit: Visit,
    form: NewPasswordForm,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    at = timezone.now()
    person, agent = visit.person, visit.agent
    person.refresh_from_db(fields=["activated_at", "initial_password_until"])
    one = asked(kind=approvals.NEW_PASSWORD, person=person, agent=agent, at=at)
    made = remedy.made(person=person, agent=agent, at=at)
    slip = made if made and made.way is Way.SLIP else None
    order = order_of(person)
    # Pressed twice: that the slip was made out says it all.
    told = slip is not None and isinstance(refused, JustDone)
    context = {
        "visit": visit,
        "form": form,
        "refused": "" if told else str(refused or ""),
        "asked": one,
        "by_post": one is not None and one.approval.facts.get("way") == Way.LETTER,
        "made": slip,
        "made_check": in_words(slip.facts) if slip else "",
        "order": order,
        "ordered": order is not None and order.stands,
        "second": person.activated_at is not None,
    }
    status = CONFLICT if refused else answers.MISTAKEN if form.errors else 200
    return render(request, "helpdesk/new_password.html", context, status=status)
