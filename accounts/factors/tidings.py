"""What somebody is told by mail about the own second factor."""

from datetime import datetime

from accounts.directory import gateway
from accounts.directory.errors import DirectoryError
from accounts.people.models import Kind, Person
from accounts.post.send import ask_for

ADDED, REMOVED = "second_factor_added", "second_factor_removed"
RESET = "second_factor_reset"


def tell(person: int, message: str, *, address: str, at: datetime) -> None:
    """Tell a person (id) what was done at this moment."""
    occasion = f"{message}:{person}:{at.timestamp():.3f}"
    ask_for(person=person, message=message, address=address, occasion=occasion, at=at)


def address_of(person: Person) -> str:
    """Give the address of somebody of the staff, as the directory has it.

    A student who works here reads where the portal always writes: then it is empty.
    """
    if person.kind != Kind.STAFF:
        return ""
    try:
        entry = gateway.person(person.account_name)
    except DirectoryError:
        return ""
    return entry.one("mail") if entry else ""
