"""The registration with the library, page by page; no directory is asked."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.catalogue.systems import LIBRARY
from accounts.people.models import Person
from accounts.reconciler.evidence import evidence_of
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.sessions import kept, person_of, whose
from accounts.signin.students import students
from onboarding.applications import registration, sections
from onboarding.applications.age import Age, age_of
from onboarding.applications.models import LibraryRegistration
from onboarding.applications.registration import Incomplete
from onboarding.applications.sections import Section, Values

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@students
def step(request: HttpRequest) -> HttpResponse:
    """Say what the registration is for, and where it stands."""
    person = person_of(request)
    if registration.told_by(person.pk):
        return redirect("applications:receipt")
    saved = sections.saved_pages(person.pk)
    following = sections.unsaved(saved)
    return _page(request, "step", person, begun=bool(saved), next=following)


@_FORM
@students
def section(request: HttpRequest, key: str) -> HttpResponse:
    """Show one page of the form, and save it."""
    one = sections.section(key)
    if one is None:
        raise Http404
    person = person_of(request)
    told = registration.told_by(person.pk)
    filled = registration.answers_of(person, told=told)
    initial = filled.get(key) or sections.beginning(one, person=person, told=told)
    typed: Mapping[str, Any] | None = sent(request)
    in_vain = kept(request)
    if typed is None and not in_vain:
        typed = registration.mistaken(person.pk, one)
    form = one.form(typed, initial={**initial, **in_vain})
    if request.method == "POST" and form.is_bound:
        if form.is_valid():
            return _saved(person, one, form.cleaned_data, filled)
        registration.keep_mistaken(
            person=person, section=one, typed=request.POST, at=timezone.now()
        )
    number = sections.SECTIONS.index(one) + 1
    return _page(
        request,
        "section",
        person,
        status=answers.MISTAKEN if request.method == "POST" else 200,
        form=form,
        section=one,
        whose=whose(person),
        number=number,
        sections=len(sections.SECTIONS),
        before=sections.SECTIONS[number - 2] if number > 1 else None,
        # Everything is filled in: this page is only looked at once more.
        complete=sections.unsaved(filled) is None,
    )


def _saved(
    person: Person,
    section: Section,
    values: Values,
    filled: dict[str, Values],
) -> HttpResponse:
    """Keep a page that is right, and lead on to what is still to be filled in."""
    registration.save(person=person, section=section, values=values, at=timezone.now())
    following = sections.unsaved({**filled, section.key: values})
    if following is None:
        return redirect("applications:check")
    return redirect("applications:section", following.key)


@_FORM
@students
def check(request: HttpRequest) -> HttpResponse:
    """Show all answers before they are sent, and send them."""
    person = person_of(request)
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            registration.submit(
                person=person,
                version=int(version) if version.isdecimal() else 0,
                at=timezone.now(),
            )
        except Incomplete as incomplete:
            return redirect("applications:section", incomplete.missing.key)
        return redirect("applications:receipt")
    told = registration.told_by(person.pk)
    filled = registration.answers_of(person, told=told)
    if missing := sections.unsaved(filled):
        return redirect("applications:section", missing.key)
    answered = {name: value for one in filled.values() for name, value in one.items()}
    return _page(
        request,
        "check",
        person,
        answers=answered,
        told=told,
        version=told.version + 1 if told else 1,
    )


@require_safe
@students
def receipt(request: HttpRequest) -> HttpResponse:
    """Show what was sent, and under which number."""
    person = person_of(request)
    told = registration.told_by(person.pk)
    if told is None:
        return redirect("applications:registration")
    handed_over = evidence_of(person.pk).get((LIBRARY, "handed_over"))
    return _page(
        request,
        "receipt",
        person,
        told=told,
        handed_over=_covers(told, handed_over.seen_at if handed_over else None),
        correcting=bool(sections.saved_pages(person.pk)),
    )


@require_POST
@students
def drop(request: HttpRequest) -> HttpResponse:
    """Let go of a correction that was begun."""
    registration.drop(person=person_of(request))
    return redirect("applications:registration")


def _covers(told: LibraryRegistration, seen_at: object) -> bool:
    """Say whether the library has been given this version, not one before it."""
    return seen_at is not None and told.submitted_at <= seen_at  # type: ignore[operator]


def _page(
    request: HttpRequest,
    name: str,
    person: Person,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    age = age_of(person.birth_date, on=timezone.localdate())
    context = {
        "person": person,
        "bring_consent": age is not Age.ADULT,
        "library": {
            "page": settings.LIBRARY_PAGE_URL,
            "terms": settings.LIBRARY_TERMS_URL,
            "consent": settings.LIBRARY_CONSENT_URL,
            "mail": settings.LIBRARY_DESK_MAIL,
            "place": settings.LIBRARY_DESK_PLACE,
        },
        **more,
    }
    return render(request, f"applications/{name}.html", context, status=status)
