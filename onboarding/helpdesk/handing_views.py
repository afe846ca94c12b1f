"""Notes on a person, and handing a matter on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.journal.models import Event
from accounts.signin import answers
from accounts.signin.forms import sent
from onboarding.helpdesk import handing_on, limits
from onboarding.helpdesk.doors import Visit, acting
from onboarding.helpdesk.forms import HandOnForm, NoteForm
from onboarding.helpdesk.pages import done, refusal
from onboarding.helpdesk.refusals import Refused
from onboarding.helpdesk.seen import seen
from onboarding.helpdesk.tickets import address_of
from onboarding.notes import writing

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@acting
@_FORM
def note(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Write a note; it stays as it is."""
    form = NoteForm(sent(request))
    if form.is_bound and form.is_valid():
        return done(request, visit, "noted", lambda: _write(visit, form))
    status = answers.MISTAKEN if form.errors else 200
    context = {"visit": visit, "form": form}
    return render(request, "helpdesk/note.html", context, status=status)


@acting
@require_safe
def bodies(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask whom the matter goes to."""
    known = handing_on.bodies(seen(visit.person, at=timezone.now()))
    context = {"visit": visit, "bodies": list(known)}
    return render(request, "helpdesk/bodies.html", context)


@acting
@_FORM
def hand_on(request: HttpRequest, visit: Visit, body: str) -> HttpResponse:
    """Show what a body needs to know; once it is handed on, as a text to take along."""
    if body not in handing_on.NEEDS:
        raise Http404
    at, form = timezone.now(), HandOnForm(sent(request), initial=_opened_for(visit))
    if form.is_bound and form.is_valid():
        try:
            handing_on.hand_on(
                person=visit.person,
                body=body,
                by=visit.agent.person,
                at=at,
                said=handing_on.Said(**form.cleaned_data),
            )
        except Refused as refused:
            return refusal(request, visit, refused)
        return redirect("helpdesk:hand_on", visit.person.pk, body)
    before = handing_on.handed_on(
        person=visit.person, body=body, by=visit.agent.person, at=at
    )
    context = {
        "visit": visit,
        "form": form,
        "sheet": handing_on.sheet(
            seen(visit.person, at=at), body=body, by=visit.agent.person, handed=before
        ),
        "handed": before,
        **_ticket(before),
    }
    status = answers.MISTAKEN if form.errors else 200
    return render(request, "helpdesk/hand_on.html", context, status=status)


def _write(visit: Visit, form: NoteForm) -> None:
    at = timezone.now()
    limits.quick(by=visit.agent.person, at=at)
    writing.write(
        person=visit.person,
        by=visit.agent.person,
        text=form.cleaned_data["text"],
        readers=form.who_reads,
        at=at,
    )


def _opened_for(visit: Visit) -> dict[str, object]:
    """Give the ticket for whose sake the record was opened."""
    return {"ticket": visit.look.facts.get("ticket", "") if visit.look else ""}


def _ticket(event: Event | None) -> dict[str, str]:
    number = str(event.facts.get("ticket", "")) if event else ""
    return {"ticket": number, "ticket_url": address_of(number)}
