"""The mails of this room."""

from django.utils import timezone

from accounts.factors import tidings
from accounts.post.models import Mail
from accounts.post.render import write
from accounts.post.send import Text, Writer


def _plain(mail: Mail) -> Text:
    context = {"when": timezone.localtime(mail.asked_at)}
    return write(message=mail.message, person=mail.person, context=context)


WRITERS: dict[str, Writer] = {
    tidings.ADDED: _plain,
    tidings.REMOVED: _plain,
    tidings.RESET: _plain,
}
