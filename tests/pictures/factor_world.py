"""Colleagues on their way to a second factor, and after the loss of one."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from accounts.factors import keeping
from accounts.factors.models import Factor, Kind
from accounts.factors.sealing import seal
from accounts.people.models import Person
from accounts.signin import second
from onboarding.demo.second_factor import secret_of
from tests.cast import a_colleague

# Whose password is proved, and nothing else yet.
STEP, FIRST, LOST = "second-step", "second-first", "second-lost"
KEEPING = "second-keeping"
PROVING_FACTORS = frozenset({STEP, FIRST, LOST, KEEPING})


def factor_people(people: Mapping[str, Person]) -> dict[str, Person]:
    """Give who has an app, who has nothing yet, and who lost it."""
    now = timezone.now()
    lead, finance = people["helpdesk-lead"], people["finance"]
    for kind in (Kind.APP, Kind.PASSKEY):
        _factor(lead, kind, now)
    _factor(finance, Kind.APP, now)
    keeping.help_back(person=finance, by=lead, check="in_person", at=now)
    finance.refresh_from_db()
    auditor = a_colleague(account_name="auditor")
    people = {STEP: lead, FIRST: auditor, LOST: finance, KEEPING: lead}
    return people | {"auditor": auditor}


def prepare(session: SessionBase, who: str) -> None:
    """Bring a session to where its owner is."""
    session["password_at"] = int(timezone.now().timestamp())
    if who != KEEPING:
        second.forget_proof(session)


def _factor(person: Person, kind: Kind, at: datetime) -> None:
    app = kind is Kind.APP
    Factor.objects.create(
        person=person,
        kind=kind,
        begun_at=at,
        confirmed_at=at,
        used_at=at if app else None,
        secret=seal(secret_of(person.account_name)) if app else "",
        credential="" if app else "YQ",
    )
