"""What people are told by mail about their own account; each thing once."""

from datetime import datetime

from accounts.people.models import Person
from accounts.post.send import ask_for

ACTIVATED, PASSWORD_CHANGED = "account_activated", "password_changed"
INITIAL_PASSWORD_SET = "initial_password_set"  # noqa: S105
LETTER_ORDERED = "letter_ordered"
RECOVERY_ADDRESS_SET = "recovery_address_set"
RECOVERY_ADDRESS_REMOVED = "recovery_address_removed"
MAIL_PASSWORD_SET = "mail_password_set"  # noqa: S105 - a mail's name
MAIL_PASSWORD_REMOVED = "mail_password_removed"  # noqa: S105
MYSTUDY_PASSWORD_SET = "mystudy_password_set"  # noqa: S105


def tell(*, person: int, message: str, at: datetime) -> None:
    """Tell a person (id), where they read mail, what was done at this moment."""
    occasion = f"{message}:{person}:{at.timestamp():.3f}"
    ask_for(person=person, message=message, occasion=occasion, at=at)


def tell_activated(*, person: int, at: datetime) -> None:
    """Tell a person (id) that the account is active; whoever notices may ask for it."""
    ask_for(person=person, message=ACTIVATED, occasion=f"{ACTIVATED}:{person}", at=at)


def tell_password_changed(*, person: int, at: datetime) -> None:
    """Tell a person (id) that there is a new password; each change is told once."""
    changes = Person.objects.values_list("password_changes", flat=True).get(pk=person)
    ask_for(
        person=person,
        message=PASSWORD_CHANGED,
        occasion=f"{PASSWORD_CHANGED}:{person}:{changes}",
        at=at,
    )
