"""Systems are asked whether they are there, also while nobody is due in them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.connectors.directory import Directory
from accounts.reconciler.models import Pulse
from accounts.reconciler.pulse import EVERY, MISSED_AFTER, SOON, feel, missed_since
from onboarding.demo.servers.slapd import Slapd

pytestmark = pytest.mark.django_db


def felt(at: datetime) -> Pulse:
    feel([Directory()], at=at)
    return Pulse.objects.get(system="directory")


def test_a_silent_system_is_known_within_a_minute_and_asked_again_soon(
    slapd: Slapd,
) -> None:
    began = timezone.now()
    well = felt(began)
    assert (well.word, well.silent_since) == ("", None)

    slapd.kill()
    assert felt(well.asked_at + EVERY / 2).word == ""
    silent = felt(well.asked_at + EVERY)
    assert silent.word
    assert not silent.word.startswith("!")
    assert silent.silent_since is not None
    assert silent.silent_since >= well.asked_at

    # Still away: since the first time that it did not answer.
    again = felt(silent.asked_at + SOON)
    assert again.asked_at > silent.asked_at
    assert again.silent_since == silent.silent_since

    slapd.start()
    back = felt(again.asked_at + SOON)
    assert (back.word, back.silent_since) == ("", None)


def test_a_worker_that_asks_no_more_is_missed(slapd: Slapd) -> None:
    assert missed_since(at=timezone.now()) is None
    felt(timezone.now())
    # A worker that other tests left at its work may have asked as well.
    last = Pulse.objects.latest("asked_at").asked_at

    assert missed_since(at=last + MISSED_AFTER) is None
    assert missed_since(at=last + MISSED_AFTER + timedelta(seconds=1)) == last
