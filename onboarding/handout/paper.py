"""The sheet of paper as a phone: whoever records one sends its lines like a phone does.

It goes through the same door, so that nothing of it is lost either.
"""

from uuid import UUID

from django.utils.crypto import salted_hmac

from onboarding.handout.models import Phone


def paper_key(person: int) -> UUID:
    """Name the paper of a person (id); no phone can take the name on."""
    said = salted_hmac("onboarding.handout.paper", str(person))
    return UUID(bytes=said.digest()[:16])


def is_paper(phone: Phone) -> bool:
    """Say whether this is no phone at all."""
    return phone.pk == paper_key(phone.person_id)
