"""What two agents answer for, in its later states; letters that the desk ordered."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.journal.record import Fact, record
from accounts.people.models import Person
from accounts.signin.models import MailedCode, Purpose
from onboarding.enrolment.letter_runs import ISSUED, ORDERED
from onboarding.helpdesk import approvals
from onboarding.helpdesk.checks import Doubt, Way
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.new_password import CHECKED
from tests.cast import a_student, enrolled

# The browser that a code was asked for in.
HANDLE = "at the counter"
CHECK: Mapping[str, Fact] = {"check": "in_person", "document": "passport"}
FORGOTTEN = {**CHECK, "cause": "forgotten"}
BY_POST = {**FORGOTTEN, "way": Way.LETTER.value}


def asked_people(agent: Person, lead: Person) -> dict[str, Person]:
    """Give somebody for each state of a page that two agents answer for."""
    now = timezone.now()
    people = {
        "password_made": _active("Marit"),
        "password_post": _active("Postma"),
        "password_theirs": _active("Theirsen"),
        "password_declined": _active("Abgelehnt"),
        "letter_ordered": _active("Bestellt"),
        "letter_printed": _active("Gedruckt"),
        "recovery_waits": _active("Wartburg"),
        "recovery_agreed": _active("Einig"),
        "recovery_code": _active("Ziffer"),
        "recovery_declined": _active("Verweigert"),
        "merge_agreed": _active("Doppel"),
        "merge_declined": _active("Zweimal"),
    }
    slip = {**FORGOTTEN, "way": Way.SLIP.value, "run": "pictures"}
    record(
        what=CHECKED, at=now, whom=people["password_made"].pk, who=agent.pk, facts=slip
    )
    _ask(people["password_post"], approvals.NEW_PASSWORD, BY_POST, agent, lead)
    _ask(people["password_theirs"], approvals.NEW_PASSWORD, FORGOTTEN, lead, agent)
    _decline(people["password_declined"], approvals.NEW_PASSWORD, BY_POST, agent, lead)
    _order(people["letter_ordered"], agent, now - timedelta(days=1))
    _order(people["letter_printed"], agent, now - timedelta(days=2))
    _print(people["letter_printed"], now - timedelta(days=1))
    approvals.ask(
        kind=approvals.RECOVERY,
        person=people["recovery_waits"],
        facts=CHECK,
        by=agent,
        at=now,
    )
    for name in ("recovery_agreed", "recovery_code"):
        _ask(people[name], approvals.RECOVERY, CHECK, agent, lead)
    MailedCode.objects.create(
        person=people["recovery_code"],
        purpose=Purpose.PROVE_ADDRESS,
        address="ziffer@mail.example",
        session=HANDLE,
        asked_at=now,
        good_until=now + timedelta(days=1),
    )
    _decline(
        people["recovery_declined"], approvals.RECOVERY, CHECK, agent, lead, why=""
    )
    pair = {**CHECK, "stays": "lg1299998", "closes": "lg1299999"}
    _ask(people["merge_agreed"], approvals.MERGE, pair, agent, lead)
    _decline(
        people["merge_declined"], approvals.MERGE, pair, agent, lead, why=Doubt.ASK
    )
    return people


def _active(family_name: str) -> Person:
    person = a_student(family_name=family_name, activated_at=timezone.now())
    enrolled(person)
    return person


def _ask(
    person: Person, kind: str, facts: Mapping[str, Fact], by: Person, second: Person
) -> None:
    """Ask, and be agreed with."""
    one = approvals.ask(kind=kind, person=person, facts=facts, by=by, at=timezone.now())
    Approval.objects.filter(pk=one.pk).update(
        decided_by=second, decided_at=timezone.now(), approved=True
    )


def _decline(
    person: Person,
    kind: str,
    facts: Mapping[str, Fact],
    by: Person,
    second: Person,
    *,
    why: str = Doubt.CHECK,
) -> None:
    """Ask, and be declined; why is said or not."""
    now = timezone.now()
    one = approvals.ask(kind=kind, person=person, facts=facts, by=by, at=now)
    Approval.objects.filter(pk=one.pk).update(
        decided_by=second, decided_at=now, approved=False
    )
    record(
        what=approvals.DECLINED,
        at=now,
        whom=person.pk,
        who=second.pk,
        why=why,
        facts={"kind": kind, "approval": one.pk},
    )


def _order(person: Person, by: Person, at: datetime) -> None:
    Person.objects.filter(pk=person.pk).update(initial_password_until=at)
    facts = {"run": "ordered", "place": "help_desk"}
    record(what=ORDERED, at=at, whom=person.pk, who=by.pk, facts=facts)


def _print(person: Person, at: datetime) -> None:
    until = at + timedelta(days=60)
    Person.objects.filter(pk=person.pk).update(initial_password_until=until)
    record(what=ISSUED, at=at, whom=person.pk, facts={"run": "printed"})
