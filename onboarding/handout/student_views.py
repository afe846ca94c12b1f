"""One student at the coordinator's: find, move, take back, swap."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.journal.looks import note_look
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.people.search import find_students
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards.finding import find as find_somebody
from onboarding.cards.models import Move, Why
from onboarding.cards.numbers import masked
from onboarding.cards.refusals import Refused
from onboarding.enrolment.facts import group_of
from onboarding.enrolment.moving import move_to_group
from onboarding.handout import corrections
from onboarding.handout.forms import FindForm, MoveForm, SwapForm, TakeBackForm

CONFLICT = 409
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.COORDINATOR)
@never_cache
@_FORM
def find(request: HttpRequest) -> HttpResponse:
    """Find a student about whom something is to be put right."""
    form = FindForm(sent(request))
    found = None
    if form.is_bound and form.is_valid():
        found = find_students(form.cleaned_data["who"])
        if len(found.people) == 1:
            return redirect("handout:student", found.people[0].pk)
    status = answers.MISTAKEN if form.errors else 200
    return render(
        request, "handout/find.html", {"form": form, "found": found}, status=status
    )


@staff(Role.COORDINATOR)
@never_cache
@_FORM
def student(request: HttpRequest, key: int) -> HttpResponse:
    """Show a student's group and card; by POST, move to another group."""
    person, by = _student(key), person_of(request)
    note_look(whom=person.pk, by=by.pk, at=timezone.now(), place="board")
    form = MoveForm(sent(request))
    if form.is_bound and form.is_valid():
        if by.pk == person.pk:
            raise PermissionDenied
        move_to_group(
            person=person, group=form.cleaned_data["group"], by=by, at=timezone.now()
        )
        return redirect("handout:student", key)
    return _page(request, person, form)


@staff(Role.COORDINATOR)
@never_cache
@require_POST
def take_back(request: HttpRequest, key: int) -> HttpResponse:
    """Take the hand-out of a student's card back, with a reason."""
    person = _student(key)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form)
    try:
        corrections.take_back(
            act=_act(request),
            person=person,
            reason=Why(form.cleaned_data["reason"]),
            by=person_of(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, person, refused=str(refused))
    return redirect("handout:student", key)


@staff(Role.COORDINATOR)
@never_cache
@require_POST
def swap(request: HttpRequest, key: int) -> HttpResponse:
    """Let a student and another have each other's card."""
    person = _student(key)
    if Move.objects.filter(act=_act(request)).exists():
        # Pressed twice: by now the number names the other of the two.
        return redirect("handout:student", key)
    form = SwapForm(request.POST)
    other = _other(form, person) if form.is_valid() else None
    if other is None:
        return _page(request, person, form)
    try:
        corrections.swap(
            act=_act(request),
            one=person,
            other=other,
            by=person_of(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, person, refused=str(refused))
    return redirect("handout:student", key)


def _page(
    request: HttpRequest,
    person: Person,
    form: Form | None = None,
    *,
    refused: str = "",
) -> HttpResponse:
    given = Move.objects.filter(holding__person=person).select_related("card", "by")
    held = given.first()
    wrong = form if form is not None and form.errors else None
    context = {
        "person": person,
        "group": group_of(person.pk),
        "given": held,
        "card": masked(held.card.number) if held else "",
        "act": uuid4(),
        "move": form if isinstance(form, MoveForm) else MoveForm(),
        "back_form": form if isinstance(form, TakeBackForm) else TakeBackForm(),
        "swap": form if isinstance(form, SwapForm) else SwapForm(),
        "form": wrong,
        "refused": refused,
    }
    status = CONFLICT if refused else answers.MISTAKEN if wrong else 200
    return render(request, "handout/student.html", context, status=status)


def _other(form: SwapForm, person: Person) -> Person | None:
    """Give whoever was meant, if it is one and somebody else."""
    people = find_somebody(form.cleaned_data["other"]).people
    if len(people) == 1 and people[0].pk != person.pk:
        return people[0]
    several = _("Several people have this name. Type the user name or card number.")
    nobody = _("Nobody else was found by this.")
    form.add_error("other", several if len(people) > 1 else nobody)
    return None


def _student(key: int) -> Person:
    return get_object_or_404(Person, pk=key, kind="student")


def _act(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("act", ""))
    except ValueError as wrong:
        raise Http404 from wrong
