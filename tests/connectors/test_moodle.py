"""Moodle: what goes over the line, and every answer that is not the one hoped for."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.catalogue.entitlement import entitlements
from accounts.connectors.contract import (
    AS_FOUND,
    Found,
    MailNow,
    Mode,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
    Verb,
    compare,
)
from accounts.connectors.moodle import Moodle
from onboarding.demo.servers.door import Fault
from tests.connectors.people import BACHELOR, a_subject, activated, left
from tests.services.moodle import TOKEN, MoodleServer


def a_student(**facts: Any) -> Subject:
    """Give somebody who has come as far as Moodle."""
    subject = activated(a_subject())
    known = {
        "mail": MailNow(f"{subject.account_name}@stud.leuphana.example", proved=True),
        "mystudy": f"cem{subject.id}",
        "mystudy_mode": Mode.OWN,
        **facts,
    }
    return replace(subject, **known)


def step_for(connector: Moodle, subject: Subject) -> Step | None:
    verdict = compare(connector, subject, connector.find([subject]).get(subject.id))
    assert verdict.failure is None
    return verdict.step


def settle(connector: Moodle, *people: Subject) -> list[Outcome]:
    found = connector.find(people)
    verdicts = [compare(connector, one, found.get(one.id)) for one in people]
    assert [one.failure for one in verdicts if one.failure] == []
    return list(connector.carry_out([one.step for one in verdicts if one.step]))


def failure_of(connector: Moodle, subject: Subject) -> Outcome:
    """Give what keeps this person from being as wanted, in looking or in writing."""
    verdict = compare(connector, subject, connector.find([subject]).get(subject.id))
    if verdict.failure or verdict.step is None:
        return verdict.failure
    return connector.carry_out([verdict.step])[0]


# --- One person's way ---------------------------------------------------------------


def test_a_student_gets_one_user_and_no_password(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(), a_student(mystudy="cem.s")

    assert settle(connector, cem) == [None]

    [user] = moodle.site.users.values()
    assert user["username"] == "cem.s"
    assert user["idnumber"] == cem.person_key
    assert (user["firstname"], user["lastname"]) == ("Cem", "Sondermann")
    assert user["email"] == f"{cem.account_name}@stud.leuphana.example"
    assert (user["auth"], user["lang"]) == ("ldap", "de")
    assert not any(
        "password" in key for asked in moodle.door.asked for key in asked.form
    )
    assert settle(connector, cem) == []


def test_every_call_carries_one_user(moodle: MoodleServer) -> None:
    people = [a_student() for _ in range(5)]

    assert settle(moodle.connector(), *people) == [None] * 5

    assert moodle.calls() == [
        "core_user_get_users_by_field",
        "core_user_get_users_by_field",
        *["core_user_create_users"] * 5,
    ]
    assert not any(
        "users[1]" in key for asked in moodle.door.asked for key in asked.form
    )


def test_looking_at_many_costs_two_questions(moodle: MoodleServer) -> None:
    connector = moodle.connector()

    connector.find([a_student() for _ in range(connector.batch)])

    assert len(moodle.door.asked) == 2


def test_at_the_switch_the_login_name_changes_and_the_user_stays(
    moodle: MoodleServer,
) -> None:
    connector, cem = moodle.connector(), a_student()
    settle(connector, cem)
    switched = replace(cem, mystudy_mode=Mode.LEUPHANA)

    assert settle(connector, switched) == [None]

    [user] = moodle.site.users.values()
    assert user["username"] == cem.account_name
    settle(connector, cem)
    [back] = moodle.site.users.values()
    assert (back["id"], back["username"]) == (user["id"], cem.mystudy)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"given_names": "", "family_name": "Suharto", "display_name": "Suharto"},
            ("Suharto", "-"),
        ),
        (
            {"given_names": "Madonna", "family_name": "", "display_name": "Madonna"},
            ("Madonna", "-"),
        ),
        ({"display_name": "Toni Sondermann"}, ("Toni", "Sondermann")),
        (
            {
                "given_names": "Nguyễn Thị " * 20,
                "display_name": "Nguyễn Thị " * 20 + "Sondermann",
            },
            (("Nguyễn Thị " * 20).strip()[:100], "Sondermann"),
        ),
    ],
    ids=["family name alone", "given name alone", "chosen name", "long"],
)
def test_moodle_gets_the_two_names_that_it_wants(
    moodle: MoodleServer, facts: dict[str, str], expected: tuple[str, str]
) -> None:
    connector, somebody = moodle.connector(), a_student(**facts)

    assert settle(connector, somebody) == [None]

    [user] = moodle.site.users.values()
    assert (user["firstname"], user["lastname"]) == expected
    assert step_for(connector, somebody) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"mail": None},
        {"mail": MailNow("cem@stud.leuphana.example", proved=False)},
        {"mystudy": ""},
        {"mystudy_mode": Mode.NONE},
        {"entitlements": frozenset()},
    ],
    ids=["no address", "unproved", "no myStudy account", "no mode", "initial password"],
)
def test_who_is_not_there_yet_gets_no_user_and_loses_none(
    moodle: MoodleServer, facts: dict[str, Any]
) -> None:
    connector, cem = moodle.connector(), a_student()
    waiting = replace(cem, **facts)
    assert step_for(connector, waiting) is None

    settle(connector, cem)

    assert step_for(connector, waiting) is None


def test_other_schools_have_no_moodle(moodle: MoodleServer) -> None:
    somebody = a_student()
    programme = replace(BACHELOR, school="Professional School")
    standing = replace(somebody.standing, programmes=(programme,))
    services = entitlements(standing=standing, on=somebody.on)
    somebody = replace(somebody, standing=standing, entitlements=services)

    assert settle(moodle.connector(), somebody) == []
    assert moodle.site.users == {}


def test_who_leaves_is_suspended_and_comes_back(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(), a_student()
    settle(connector, cem)
    step = step_for(connector, left(cem))
    assert step is not None
    assert step.verb is Verb.REMOVE

    assert settle(connector, left(cem)) == [None]

    [user] = moodle.site.users.values()
    assert user["suspended"] is True
    assert settle(connector, left(cem)) == []
    assert settle(connector, cem) == [None]
    assert user["suspended"] is False


def test_who_never_came_is_not_made_to_be_suspended(moodle: MoodleServer) -> None:
    assert settle(moodle.connector(), left(a_student())) == []


def test_what_somebody_edited_is_put_right(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(), a_student()
    settle(connector, cem)
    [user] = moodle.site.users.values()
    user.update(lastname="Anders", email="else@example.org", auth="manual")

    assert settle(connector, cem) == [None]

    assert (user["lastname"], user["auth"]) == ("Sondermann", "ldap")
    assert settle(connector, cem) == []


def test_a_user_of_the_same_login_becomes_ours(moodle: MoodleServer) -> None:
    cem = a_student()
    moodle.site.add(
        username=cem.mystudy,
        firstname="C",
        lastname="S",
        email="cem@example.org",
        auth="ldap",
    )

    assert settle(moodle.connector(), cem) == [None]

    [user] = moodle.site.users.values()
    assert user["idnumber"] == cem.person_key


def test_a_user_that_was_never_ours_is_not_suspended(moodle: MoodleServer) -> None:
    cem = a_student()
    moodle.site.add(
        username=cem.mystudy, firstname="C", lastname="S", email="cem@example.org"
    )

    assert settle(moodle.connector(), left(cem)) == []


def test_moodle_tells_of_the_user_and_of_visits(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(), a_student()
    settle(connector, cem)
    [number] = moodle.site.users
    here = connector.find([cem])[cem.id]
    assert isinstance(here, Found)
    assert here.evidence == (("user", str(number)), ("login_name", cem.mystudy))

    moodle.site.visit(cem.mystudy)

    seen = connector.find([cem])[cem.id]
    assert isinstance(seen, Found)
    evidence = dict(seen.evidence)
    assert datetime.fromisoformat(evidence["first_seen"]) <= datetime.now(tz=UTC)
    assert evidence["last_seen"] == evidence["first_seen"]


def test_looking_only_writes_nothing_and_still_tells(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(creates=False), a_student()
    assert settle(connector, cem) == []
    assert connector.find([cem]) == {}

    # As Moodle makes a user at the first sign-in: without our key.
    moodle.site.add(
        username=cem.mystudy, firstname="C", lastname="S", email="cem@example.org"
    )

    assert connector.wanted(cem) is AS_FOUND
    here = connector.find([cem])[cem.id]
    assert isinstance(here, Found)
    assert ("login_name", cem.mystudy) in here.evidence
    assert settle(connector, cem, left(cem)) == []


# --- Refusals -------------------------------------------------------------------------


@pytest.mark.parametrize("debugging", [False, True])
def test_an_address_of_another_needs_a_human(
    moodle: MoodleServer, *, debugging: bool
) -> None:
    cem, moodle.site.debugging = a_student(), debugging
    address = f"{cem.account_name}@stud.leuphana.example"
    if debugging:
        # Moodle compares addresses whatever their case, and looks up exactly.
        address = address.upper()
    moodle.site.add(username="x", firstname="C", lastname="S", email=address)

    failure = failure_of(moodle.connector(), cem)

    assert isinstance(failure, PermanentFailure)
    assert str(failure) == "address_taken"


def test_a_refusal_without_a_reason_is_passed_on_as_one(moodle: MoodleServer) -> None:
    cem = a_student(language="tlh")

    failure = failure_of(moodle.connector(), cem)

    assert isinstance(failure, PermanentFailure)
    assert str(failure) == "refused:invalidparameter"


def test_a_login_name_of_another_needs_a_human(moodle: MoodleServer) -> None:
    cem = a_student()
    moodle.site.add(
        username=cem.mystudy,
        firstname="C",
        lastname="S",
        email="x@example.org",
        idnumber="P-another",
    )

    failure = failure_of(moodle.connector(), cem)

    assert isinstance(failure, PermanentFailure)
    assert str(failure) == "login_name_taken"


def test_a_login_name_taken_at_the_switch_needs_a_human(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(), a_student()
    settle(connector, cem)
    moodle.site.add(
        username=cem.account_name, firstname="C", lastname="S", email="x@example.org"
    )

    failure = failure_of(connector, replace(cem, mystudy_mode=Mode.LEUPHANA))

    assert isinstance(failure, PermanentFailure)
    assert str(failure) == "login_name_taken"
    assert moodle.site.named(cem.mystudy) is not None


def test_an_address_taken_at_a_change_needs_a_human(moodle: MoodleServer) -> None:
    connector, cem, other = moodle.connector(), a_student(), a_student()
    settle(connector, cem, other)
    assert other.mail is not None

    failure = failure_of(connector, replace(cem, mail=replace(other.mail, proved=True)))

    assert isinstance(failure, PermanentFailure)
    assert str(failure) == "address_taken"


def test_a_user_made_between_look_and_write_is_looked_at_again(
    moodle: MoodleServer,
) -> None:
    connector, cem = moodle.connector(), a_student()
    step = step_for(connector, cem)
    assert step is not None
    connector.carry_out([step])

    [again] = connector.carry_out([step])

    assert isinstance(again, TemporaryFailure)
    assert str(again) == "look_again"
    assert len(moodle.site.users) == 1


def test_who_is_not_shown_to_us_is_not_doubled(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(), a_student()
    settle(connector, cem)
    moodle.site.hidden_users.add(cem.mystudy)

    failure = failure_of(connector, cem)

    assert isinstance(failure, PermanentFailure)
    assert len(moodle.site.users) == 1


@pytest.mark.parametrize(
    "field", ["email", "firstname", "lastname", "auth", "suspended", "lastaccess"]
)
def test_what_is_not_shown_to_us_is_not_written_again_and_again(
    moodle: MoodleServer, field: str
) -> None:
    connector, cem = moodle.connector(), a_student()
    settle(connector, cem)
    moodle.site.hidden_fields.add(field)

    assert step_for(connector, cem) is None


def test_two_users_of_one_key_need_a_human(moodle: MoodleServer) -> None:
    cem = a_student()
    for name in ("one", "two"):
        moodle.site.add(
            username=name,
            firstname="C",
            lastname="S",
            email=f"{name}@example.org",
            idnumber=cem.person_key,
        )

    assert str(failure_of(moodle.connector(), cem)) == "several_users"


def test_one_odd_login_name_costs_nobody_else_the_answer(moodle: MoodleServer) -> None:
    connector, odd, cem = moodle.connector(), a_student(mystudy="çem ü"), a_student()

    found = connector.find([odd, cem])

    assert isinstance(found[odd.id], PermanentFailure)
    assert cem.id not in found


def test_a_login_name_is_written_small(moodle: MoodleServer) -> None:
    assert settle(moodle.connector(), a_student(mystudy="Cem.S")) == [None]

    assert moodle.site.named("cem.s") is not None


# --- A Moodle that is not well ------------------------------------------------------


@pytest.mark.parametrize("fault", [*Fault], ids=lambda fault: fault.name)
def test_a_bad_answer_passes_and_does_no_harm(
    moodle: MoodleServer, fault: Fault
) -> None:
    connector, cem = moodle.connector(), a_student()
    step = step_for(connector, cem)
    assert step is not None
    moodle.door.fault = fault
    begun = time.monotonic()

    with pytest.raises(TemporaryFailure):
        connector.find([cem])
    with pytest.raises(TemporaryFailure):
        connector.ask()
    [outcome] = connector.carry_out([step])

    assert isinstance(outcome, TemporaryFailure)
    assert time.monotonic() - begun < 10
    moodle.door.fault = None
    assert settle(connector, cem) == [None]
    assert len(moodle.site.users) == 1


def test_an_answer_that_got_lost_is_found_out(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(), a_student()
    step = step_for(connector, cem)
    assert step is not None
    connector.carry_out([step])
    moodle.door.faults = [Fault.HANG_UP]

    [outcome] = connector.carry_out([step])

    assert isinstance(outcome, TemporaryFailure)
    assert step_for(connector, cem) is None
    assert len(moodle.site.users) == 1


def test_a_moodle_that_is_down_and_back(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(), a_student()
    step = step_for(connector, cem)
    assert step is not None
    moodle.door.close()

    with pytest.raises(TemporaryFailure):
        connector.find([cem])
    assert isinstance(connector.carry_out([step])[0], TemporaryFailure)

    moodle.door.open()
    assert settle(connector, cem) == [None]


def test_a_wrong_token_is_said_and_waits(moodle: MoodleServer) -> None:
    connector, cem = moodle.connector(token="wrong"), a_student()

    with pytest.raises(TemporaryFailure, match="refused:invalidtoken"):
        connector.find([cem])
    with pytest.raises(PermanentFailure, match="refused:invalidtoken"):
        connector.ask()


def test_a_right_that_is_missing_parks_nobody(moodle: MoodleServer) -> None:
    moodle.site.denied.add("core_user_create_users")

    failure = failure_of(moodle.connector(), a_student())

    assert isinstance(failure, TemporaryFailure)
    assert str(failure) == "refused:nopermissions"


def test_no_failure_tells_the_token_or_a_name(
    moodle: MoodleServer, caplog: pytest.LogCaptureFixture
) -> None:
    cem = a_student()
    for fault in Fault:
        moodle.door.fault = fault
        with pytest.raises(TemporaryFailure) as failure:
            moodle.connector().find([cem])
        assert failure.value.__cause__ is None
        assert TOKEN not in repr(failure.value)
    assert TOKEN not in caplog.text
    assert cem.mystudy not in caplog.text
