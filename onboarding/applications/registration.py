"""Registering with the library: page after page is saved, then all is sent once."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.catalogue import systems
from accounts.connectors.contract import Registration
from accounts.due.mark import mark
from accounts.journal.record import record
from accounts.mailbox.reach import reachable
from accounts.people.models import Person
from accounts.post.send import ask_for
from onboarding.applications.age import age_of
from onboarding.applications.models import (
    LibraryRegistration,
    MistakenPage,
    SavedPage,
)
from onboarding.applications.sections import (
    SECTIONS,
    Section,
    Values,
    beginning,
    saved_pages,
    unsaved,
)

MESSAGE = "registration_received"
# Longer than any field takes; the rest of it would only fill the database.
TYPED_AT_MOST = 500
# Symbols that are not mistaken for one another.
_SYMBOLS = "23456789ACDEFGHJKMNPQRTVWXY"


class Incomplete(Exception):
    """A page has not been filled in."""

    def __init__(self, missing: Section) -> None:
        """Say which."""
        super().__init__(missing.key)
        self.missing = missing


def told_by(person: int) -> LibraryRegistration | None:
    """Give what a person (id) told the library last."""
    mine = LibraryRegistration.objects.filter(person=person)
    return mine.order_by("-version").first()


def save(*, person: Person, section: Section, values: Values, at: datetime) -> None:
    """Keep a page, over what was there before."""
    with transaction.atomic():
        SavedPage.objects.bulk_create(
            [SavedPage(person=person, section=section.key, values=values, saved_at=at)],
            update_conflicts=True,
            unique_fields=["person", "section"],
            update_fields=["values", "saved_at"],
        )
        MistakenPage.objects.filter(person=person, section=section.key).delete()


def keep_mistaken(
    *, person: Person, section: Section, typed: Mapping[str, str], at: datetime
) -> None:
    """Keep what was typed with a mistake in it, for as long as it takes to mend it."""
    mine = {
        name: typed[name][:TYPED_AT_MOST]
        for name in section.form.base_fields
        if name in typed
    }
    MistakenPage.objects.update_or_create(
        person=person, section=section.key, defaults={"typed": mine, "typed_at": at}
    )


def mistaken(person: int, section: Section) -> dict[str, str] | None:
    """Give what a person (id) typed last on a page, where that had a mistake in it."""
    rows = MistakenPage.objects.filter(person=person, section=section.key)
    return rows.values_list("typed", flat=True).first()


def drop(*, person: Person) -> None:
    """Let go of a correction that was begun; what was sent stays."""
    SavedPage.objects.filter(person=person).delete()
    MistakenPage.objects.filter(person=person).delete()


def answers_of(
    person: Person, *, told: LibraryRegistration | None
) -> dict[str, Values]:
    """Give every page that is filled in: saved, or as it was sent before."""
    saved = saved_pages(person.pk)
    if told is None:
        return saved
    before = {one.key: beginning(one, person=person, told=told) for one in SECTIONS}
    # Who agreed to the terms in force need not do so again.
    if told.terms_version == settings.LIBRARY_TERMS_VERSION:
        before["terms"] = {"agree": True}
    else:
        del before["terms"]
    return {**before, **saved}


def submit(*, person: Person, version: int, at: datetime) -> LibraryRegistration:
    """Send the form to the library, once for each version; Incomplete.

    ``version`` is the one that the page was made for: whoever sends it again gets what
    was sent. A correction that corrects nothing is none.
    """
    with transaction.atomic():
        # Two presses at the same moment queue here; the table's key is the guard.
        Person.objects.select_for_update().get(pk=person.pk)
        told = told_by(person.pk)
        if told is not None and version <= told.version:
            return told
        answers = answers_of(person, told=told)
        if missing := unsaved(answers):
            raise Incomplete(missing)
        fields = _fields(person, answers, at)
        if told is not None and told.fields == fields:
            drop(person=person)
            return told
        return _sent(person, told, fields, at)


def registrations_of(people: Sequence[int]) -> Mapping[int, Registration]:
    """Give what these people (ids) told the library last, with one query."""
    rows = LibraryRegistration.objects.filter(person__in=people).order_by("version")
    return {
        row.person_id: Registration(
            receipt=row.reference,
            submitted_at=row.submitted_at,
            fields=tuple((name, value) for name, value in row.fields),
        )
        for row in rows
    }


def _sent(
    person: Person,
    told: LibraryRegistration | None,
    fields: list[list[str]],
    at: datetime,
) -> LibraryRegistration:
    mine = LibraryRegistration(
        person=person,
        version=told.version + 1 if told else 1,
        reference=told.reference if told else _reference(),
        submitted_at=at,
        fields=fields,
        terms_version=settings.LIBRARY_TERMS_VERSION,
    )
    try:
        with transaction.atomic():
            mine.save(force_insert=True)
    except IntegrityError:
        # Another request was first: its row stands, and this one does nothing.
        return LibraryRegistration.objects.get(person=person, version=mine.version)
    drop(person=person)
    _tell(person, mine, at)
    return mine


def _tell(person: Person, kept: LibraryRegistration, at: datetime) -> None:
    if systems.LIBRARY in systems.NAMES:
        mark(people=[person.pk], systems=[systems.LIBRARY], at=at)
    first = kept.version == 1
    record(
        what="library_registered" if first else "library_registration_corrected",
        at=at,
        whom=person.pk,
        who=person.pk,
        facts={"reference": kept.reference},
    )
    if address := reachable(person.pk):
        ask_for(
            person=person.pk,
            message=MESSAGE,
            address=address,
            occasion=f"{MESSAGE}:{kept.pk}",
            at=at,
        )


def _fields(
    person: Person, answers: Mapping[str, Values], at: datetime
) -> list[list[str]]:
    """Give what the library gets, in the order of the form."""
    told = {
        "family_name": person.family_name,
        "given_names": person.given_names,
        **{
            name: str(value)
            for one in SECTIONS
            for name, value in answers[one.key].items()
            if name != "agree"
        },
        "consent_form": age_of(person.birth_date, on=timezone.localdate(at)).value,
        "terms_version": settings.LIBRARY_TERMS_VERSION,
    }
    return [[name, value] for name, value in told.items()]


def _reference() -> str:
    symbols = [secrets.choice(_SYMBOLS) for _ in range(8)]
    return f"{''.join(symbols[:4])}-{''.join(symbols[4:])}"
