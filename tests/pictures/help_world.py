"""Who sits at the help desk, and whose records lie open there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY, MAILBOX
from accounts.people.models import Person
from onboarding.enrolment.applying import apply
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.models import GroupPlace, TutorGroup
from onboarding.helpdesk import approvals
from onboarding.helpdesk.handing_on import Said, hand_on
from onboarding.helpdesk.held import look as look_at_held
from onboarding.helpdesk.looks import Reason, look
from onboarding.helpdesk.merging import Pair, join
from onboarding.helpdesk.models import Approval
from onboarding.notes.models import Readers
from onboarding.notes.writing import write
from onboarding.watch.many import LOOK_AGAIN, Plan, ask
from tests.cast import a_colleague, a_student, enrolled, export, export_row
from tests.pictures.asked_world import asked_people

NOTE = "Comes with a guide dog; please hand the card over at the table by the door."


@dataclass(frozen=True)
class HelpWorld:
    """Who has a session, and what addresses are made of."""

    people: Mapping[str, Person]
    values: Mapping[str, str]


def help_world(people: Mapping[str, Person]) -> HelpWorld:
    """Seat agent and lead; open the records of everybody who is a student."""
    agent = a_colleague(
        account_name="helpdesk", given_names="Tarek", family_name="Aydın"
    )
    lead = a_colleague(
        account_name="helpdesk-lead", given_names="Solveig", family_name="Brandt"
    )
    blocked = a_student(family_name="Verborgen", confidential=True)
    own_request = _requests(people, agent, lead)
    asked_for_many = _asks_for_many(people, lead)
    people = {**people, **asked_people(agent, lead)}
    students = {name: one for name, one in people.items() if one.kind == "student"}
    for one in students.values():
        for by in (agent, lead):
            look(person=one, by=by, reason=Reason.COUNTER, at=timezone.now())
    now = timezone.now()
    write(person=people["student"], by=agent, text=NOTE, readers=Readers.BOTH, at=now)
    hand_on(
        person=people["gone"], body="library", by=agent, at=now, said=Said("MIZ-4711")
    )
    for account in ("lg1399998", "lg1399999"):
        a_student(account_name=account, given_names="Zoë", family_name="Zweitkonto")
    held, fixed = _held_back(agent)
    stays, closes = _merged(agent, lead)
    keys = {
        **students,
        "blocked": blocked,
        "held": held,
        "others_held": fixed,
        "family": a_student(given_names="Elif", family_name="Aydın-Vogt"),
        "namesake": a_student(given_names="Tarek", family_name="Aydin"),
        "merged": stays,
        "closed": closes,
    }
    return HelpWorld(
        people={"helpdesk": agent, "helpdesk-lead": lead},
        values={
            "own_request": str(own_request),
            "asked_for_many_key": str(asked_for_many),
            **{
                f"{name.replace('-', '_')}_key": str(one.pk)
                for name, one in keys.items()
            },
        },
    )


def _requests(people: Mapping[str, Person], agent: Person, lead: Person) -> int:
    """Let each ask for what the other one decides; give a request of the agent's."""
    facts = {"check": "video", "document": "passport"}
    asked = {
        who: approvals.ask(
            kind=approvals.NEW_PASSWORD,
            person=people[who],
            facts=facts,
            by=by,
            at=timezone.now(),
        )
        for who, by in (("student", lead), ("waiting", agent), ("arrived", agent))
    }
    Approval.objects.filter(pk=asked["arrived"].pk).update(
        decided_by=lead, decided_at=timezone.now(), approved=True
    )
    return asked["waiting"].pk


def _asks_for_many(people: Mapping[str, Person], lead: Person) -> int:
    """Let the lead ask to have the directory look again at some; give the request."""
    some = tuple(people[name].pk for name in ("student", "waiting", "arrived"))
    about = "all/way/stuck?cohort=all&school=all&group=all"
    plan = Plan(LOOK_AGAIN, about, some, systems=(DIRECTORY, MAILBOX))
    ask(plan, seal=plan.seal, by=lead, at=timezone.now())
    return Approval.objects.get(kind=LOOK_AGAIN).pk


def _merged(agent: Person, lead: Person) -> tuple[Person, Person]:
    """Make one of two accounts; the one that stays, and the closed one."""
    at = timezone.now()
    stays, closes = (
        a_student(given_names="Noor", family_name=name) for name in ("Rahimi", "Rahimy")
    )
    for one, programme in ((stays, "Informatik"), (closes, "Informatik")):
        enrolled(one, programme=programme)
    enrolled(closes, programme="Digital Media", degree="B.A.")
    group, _new = TutorGroup.objects.get_or_create(number=88)
    GroupPlace.objects.create(person=closes, group=group)
    write(person=closes, by=agent, text=NOTE, readers=Readers.BOTH, at=at)
    decided = {"decided_by": lead, "decided_at": at, "approved": True, "used_at": at}
    asked = {"kind": approvals.MERGE, "asked_by": agent, "asked_at": at}
    approval = Approval.objects.create(person=stays, **asked, **decided)
    join(Pair(stays=stays, closes=closes), approval=approval, by=agent, at=at)
    closes.refresh_from_db()
    for one in (stays, closes):
        look(person=one, by=agent, reason=Reason.COUNTER, at=at)
    return stays, closes


def _held_back(agent: Person) -> tuple[Held, Held]:
    """Import two rows that cannot be used; one the desk can put right."""
    rows = (
        export_row(family_name="S\u043endermann", given_names="Orhan"),
        export_row(status="asleep", given_names="Wanda"),
    )
    reading = Reading(BytesIO(export(*rows)), name="", today=date(2026, 9, 15))
    now = timezone.now()
    with Cohort(reading) as cohort:
        apply(cohort=cohort, by=None, at=now)
    spelled, odd = Held.now().order_by("pk")
    for one in (spelled, odd):
        look_at_held(held=one, by=agent, reason=Reason.COUNTER, at=now)
    return spelled, odd
