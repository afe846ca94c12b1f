"""Whether target systems answer at all, also while nobody is due in them.

What people wait for says nothing of a system from which nobody wants anything now. The
worker asks each the harmless question of its contract, once a minute, and a silent one
every few seconds; how old the last asking is says whether the worker itself is there.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.connectors.contract import (
    Connector,
    PermanentFailure,
    TemporaryFailure,
)
from accounts.due.lease import PARKED
from accounts.reconciler.models import Pulse

log = logging.getLogger(__name__)

LONGEST = 255

EVERY, SOON = timedelta(minutes=1), timedelta(seconds=10)
# Systems that take their time to be silent are asked one after the other.
MISSED_AFTER = timedelta(minutes=5)


def feel(connectors: Iterable[Connector], *, at: datetime) -> None:
    """Ask those systems that were not asked a short time ago."""
    known = {one.system: one for one in Pulse.objects.all()}
    for connector in connectors:
        before = known.get(connector.name)
        if before is None or before.asked_at + _rest(before) <= at:
            _note(connector.name, _asked(connector), before)


def missed_since(*, at: datetime) -> datetime | None:
    """Say since when the worker asks no system any more; nothing where it does.

    Nothing either where no worker has ever asked one.
    """
    asked = Pulse.objects.order_by("-asked_at").values_list("asked_at", flat=True)
    last = asked.first()
    return last if last is not None and last < at - MISSED_AFTER else None


def _rest(before: Pulse) -> timedelta:
    return SOON if before.word else EVERY


def _asked(connector: Connector) -> str:
    """Give the word of the failure, marked like a parked row's where it is for good."""
    try:
        connector.ask()
    except TemporaryFailure as failure:
        return str(failure)[:LONGEST]
    except PermanentFailure as failure:
        return f"{PARKED}{failure}"[:LONGEST]
    return ""


def _note(system: str, word: str, before: Pulse | None) -> None:
    # The answer may have taken its time: what counts is when it came.
    at = timezone.now()
    since = (before.silent_since if before else None) or at
    if bool(word) != bool(before and before.word):
        log.warning("%s: %s", system, word or "answers again")
    Pulse.objects.update_or_create(
        system=system,
        defaults={
            "asked_at": at,
            "word": word,
            "silent_since": since if word else None,
        },
    )
