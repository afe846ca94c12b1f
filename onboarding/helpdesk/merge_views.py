"""Merging two accounts: seen side by side, asked of a second agent, done once."""

from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.journal.lists import note_list
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.guard import roles_of, staff
from accounts.signin.sessions import person_of
from onboarding.helpdesk import approvals, looks, merging
from onboarding.helpdesk.asked import asked
from onboarding.helpdesk.doors import Guarded, Visit, opened, repairing
from onboarding.helpdesk.guarding import perhaps_family
from onboarding.helpdesk.looks import Reason
from onboarding.helpdesk.merge_forms import MergeForm, SecondForm
from onboarding.helpdesk.merge_seen import compared, suspicions
from onboarding.helpdesk.merged import merged_by
from onboarding.helpdesk.merging import Pair
from onboarding.helpdesk.pages import CONFLICT
from onboarding.helpdesk.refusals import Refused
from onboarding.helpdesk.seen import twins_of

_FOR_GOOD = "approved"


def _once(view: Guarded) -> Guarded:
    """Answer a second press as the first one, also where this record is closed now."""

    @opened
    @wraps(view)
    def guarded(request: HttpRequest, visit: Visit) -> HttpResponseBase:
        if visit.person.merged_into_id and request.POST.get("press") == _FOR_GOOD:
            stays = merged_by(visit.agent, asked_at=visit.person)
            if stays:
                return _merged(stays)
        return view(request, key=visit.person.pk)

    return guarded


@_once
@repairing
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Compare, ask, and do; what is typed stands in no address."""
    if request.method != "POST":
        # Nobody sees a second record without a press: that look is written down, too.
        return _page(request, visit, SecondForm(initial=_suspected(visit)))
    pressed = request.POST.get("press", "")
    try:
        if pressed == _FOR_GOOD:
            stays = merging.merge_approved(
                person=visit.person, agent=visit.agent, at=timezone.now()
            )
            return _merged(stays)
        return _asked(request, visit, SecondForm(request.POST), ask=pressed == "ask")
    except Refused as refused:
        return _page(request, visit, SecondForm(), refused=str(refused))


def _merged(stays: Person) -> HttpResponse:
    url = reverse("helpdesk:person", args=[stays.pk])
    return redirect(f"{url}?done=merged")


def _suspected(visit: Visit) -> dict[str, str]:
    """Give the one account that is suspected, to be compared with one press."""
    others = twins_of(visit.person)
    return {"other": others[0].account_name} if len(others) == 1 else {}


def _asked(
    request: HttpRequest, visit: Visit, second: SecondForm, *, ask: bool
) -> HttpResponse:
    if not second.is_valid():
        return _page(request, visit, second)
    other = merging.second_account(
        typed=second.cleaned_data["other"], person=visit.person, agent=visit.agent
    )
    first = merging.proposed(visit.person, other)
    pair = (first, other if first == visit.person else visit.person)
    form = MergeForm(request.POST if ask else None, pair=pair)
    merging.check_mergeable(Pair(*pair))
    _look_at(other, visit)
    if ask and form.is_valid():
        merging.ask(
            person=visit.person,
            pair=_chosen(pair, form.cleaned_data["stays"]),
            check=form.facts,
            by=visit.agent.person,
            at=timezone.now(),
        )
        return redirect("helpdesk:merge", visit.person.pk)
    return _page(request, visit, second, form=form, pair=pair)


def _look_at(other: Person, visit: Visit) -> None:
    """Note the look at the second record, for the reason of the first."""
    at, by = timezone.now(), visit.agent.person
    if visit.look is not None and looks.current(person=other, by=by, at=at) is None:
        if perhaps_family(other.family_name, by):
            raise merging.AskedFirst
        ticket = str(visit.look.facts.get("ticket", ""))
        why = Reason(visit.look.why)
        looks.look(person=other, by=by, reason=why, ticket=ticket, at=at)


def _chosen(pair: tuple[Person, Person], stays: str) -> Pair:
    first, other = pair
    return Pair(first, other) if first.account_name == stays else Pair(other, first)


def _page(  # noqa: PLR0913 - a page has that many sides
    request: HttpRequest,
    visit: Visit,
    second: SecondForm,
    *,
    form: MergeForm | None = None,
    pair: tuple[Person, ...] = (),
    refused: str = "",
) -> HttpResponse:
    at = timezone.now()
    kind, agent = approvals.MERGE, visit.agent
    context = {
        "visit": visit,
        "second": second,
        "form": form,
        "pair": pair,
        "facts": compared(*pair) if pair else (),
        "refused": refused,
        "asked": asked(kind=kind, person=visit.person, agent=agent, at=at),
    }
    wrong = second.errors or (form and form.errors)
    status = CONFLICT if refused else answers.MISTAKEN if wrong else 200
    return render(request, "helpdesk/merge.html", context, status=status)


@staff(Role.HELP_DESK_LEAD, Role.REGISTRAR)
@never_cache
@require_safe
def suspected(request: HttpRequest) -> HttpResponse:
    """List accounts that may be one person's, for who may look into it."""
    by = person_of(request)
    lead = Role.HELP_DESK_LEAD in roles_of(person=by)
    found = suspicions(lead=lead)
    count = sum(len(one.people) for one in found.shown)
    note_list(which="suspected", by=by.pk, at=timezone.now(), count=count)
    context = {"suspicions": found.shown, "more": found.more, "lead": lead}
    return render(request, "helpdesk/suspected.html", context)
