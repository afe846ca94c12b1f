"""What people and the log are told when something does not go through."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.signin.models import Attempts
from onboarding.look.logs import BriefRefusals

pytestmark = [pytest.mark.rules, pytest.mark.django_db(transaction=True)]

FORM = {"account": "lg100001", "password": "kiesel tanzt barfuss"}


@contextmanager
def held_by_somebody_else(table: str) -> Iterator[None]:
    """Let another connection keep everybody from writing into ``table``."""
    other = connection.copy()
    lock = (
        "BEGIN IMMEDIATE"
        if connection.vendor == "sqlite"
        else f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"
    )
    try:
        with other.cursor() as cursor:
            cursor.execute(lock)
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def in_a_hurry() -> None:
    """Wait for a lock for a moment only."""
    patience = (
        "PRAGMA busy_timeout = 100"
        if connection.vendor == "sqlite"
        else "SET lock_timeout = '100ms'"
    )
    with connection.cursor() as cursor:
        cursor.execute(patience)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "One moment, please."), ("de", "Einen Moment, bitte.")],
)
def test_a_database_that_is_held_is_no_fault_of_ours_or_theirs(
    language: str, words: str
) -> None:
    client = Client(raise_request_exception=False)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    in_a_hurry()

    with held_by_somebody_else(Attempts._meta.db_table):
        answer = client.post("/sign-in/", FORM)
    connection.close()

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert words in answer.content.decode()
    assert not Attempts.objects.exists()


def test_a_refusal_is_one_line_in_the_log() -> None:
    record = logging.makeLogRecord({"msg": "Forbidden", "status_code": 403})
    record.exc_info = (ValueError, ValueError(), None)

    assert BriefRefusals().filter(record)

    assert record.exc_info is None


def test_a_fault_of_ours_keeps_its_trace() -> None:
    record = logging.makeLogRecord({"msg": "Broken", "status_code": 500})
    record.exc_info = (ValueError, ValueError(), None)

    assert BriefRefusals().filter(record)

    assert record.exc_info is not None


def test_the_log_is_that_brief() -> None:
    handlers: Any = settings.LOGGING["handlers"]

    assert handlers["stderr"]["filters"] == ["brief"]
