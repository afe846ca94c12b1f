"""Writing a note, and giving a desk the notes that are meant for it."""

from datetime import datetime

from django.db import transaction

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


def for_the_help_desk(person: int) -> list[Note]:
    """Give all notes on a person (id), newest first; one question."""
    return list(Note.objects.filter(person=person).select_related("by"))


def for_the_library_desk(person: int) -> list[Note]:
    """Give what the library's desk may read of them."""
    both = Note.objects.filter(person=person, readers=Readers.BOTH)
    return list(both.select_related("by"))
