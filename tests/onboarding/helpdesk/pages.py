"""How tests read the desk's pages."""

import re
from typing import Any

from django.test import Client

from accounts.people.models import Person


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def find(client: Client, who: str) -> Any:
    return client.post("/help-desk/", {"who": who})


def opens(client: Client, person: Person, **said: str) -> Any:
    """Open a record for a reason; give the page."""
    reason = {"reason": "counter", **said}
    answer = client.post(f"/help-desk/{person.pk}/reason/", reason)
    return (
        client.get(f"/help-desk/{person.pk}/") if answer.status_code == 302 else answer
    )


def led_to(student: Client) -> str:
    """Say where the own history leads a student who is not shown it."""
    answer = student.get("/journey/history/")
    return str(answer.headers.get("Location", "")).partition("?")[0]
