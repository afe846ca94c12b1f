"""The mail of this room."""

from accounts.post.models import Mail
from accounts.post.render import write
from accounts.post.send import Text, Writer
from onboarding.applications.models import LibraryRegistration
from onboarding.applications.registration import MESSAGE


def _received(mail: Mail) -> Text | None:
    number = mail.occasion.rpartition(":")[2]
    told = LibraryRegistration.objects.filter(pk=number).first()
    if told is None:
        return None
    return write(message=mail.message, person=mail.person, context={"told": told})


WRITERS: dict[str, Writer] = {MESSAGE: _received}
