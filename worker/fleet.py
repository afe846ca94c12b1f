"""What the rooms give the worker, written out: systems, facts, mails."""

from accounts.connectors.contract import Connector
from accounts.connectors.directory import Directory
from accounts.connectors.mailbox import Mailboxes
from accounts.connectors.mystudy import MyStudy
from accounts.connectors.switched_on import switched_on
from accounts.mailbox import mails as mailbox_mails
from accounts.post.send import Writer
from accounts.reconciler.subject import Facts
from accounts.signin import mails
from onboarding.enrolment.facts import programmes_of

CONNECTORS: tuple[Connector, ...] = (
    Directory(),
    Mailboxes(),
    MyStudy(),
    *switched_on(),
)
FACTS = Facts(programmes=programmes_of)
WRITERS: dict[str, Writer] = {**mails.WRITERS, **mailbox_mails.WRITERS}
