"""The mails of this room."""

from accounts.mailbox.addresses import current
from accounts.post.models import Mail
from accounts.post.render import write
from accounts.post.send import Text, Writer


def _address_changed(mail: Mail) -> Text | None:
    address = current(mail.person_id)
    if address is None or address.address != mail.address:
        # There is a newer one by now, and a mail of its own about it.
        return None
    return write(message=mail.message, person=mail.person, context={"address": address})


WRITERS: dict[str, Writer] = {"mail_address_changed": _address_changed}
