"""What is quickly done from the record, with one press each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.catalogue import systems
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import kept
from onboarding.enrolment.facts import group_of
from onboarding.helpdesk import guarding, remedies
from onboarding.helpdesk.doors import Visit, repairing
from onboarding.helpdesk.forms import MoveForm
from onboarding.helpdesk.pages import done

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@repairing
@require_POST
def look_again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Have all systems look now, or one."""
    only = request.POST.get("system", "")
    if only and only not in systems.NAMES:
        raise Http404
    return done(
        request,
        visit,
        "looked_again",
        lambda: remedies.look_again(
            person=visit.person,
            by=visit.agent.person,
            at=timezone.now(),
            only=[only] if only else (),
        ),
    )


@repairing
@require_POST
def unlock(request: HttpRequest, visit: Visit) -> HttpResponse:
    """End the wait after wrong passwords."""
    return done(
        request,
        visit,
        "unlocked",
        lambda: remedies.unlock(
            person=visit.person, by=visit.agent.person, at=timezone.now()
        ),
    )


@repairing
@require_POST
def end_sessions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Sign the person out everywhere."""
    return done(
        request,
        visit,
        "signed_out",
        lambda: remedies.end_sessions(
            person=visit.person, by=visit.agent.person, at=timezone.now()
        ),
    )


@repairing
@require_POST
def resend_code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Send a code again that hangs."""
    return done(
        request,
        visit,
        "code_sent",
        lambda: remedies.resend_code(
            person=visit.person, by=visit.agent.person, at=timezone.now()
        ),
    )


@staff(Role.HELP_DESK_LEAD)
@repairing
@require_POST
def guard(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep the record for the lead, or open it to all agents again."""
    on = request.POST.get("guarded") == "yes"
    return done(
        request,
        visit,
        "guarded" if on else "unguarded",
        lambda: guarding.guard(
            person=visit.person, on=on, by=visit.agent.person, at=timezone.now()
        ),
    )


@repairing
@_FORM
def move(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Move the person to another tutor group."""
    group = group_of(visit.person.pk)
    form = MoveForm(sent(request), initial=kept(request), now=group)
    if form.is_bound and form.is_valid():
        return done(
            request,
            visit,
            "moved",
            lambda: remedies.move(
                person=visit.person,
                group=form.cleaned_data["group"],
                by=visit.agent.person,
                at=timezone.now(),
            ),
        )
    context = {"visit": visit, "form": form, "group": group}
    status = answers.MISTAKEN if form.errors else 200
    return render(request, "helpdesk/move.html", context, status=status)
