"""The registrar's pages for letters: say for whom, look again, get the file once."""

from dataclasses import asdict, dataclass

from django.db.models import Count, Min
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.enrolment import letter_runs
from onboarding.enrolment.letter_forms import Kind, LettersForm
from onboarding.enrolment.letter_pages import pdf
from onboarding.enrolment.letter_recipients import awaiting, ordered
from onboarding.enrolment.letter_runs import Run, RunBegun
from onboarding.enrolment.letter_table import table
from onboarding.enrolment.letters import issue

RUNS_SHOWN = 5
FORMS = {Kind.PDF: (pdf, "application/pdf"), Kind.CSV: (table, "text/csv")}


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that nobody has begun yet; kept in the session of whoever planned it.

    No accounts means everybody who awaits a letter.
    """

    kind: str
    accounts: list[str]


@staff(Role.REGISTRAR)
@never_cache
def letters(request: HttpRequest) -> HttpResponse:
    """Say how many people await a letter, and plan a run."""
    form = LettersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _planned(request, Plan(**form.cleaned_data))
    now = timezone.now()
    context = {
        "form": form,
        "awaiting": awaiting(at=now).count(),
        "ordered": ordered(at=now).aggregate(
            count=Count("pk"), since=Min("initial_password_until")
        ),
        "runs": letter_runs.latest(most=RUNS_SHOWN, at=now),
    }
    return render(request, "enrolment/letters.html", context)


@staff(Role.REGISTRAR)
@never_cache
@require_safe
def run(request: HttpRequest, name: str) -> HttpResponse:
    """Show a run: planned, under way, or what became of it."""
    begun = letter_runs.look_up(name)
    if begun is None:
        return _confirmation(request, name)
    now = timezone.now()
    over = begun.ended or begun.broken_off(at=now)
    context = {
        "run": begun,
        "over": over,
        "broken_off": begun.broken_off(at=now),
        "unused": len(letter_runs.unused(begun)) if over else 0,
        "version": _version(begun),
    }
    return render(request, "enrolment/letters_run.html", context)


@staff(Role.REGISTRAR)
@require_POST
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Issue the letters of a planned run and send them, once."""
    plan, now = _plan(request, name), timezone.now()
    if plan is None:
        return redirect("enrolment:letters_run", name)
    try:
        issued = issue(
            accounts=plan.accounts or None, by=person_of(request).pk, at=now, run=name
        )
    except RunBegun:
        return redirect("enrolment:letters_run", name)
    written, content_type = FORMS[Kind(plan.kind)]
    stamp = timezone.localtime(now).strftime("%Y%m%dT%H%M%S")
    return StreamingHttpResponse(
        written(issued),
        content_type=content_type,
        headers={
            "Content-Disposition": f"attachment; filename=letters-{stamp}.{plan.kind}",
            "Cache-Control": "no-store",
            # A proxy that collects the file first would let the browser give up.
            "X-Accel-Buffering": "no",
        },
    )


@staff(Role.REGISTRAR)
@require_POST
def again(request: HttpRequest, name: str) -> HttpResponse:
    """Plan a run for the people whose letters were lost with a file."""
    begun = letter_runs.look_up(name)
    if begun is None:
        raise Http404
    accounts = letter_runs.unused(begun)
    if not accounts:
        return redirect("enrolment:letters_run", name)
    return _planned(request, Plan(kind=Kind.PDF.value, accounts=accounts))


@staff(Role.REGISTRAR)
@never_cache
@require_safe
def news(request: HttpRequest, name: str) -> JsonResponse:
    """Say whether something has moved since the page was made."""
    # A page that looks by itself does not keep a session alive.
    request.idle = True  # type: ignore[attr-defined]
    begun = letter_runs.look_up(name)
    if begun is None:
        return JsonResponse({"begun": False})
    return JsonResponse(
        {"begun": True, "version": _version(begun), "settled": begun.ended}
    )


def _planned(request: HttpRequest, plan: Plan) -> HttpResponse:
    name = letter_runs.new_name()
    request.session[f"letters:{name}"] = asdict(plan)
    return redirect("enrolment:letters_run", name)


def _plan(request: HttpRequest, name: str) -> Plan | None:
    kept = request.session.get(f"letters:{name}")
    return Plan(**kept) if kept else None


def _confirmation(request: HttpRequest, name: str) -> HttpResponse:
    plan = _plan(request, name)
    if plan is None:
        raise Http404
    meant = Person.objects.filter(account_name__in=plan.accounts)
    context = {
        "name": name,
        "kind": Kind(plan.kind),
        "named": bool(plan.accounts),
        "count": len(plan.accounts) or awaiting(at=timezone.now()).count(),
        "activated": meant.exclude(activated_at=None).count(),
    }
    return render(request, "enrolment/letters_confirm.html", context)


def _version(begun: Run) -> str:
    return f"{begun.done}{'.' if begun.ended else ''}"
