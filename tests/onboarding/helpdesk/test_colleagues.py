"""No remedy touches an account of a colleague: the pages, the rules, the directory."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.directory import gateway, passwords
from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.post.models import Mail
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.letter_runs import Obstacle
from onboarding.enrolment.letters import NoSlip, issue_slip
from onboarding.helpdesk import merging, recovery
from onboarding.helpdesk.merging import Pair
from onboarding.helpdesk.refusals import NeverHere, NoSlipMade
from tests.accounts.directory.entries import give_role, student_dn
from tests.cast import a_student
from tests.house.test_desk_looks import RECORDS
from tests.house.test_objects import REMEDIES as REMEDY_NAMES
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import opens, text
from tests.onboarding.helpdesk.people import an_active_student
from tests.stories.visitor import OWN

pytestmark = pytest.mark.django_db

REMEDIES = {name: RECORDS[name].path for name in REMEDY_NAMES}


def a_working_student(slapd: Slapd, role: Role = Role.COORDINATOR) -> Person:
    person = an_active_student()
    give_role(slapd, student_dn(slapd, person.account_name), role)
    cache.clear()
    return person


def opens_with_the_own(person: Person) -> bool:
    return passwords.proves(entry=gateway.person(person.account_name), password=OWN)


def test_the_lead_looks_at_a_colleague_and_repairs_nothing(
    desk: Desk, slapd: Slapd, solveig: Person
) -> None:
    lead = desk(solveig)
    person = a_working_student(slapd)
    opens(lead, person)
    before = set(Event.objects.values_list("pk", flat=True))
    told = {}
    for name, path in REMEDIES.items():
        for way in (lead.get, lead.post):
            answer = way(path.replace("/1/", f"/{person.pk}/"))
            told[name, way.__name__] = answer.status_code
            assert "repairs no account of a colleague" in text(answer)

    assert set(told.values()) == {403}
    assert set(Event.objects.values_list("pk", flat=True)) == before
    assert opens_with_the_own(person)


def test_a_role_given_a_moment_ago_counts(
    desk: Desk, slapd: Slapd, tarek: Person
) -> None:
    agent = desk(tarek)
    person = an_active_student()
    opens(agent, person)

    # What the portal remembers for a minute says that there is none.
    give_role(slapd, student_dn(slapd, person.account_name), Role.FINANCE)
    refused = agent.post(f"/help-desk/{person.pk}/end-sessions/")

    assert refused.status_code == 403
    assert not Event.objects.filter(whom=person, what="sessions_ended").exists()


def test_a_tutor_is_a_student(desk: Desk, slapd: Slapd, solveig: Person) -> None:
    lead = desk(solveig)
    person = a_working_student(slapd, Role.TUTOR)
    opens(lead, person)

    assert lead.post(f"/help-desk/{person.pk}/unlock/").status_code == 302


def test_the_rules_below_the_pages_say_no_as_well(
    desk: Desk, slapd: Slapd, solveig: Person
) -> None:
    desk(solveig)
    person, at = a_working_student(slapd), timezone.now()

    with pytest.raises(NeverHere):
        recovery.ask(person=person, facts={}, by=solveig, at=at)
    with pytest.raises(NeverHere):
        recovery.send_code(
            person=person, address="a@mail.example", by=solveig, session="", at=at
        )
    with pytest.raises(NeverHere):
        recovery.correct(person=person, typed="", by=solveig, session="", at=at)
    for pair in (Pair(person, a_student()), Pair(a_student(), person)):
        with pytest.raises(NeverHere):
            merging.check_mergeable(pair)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.HELP_DESK, Role.LIBRARY_DESK])
def test_past_every_check_of_the_portal_the_directory_refuses(
    slapd: Slapd, solveig: Person, role: Role
) -> None:
    person, at = a_working_student(slapd, role), timezone.now()

    # Below the desk's rules, nobody asks any more who this is.
    with pytest.raises(NoSlip) as refused:
        issue_slip(person=person, by=solveig, at=at)

    assert refused.value.obstacle is Obstacle.GUARDED
    sentence = str(NoSlipMade(refused.value.obstacle))
    assert "its owner has a role among the staff" in sentence
    assert "Nothing was counted." in sentence
    assert opens_with_the_own(person)
    noted = Event.objects.get(whom=person, what="letter_failed")
    assert (noted.who, noted.why) == (solveig, "guarded")
    assert not Mail.objects.filter(
        person=person, message="initial_password_set"
    ).exists()
