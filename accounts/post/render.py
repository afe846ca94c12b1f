"""Writing mails from templates, in the language of whoever gets them."""

from collections.abc import Mapping

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from accounts.people.models import Person
from accounts.post.send import Text


def write(
    *, message: str, person: Person, context: Mapping[str, object] | None = None
) -> Text:
    """Write ``templates/mail/<message>/`` for a person; German where unknown."""
    facts = {
        "person": person,
        "portal_url": settings.PORTAL_URL,
        "help_desk_mail": settings.HELP_DESK_MAIL,
        "help_desk_phone": settings.HELP_DESK_PHONE,
        "help_desk_place": settings.HELP_DESK_PLACE,
        **(context or {}),
    }
    with translation.override(person.language or "de"):
        folder = f"mail/{message}"
        subject = render_to_string(f"{folder}/subject.txt", facts)
        return Text(
            subject=" ".join(subject.split()),
            plain=render_to_string(f"{folder}/body.txt", facts).strip() + "\n",
            html=render_to_string(f"{folder}/body.html", facts),
        )
