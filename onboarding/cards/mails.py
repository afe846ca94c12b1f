"""The mails of this room."""

from django.utils.translation import override

from accounts.post.models import Mail
from accounts.post.render import write
from accounts.post.send import Text, Writer
from onboarding.cards.deposits import RECEIPT
from onboarding.cards.handout import RECORDED
from onboarding.cards.models import Move
from onboarding.cards.numbers import masked
from onboarding.cards.receipts import printed, receipts_of


def _recorded(mail: Mail) -> Text | None:
    acts = Move.objects.select_related("card").filter(holding__isnull=False)
    given = acts.filter(pk=_key(mail)).first()
    if given is None:
        # It was taken back before the mail went out.
        return None
    facts = {"given": given, "card": masked(given.card.number)}
    return write(message=mail.message, person=mail.person, context=facts)


def _receipt(mail: Mail) -> Text | None:
    receipt = receipts_of(mail.person).filter(pk=_key(mail)).first()
    if receipt is None:
        return None
    with override(mail.person.language or "de"):
        facts = {"receipt": printed(receipt)}
    return write(message=mail.message, person=mail.person, context=facts)


def _key(mail: Mail) -> str:
    return mail.occasion.rpartition(":")[2]


WRITERS: dict[str, Writer] = {RECORDED: _recorded, RECEIPT: _receipt}
