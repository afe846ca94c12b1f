"""Which version of which document a person has agreed to."""

from datetime import datetime

from django.conf import settings

from accounts.people.questions import Question
from accounts.signin.models import Acceptance

_AGREED = Question(
    lambda person: Acceptance.objects.filter(person_id=person).values_list(
        "document", "version"
    )
)


def documents() -> dict[str, str]:
    """Give the documents in force, with their versions."""
    return {"terms": settings.TERMS_VERSION, "privacy": settings.PRIVACY_VERSION}


def accept(*, person: int, at: datetime) -> None:
    """Record that the person (id) agreed to what is in force; twice changes nothing."""
    Acceptance.objects.bulk_create(
        [
            Acceptance(person_id=person, document=document, version=version, at=at)
            for document, version in documents().items()
        ],
        ignore_conflicts=True,
    )


def missing(*, person: int) -> bool:
    """Say whether a document in force has not been agreed to by the person (id)."""
    return not set(documents().items()) <= set(_AGREED(person))
