"""Sessions are found as Django finds them."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.signin.session_store import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


@pytest.fixture
def key() -> str:
    session = SessionStore()
    session["seen"] = 7
    session.save()
    assert session.session_key
    return session.session_key


def test_a_session_is_found(key: str) -> None:
    session = SessionStore(key)

    assert session["seen"] == 7
    assert session.session_key == key


def test_a_session_that_is_over_is_none(key: str) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    session = SessionStore(key)

    assert dict(session.items()) == {}
    assert session.session_key is None


def test_a_session_that_never_was_is_none(key: str) -> None:
    session = SessionStore("0123456789abcdefghijklmnopqrstuv")

    assert dict(session.items()) == {}
    assert session.session_key is None


def test_what_is_written_into_a_session_stays(key: str) -> None:
    session = SessionStore(key)
    session["path"] = "/journey/"
    session.save()

    assert SessionStore(key)["path"] == "/journey/"


def test_a_session_that_was_ended_is_none(key: str) -> None:
    SessionStore(key).flush()

    assert dict(SessionStore(key).items()) == {}
