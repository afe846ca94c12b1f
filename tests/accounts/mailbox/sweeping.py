"""What the worker does about mailboxes and mails, once and when we say so."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.connectors.mailbox import Mailboxes
from accounts.mailbox.reach import reachable
from accounts.post.send import send_due
from accounts.reconciler.settle import settle_batch
from worker.fleet import FACTS, WRITERS


def set_up_mailboxes(*, later: timedelta = timedelta()) -> None:
    """Look after every mailbox that is due now, or would be after a while."""
    at = timezone.now() + later
    while settle_batch(connector=Mailboxes(), facts=FACTS, at=at):
        pass


def send_mails() -> None:
    while send_due(writers=WRITERS, reach=reachable, at=timezone.now()):
        pass


def now() -> datetime:
    return timezone.now()
