"""What the rooms give the worker, written out: systems, facts, mails."""

from accounts.connectors.contract import Connector
from accounts.connectors.directory import Directory
from accounts.connectors.mailbox import Mailboxes
from accounts.connectors.mystudy import MyStudy
from accounts.connectors.switched_on import switched_on
from accounts.factors import mails as factor_mails
from accounts.mailbox import mails as mailbox_mails
from accounts.post.send import Writer
from accounts.reconciler.subject import Facts
from accounts.signin import mails
from onboarding.applications import mails as library_mails
from onboarding.applications.registration import registrations_of
from onboarding.cards import mails as card_mails
from onboarding.cards.handout import card_numbers_of
from onboarding.enrolment.facts import programmes_of
from onboarding.handout import closing
from onboarding.watch import reminding

CONNECTORS: tuple[Connector, ...] = (
    Directory(),
    Mailboxes(),
    MyStudy(),
    *switched_on(),
)
FACTS = Facts(
    programmes=programmes_of,
    card_numbers=card_numbers_of,
    registrations=registrations_of,
)
WRITERS: dict[str, Writer] = {
    **mails.WRITERS,
    **factor_mails.WRITERS,
    **mailbox_mails.WRITERS,
    **library_mails.WRITERS,
    **card_mails.WRITERS,
    **closing.WRITERS,
    **reminding.WRITERS,
}
