"""One act for many: what will happen is shown first, then it is asked for or done."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.catalogue import systems
from accounts.people.models import Language, Person
from accounts.post.send import Text
from accounts.signin.guard import staff
from accounts.signin.step_up import freshly
from onboarding.helpdesk.agents import DESK, Agent, agent_of
from onboarding.helpdesk.pages import CONFLICT
from onboarding.helpdesk.refusals import Refused
from onboarding.helpdesk.systems import NAMES
from onboarding.watch import behind, many, reminding
from onboarding.watch.asked import REMINDER
from onboarding.watch.behind import Number
from onboarding.watch.figures import SYSTEM_OF
from onboarding.watch.forms import ScopeForm
from onboarding.watch.many import Plan
from onboarding.watch.scope import Scope
from onboarding.watch.titles import part_of, title_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_ASK, _DO = "ask", "do"


@staff(*DESK)
@never_cache
@freshly
@_FORM
def look_again(request: HttpRequest, kind: str, about: str, how: str) -> HttpResponse:
    """Have systems look again at everybody behind a number."""
    number, scope = Number(kind, about, how), ScopeForm(request.GET).scope()
    if not number.known:
        raise Http404
    plan, left_out = _looks(number, scope, agent_of(request))
    context = {
        "number": number,
        "title": title_of(number),
        "scope": scope,
        "part": part_of(scope),
        "systems": [NAMES[one] for one in plan.systems],
        "left_out": left_out,
    }
    return _acted(request, plan, "watch/look_again.html", context)


@staff(*DESK)
@never_cache
@freshly
@_FORM
def remind(request: HttpRequest) -> HttpResponse:
    """Remind those of a part by mail who have not started and whom a mail reaches."""
    form = ScopeForm(request.GET)
    scope, agent = form.scope(), agent_of(request)
    reached = reminding.reach(scope, lead=agent.lead, at=timezone.now())
    plan = Plan(many.REMIND, f"{REMINDER}{scope.query}", reached.by_mail)
    context = {
        "form": form,
        "scope": scope,
        "reach": reached,
        "mails": [_sample(language) for language in Language.values],
    }
    return _acted(request, plan, "watch/remind.html", context)


def _looks(number: Number, scope: Scope, agent: Agent) -> tuple[Plan, int]:
    """Plan it without the agent's own record, and without those for the lead alone."""
    ids = behind.people(number, scope, at=timezone.now())
    rows = scope.people().order_by("pk").values_list("pk", "confidential")
    mine = tuple(
        key
        for key, confidential in rows
        if key in ids and key != agent.person.pk and (agent.lead or not confidential)
    )
    plan = Plan(
        kind=many.LOOK_AGAIN,
        about=f"{number.kind}/{number.about}/{number.how}{scope.query}",
        people=mine,
        systems=_systems(number),
    )
    return plan, len(ids) - len(mine)


def _systems(number: Number) -> tuple[str, ...]:
    one = number.about
    if number.kind == behind.STEP:
        one = SYSTEM_OF.get(number.about, "")
    return (one,) if one in systems.NAMES else systems.NAMES


def _acted(
    request: HttpRequest, plan: Plan, page: str, context: dict[str, object]
) -> HttpResponse:
    by, now, refused = agent_of(request).person, timezone.now(), ""
    pressed, seal = (request.POST.get(name, "") for name in ("press", "seal"))
    try:
        if pressed == _ASK and plan.people:
            many.ask(plan, seal=seal, by=by, at=now)
            return redirect(request.get_full_path())
        if pressed == _DO:
            act = _act(request)
            context["done"] = many.carry_out(plan, act=act, seal=seal, by=by, at=now)
    except Refused as refusal:
        refused = str(refusal)
    context |= {
        "plan": many.prepared(plan, by=by, at=now),
        "act": uuid4(),
        "refused": refused,
    }
    return render(request, page, context, status=CONFLICT if refused else 200)


def _act(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("act", ""))
    except ValueError as wrong:
        raise Http404 from wrong


def _sample(language: str) -> tuple[str, Text]:
    somebody = Person(chosen_name="…", language=language)
    return language, reminding.preview(somebody)
