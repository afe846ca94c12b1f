"""What is myStudy's own about its connector; the rest is in the contract suite."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from accounts.connectors.contract import (
    AS_FOUND,
    AccountThere,
    Found,
    Mode,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    Verb,
    compare,
)
from accounts.connectors.mystudy import MyStudy, State
from accounts.directory import bulk, mystudy
from accounts.directory.connection import hang_up
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_student, binds
from tests.accounts.mystudy.conftest import account_dn, made_elsewhere, there
from tests.connectors.people import a_subject, activated, left

MYSTUDY = MyStudy()
SECRET = "laterne am kai"
DONE: Outcome = None
BOTH = {"urn:leuphana:service:mystudy", "urn:leuphana:service:moodle"}


@pytest.fixture(autouse=True)
def _lines() -> Iterator[None]:
    yield
    bulk.hang_up()
    hang_up()


def somebody(**facts: Any) -> Subject:
    """Give an active student; without ``mystudy``, our record knows of no account."""
    return replace(activated(a_subject()), **{"mystudy_mode": Mode.OWN, **facts})


def with_account(slapd: Slapd, **facts: Any) -> Subject:
    subject = somebody(**facts)
    subject = replace(subject, mystudy=f"cem{subject.id}")
    mystudy.create(
        user_name=subject.mystudy, person_key=subject.person_key, password=SECRET
    )
    assert run(subject) == [DONE]
    return subject


def steps(*people: Subject) -> list[Step]:
    found = MYSTUDY.find(people)
    verdicts = [compare(MYSTUDY, one, found.get(one.id)) for one in people]
    assert [verdict.failure for verdict in verdicts if verdict.failure] == []
    return [verdict.step for verdict in verdicts if verdict.step]


def run(*people: Subject) -> list[Outcome]:
    to_do = steps(*people)
    return list(MYSTUDY.carry_out(to_do)) if to_do else []


def seen(subject: Subject) -> Found:
    found = MYSTUDY.find([subject])[subject.id]
    assert isinstance(found, Found)
    return found


def services(slapd: Slapd, subject: Subject) -> set[str]:
    return set(there(slapd, subject.mystudy).get("eduPersonEntitlement", []))


def test_nobody_gets_an_account_by_the_worker_alone(slapd: Slapd) -> None:
    cem = somebody()

    assert MYSTUDY.wanted(cem) is AS_FOUND
    assert steps(cem) == []


def test_leaving_takes_what_it_opens_and_nothing_else(slapd: Slapd) -> None:
    cem = with_account(slapd)
    assert services(slapd, cem) == BOTH

    [step] = steps(left(cem))
    assert step.verb is Verb.WITHDRAW
    assert run(left(cem)) == [DONE]

    assert services(slapd, cem) == set()
    assert binds(slapd, account_dn(slapd, cem.mystudy), SECRET)
    assert run(cem) == [DONE]
    assert services(slapd, cem) == BOTH


def test_while_the_leuphana_account_counts_the_own_one_rests(slapd: Slapd) -> None:
    cem = with_account(slapd)
    changed = replace(cem, mystudy_mode=Mode.LEUPHANA)

    [step] = steps(changed)
    # No brake for it: nobody loses anything.
    assert step.verb is Verb.CHANGE
    assert run(changed) == [DONE]

    assert services(slapd, cem) == set()
    assert seen(changed).evidence == ()
    assert binds(slapd, account_dn(slapd, cem.mystudy), SECRET)


def test_the_leuphana_account_lets_in_once_the_directory_says_so(
    slapd: Slapd,
) -> None:
    cem = somebody(mystudy_mode=Mode.LEUPHANA)
    assert steps(cem) == []
    assert seen(cem).evidence == ()
    plain = somebody(mystudy_mode=Mode.LEUPHANA)
    add_student(slapd, plain.account_name)
    add_student(
        slapd,
        cem.account_name,
        eduPersonEntitlement="urn:leuphana:service:mystudy",
    )

    assert seen(cem).evidence == (("leuphana_account", cem.account_name),)
    assert seen(plain).evidence == ()
    assert steps(cem, plain) == []


def test_an_account_counts_as_open_once_it_opens_something(slapd: Slapd) -> None:
    cem = replace(somebody(), mystudy="cem.s")
    mystudy.create(user_name="cem.s", person_key=cem.person_key, password=SECRET)

    assert seen(cem).evidence == ()
    assert run(cem) == [DONE]
    assert seen(cem).evidence == (("account", "cem.s"),)


@pytest.mark.parametrize("known", [False, True])
def test_what_another_system_made_is_looked_at_alone(slapd: Slapd, known: bool) -> None:
    cem = somebody(mystudy="ada.f" if known else "")
    made_elsewhere(slapd, "ada.f", leuphanaPersonKey=cem.person_key)
    before = there(slapd, "ada.f")

    found = seen(cem)

    assert found.own_account == AccountThere("ada.f", made_here=False)
    assert found.evidence == (("account", "ada.f"),)
    assert steps(cem) == []
    assert steps(left(cem)) == []
    assert there(slapd, "ada.f") == before


def test_a_lost_record_is_found_again_by_whose_the_account_is(slapd: Slapd) -> None:
    cem = with_account(slapd)

    found = seen(replace(cem, mystudy=""))

    assert found.own_account == AccountThere(cem.mystudy, made_here=True)


def test_the_one_made_here_counts_before_anothers(slapd: Slapd) -> None:
    cem = somebody()
    code = "urn:schac:personalUniqueCode:de:leuphana.example:Matrikelnummer:"
    made_elsewhere(
        slapd, "ada.f", schacPersonalUniqueCode=f"{code}{cem.matriculation_no}"
    )
    mystudy.create(user_name="cem.s", person_key=cem.person_key, password=SECRET)

    assert seen(cem).own_account == AccountThere("cem.s", made_here=True)


def test_two_of_one_person_are_for_a_human(slapd: Slapd) -> None:
    cem = somebody()
    code = "urn:schac:personalUniqueCode:de:leuphana.example:Matrikelnummer:"
    for name in ("ada.f", "ada.g"):
        made_elsewhere(
            slapd, name, schacPersonalUniqueCode=f"{code}{cem.matriculation_no}"
        )

    failure = MYSTUDY.find([cem])[cem.id]
    assert isinstance(failure, PermanentFailure)
    assert str(failure) == "several_accounts"


def test_a_name_with_anothers_key_on_it_is_for_a_human(slapd: Slapd) -> None:
    ada = with_account(slapd)
    cem = somebody(mystudy=ada.mystudy)
    before = there(slapd, ada.mystudy)

    failure = MYSTUDY.find([cem])[cem.id]

    assert isinstance(failure, PermanentFailure)
    assert str(failure) == "account_of_another"
    assert there(slapd, ada.mystudy) == before


def test_what_got_lost_comes_back_for_those_who_need_it(slapd: Slapd) -> None:
    cem, ada, eve = (with_account(slapd) for _ in range(3))
    for one in (cem, ada, eve):
        slapd.admin().delete(account_dn(slapd, one.mystudy))
    gone = left(ada)
    changed = replace(eve, mystudy_mode=Mode.LEUPHANA)
    add_student(
        slapd,
        eve.account_name,
        eduPersonEntitlement="urn:leuphana:service:mystudy",
    )

    assert [step.verb for step in steps(cem, gone, changed)] == [Verb.CREATE]
    assert run(cem, gone, changed) == [DONE]

    assert services(slapd, cem) == BOTH
    assert there(slapd, cem.mystudy)["leuphanaPersonKey"] == [cem.person_key]
    assert there(slapd, ada.mystudy) == {}
    assert there(slapd, eve.mystudy) == {}
    # Back to the own account: now it is needed again.
    assert run(eve) == [DONE]
    assert services(slapd, eve) == BOTH


def test_names_stand_where_the_layout_wants_them(slapd: Slapd) -> None:
    cem = with_account(slapd, given_names="", family_name="", display_name="Suharto")
    cem = replace(cem, given_names="Suharto")
    run(cem)

    entry = there(slapd, cem.mystudy)
    assert entry["sn"] == ["Suharto"]
    assert entry["givenName"] == ["Suharto"]
    wanted = MYSTUDY.wanted(cem)
    assert isinstance(wanted, State)
    assert wanted.contact_mail == frozenset()
