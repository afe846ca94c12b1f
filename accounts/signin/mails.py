"""The mails of this room; a code in one is born as it is written."""

from django.utils import timezone

from accounts.post.models import Mail
from accounts.post.render import write
from accounts.post.send import Text, Writer
from accounts.signin import tidings
from accounts.signin.codes import open_code
from accounts.signin.models import MailedCode


def _code(mail: Mail) -> Text | None:
    number = int(mail.occasion.partition(":")[2])
    code = MailedCode.objects.filter(
        pk=number, used_at=None, good_until__gt=timezone.now()
    ).first()
    if code is None:
        return None
    digits = open_code(code=code)
    return write(
        message=mail.message,
        person=mail.person,
        context={
            "code": f"{digits[:4]} {digits[4:]}",
            "good_until": timezone.localtime(code.good_until),
        },
    )


def _plain(mail: Mail) -> Text:
    # It may have waited for an address: the mail says when it was.
    context = {"when": timezone.localtime(mail.asked_at)}
    return write(message=mail.message, person=mail.person, context=context)


WRITERS: dict[str, Writer] = {
    "code_prove_address": _code,
    "code_new_password": _code,
    "code_prove_mailbox": _code,
    "account_activated": _plain,
    "password_changed": _plain,
    "recovery_address_changed": _plain,
    tidings.INITIAL_PASSWORD_SET: _plain,
    tidings.LETTER_ORDERED: _plain,
    tidings.RECOVERY_ADDRESS_SET: _plain,
    tidings.RECOVERY_ADDRESS_REMOVED: _plain,
    tidings.MAIL_PASSWORD_SET: _plain,
    tidings.MAIL_PASSWORD_REMOVED: _plain,
    tidings.MYSTUDY_PASSWORD_SET: _plain,
}
