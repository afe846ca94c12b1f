"""What the worker does about myStudy, once and when we say so."""

from datetime import datetime

from django.utils import timezone

from accounts.connectors.contract import Connector
from accounts.connectors.mystudy import MyStudy
from accounts.reconciler.settle import settle_batch
from worker.fleet import FACTS


def settle(
    *people: int, connector: Connector | None = None, at: datetime | None = None
) -> None:
    """Look after everybody who is due now."""
    one = connector or MyStudy()
    while settle_batch(
        connector=one, facts=FACTS, at=at or timezone.now(), only=people or None
    ):
        pass
