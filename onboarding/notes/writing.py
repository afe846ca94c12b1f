"""Writing a note, and giving a desk the notes that are meant for it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.notes.models import Note, Readers


def write(
    *, person: Person, by: Person, text: str, readers: Readers, at: datetime
) -> Note:
    """Keep a note; the journal says that there is one, not what stands in it."""
    with transaction.atomic():
        note = Note.objects.create(
            person=person, by=by, at=at, text=text, readers=readers
        )
        facts = {"readers": readers.value}
        record(what="note_written", at=at, whom=person.pk, who=by.pk, facts=facts)
    return note


def for_the_help_desk(accounts: Sequence[int]) -> list[Note]:
    """Give all notes on a person's accounts (ids), newest first; one question."""
    return list(Note.objects.filter(person__in=accounts).select_related("by"))


def for_the_library_desk(person: int) -> list[Note]:
    """Give what the library's desk may read of them, closed accounts' as well."""
    theirs = Q(person=person) | Q(person__merged_into=person)
    both = Note.objects.filter(theirs, readers=Readers.BOTH)
    return list(both.select_related("by"))
