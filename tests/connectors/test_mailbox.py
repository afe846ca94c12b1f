"""What a connector promises, kept by mailboxes: OpenLDAP and Dovecot together."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import ldap
import ldap3
import pytest
from django.conf import LazySettings

from accounts.connectors.contract import (
    Found,
    MailNow,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
    Verb,
    compare,
)
from accounts.connectors.mailbox import NOT_READY, TAKES_MAIL, Mailboxes
from accounts.directory import bulk
from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.dovecot import ENTITLEMENT, Dovecot
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_colleague, add_student
from tests.connectors.people import a_subject, activated, left
from tests.services import surroundings
from tests.services.proxy import BadLine

DONE: Outcome = None
MAILBOXES = Mailboxes()
Residents = Callable[..., Subject]


@pytest.fixture(autouse=True)
def _surroundings(settings: LazySettings) -> Iterator[None]:
    settings.MAILBOX_URL = f"lmtp://{LOOPBACK}:{surroundings.LMTP_PORT}"
    settings.MAILBOX_ANSWER_TIMEOUT = 1
    settings.LDAP_ANSWER_TIMEOUT = 1
    settings.AUTH_LDAP_CONNECTION_OPTIONS = {
        **settings.AUTH_LDAP_CONNECTION_OPTIONS,
        ldap.OPT_TIMEOUT: 1,
    }
    bulk.hang_up()
    yield
    bulk.hang_up()


@pytest.fixture
def resident(slapd: Slapd, dovecot: Dovecot) -> Residents:
    """Make people with an active account who have chosen an address."""

    def make(*former: str, entitled: bool = True, **attributes: Any) -> Subject:
        subject = activated(a_subject())
        more = {"eduPersonEntitlement": ENTITLEMENT} if entitled else {}
        add_student(slapd, subject.account_name, **more, **attributes)
        return at(subject, f"{subject.account_name[2:]}.x@stud.example", *former)

    return make


def at(subject: Subject, address: str, *former: str) -> Subject:
    return replace(subject, mail=MailNow(address=address, former=frozenset(former)))


def steps(*people: Subject) -> list[Step]:
    found = MAILBOXES.find(people)
    verdicts = [compare(MAILBOXES, one, found.get(one.id)) for one in people]
    assert [verdict.failure for verdict in verdicts if verdict.failure] == []
    return [verdict.step for verdict in verdicts if verdict.step]


def run(*people: Subject) -> Sequence[Outcome]:
    to_do = steps(*people)
    return MAILBOXES.carry_out(to_do) if to_do else []


def entry_of(slapd: Slapd, subject: Subject) -> dict[str, set[str]]:
    admin = slapd.admin()
    admin.search(
        _dn(slapd, subject), "(uid=*)", attributes=["mail", "leuphanaFormerMail"]
    )
    raw = admin.response[0]["raw_attributes"]
    return {name: {one.decode() for one in raw.get(name, ())} for name in raw}


def _dn(slapd: Slapd, subject: Subject) -> str:
    return f"uid={subject.account_name},ou=people,{slapd.base}"


def modify(slapd: Slapd, subject: Subject, **values: list[str]) -> None:
    changes = {name: [(ldap3.MODIFY_REPLACE, new)] for name, new in values.items()}
    slapd.admin().modify(_dn(slapd, subject), changes)


# --- The way of one person --------------------------------------------------------


def test_a_mailbox_is_made_and_takes_mail(
    dovecot: Dovecot, resident: Residents
) -> None:
    cem = resident("old.one@stud.example")

    assert [one.verb for one in steps(cem)] == [Verb.CREATE]
    assert run(cem) == [DONE]

    found = MAILBOXES.find([cem])[cem.id]
    assert isinstance(found, Found)
    assert cem.mail
    assert found.state == MAILBOXES.wanted(cem)
    assert found.evidence == ((TAKES_MAIL, cem.mail.address),)
    for address in (cem.mail.address, "old.one@stud.example"):
        dovecot.deliver(address=address, mail=b"Subject: x\r\n\r\nx\r\n")
    assert steps(cem) == []


def test_a_new_address_takes_the_old_ones_place(
    slapd: Slapd, resident: Residents
) -> None:
    cem = resident()
    run(cem)
    assert cem.mail
    moved = at(cem, "new.one@stud.example", cem.mail.address)

    assert [one.verb for one in steps(moved)] == [Verb.CHANGE]
    assert run(moved) == [DONE]

    assert entry_of(slapd, cem) == {
        "mail": {"new.one@stud.example"},
        "leuphanaFormerMail": {cem.mail.address},
    }
    assert steps(moved) == []


def test_who_has_chosen_none_is_left_alone(slapd: Slapd, resident: Residents) -> None:
    cem = replace(resident(mail="idm@stud.example"), mail=None)

    assert steps(cem) == []
    assert entry_of(slapd, cem)["mail"] == {"idm@stud.example"}


def test_who_left_keeps_the_address_without_a_service(
    slapd: Slapd, resident: Residents
) -> None:
    cem = resident()
    run(cem)
    modify(slapd, cem, eduPersonEntitlement=[])
    before = entry_of(slapd, cem)

    assert steps(left(cem)) == []
    assert entry_of(slapd, cem) == before
    # Back again, the server does not take mail until the directory says so.
    assert run(cem) == [NOT_READY]
    modify(slapd, cem, eduPersonEntitlement=[ENTITLEMENT])
    assert steps(cem) == []


def test_it_is_not_ready_before_the_mail_server_says_so(
    slapd: Slapd, resident: Residents
) -> None:
    cem = resident(entitled=False)

    assert run(cem) == [NOT_READY]
    assert run(cem) == [NOT_READY]
    modify(slapd, cem, eduPersonEntitlement=[ENTITLEMENT])
    assert steps(cem) == []


def test_without_an_entry_it_waits(dovecot: Dovecot) -> None:
    cem = at(activated(a_subject()), "nobody.yet@stud.example")

    [outcome] = run(cem)

    assert isinstance(outcome, TemporaryFailure)


def test_doing_a_step_twice_changes_nothing(slapd: Slapd, resident: Residents) -> None:
    cem = resident("old.one@stud.example")
    to_do = steps(cem)
    MAILBOXES.carry_out(to_do)
    before = entry_of(slapd, cem)

    again = MAILBOXES.carry_out(to_do)

    assert not any(isinstance(one, PermanentFailure) for one in again)
    assert entry_of(slapd, cem) == before
    assert steps(cem) == []


# --- Others work there too --------------------------------------------------------


def test_what_somebody_edited_is_put_right(slapd: Slapd, resident: Residents) -> None:
    cem = resident("old.one@stud.example")
    run(cem)
    before = entry_of(slapd, cem)
    modify(slapd, cem, mail=["else@stud.example"], leuphanaFormerMail=[])

    assert [one.verb for one in steps(cem)] == [Verb.CHANGE]
    assert run(cem) == [DONE]
    assert entry_of(slapd, cem) == before


def test_the_case_of_letters_is_no_difference(
    slapd: Slapd, resident: Residents
) -> None:
    cem = resident()
    run(cem)
    assert cem.mail
    modify(slapd, cem, mail=[cem.mail.address.upper()])

    assert steps(cem) == []


def test_an_edit_between_look_and_write_is_looked_at_again(
    slapd: Slapd, resident: Residents
) -> None:
    cem = resident()
    run(cem)
    to_do = steps(at(cem, "new.one@stud.example"))
    modify(slapd, cem, mail=["else@stud.example"])

    [outcome] = MAILBOXES.carry_out(to_do)

    assert isinstance(outcome, TemporaryFailure)


def test_an_adopted_entry_gets_the_class_it_lacks(
    slapd: Slapd, dovecot: Dovecot
) -> None:
    cem = at(activated(a_subject()), "cem@stud.example", "old@stud.example")
    slapd.admin().add(
        _dn(slapd, cem),
        ["inetOrgPerson", "eduPerson"],
        {"cn": "Cem", "sn": "S", "eduPersonEntitlement": ENTITLEMENT},
    )

    assert run(cem) == [DONE]
    assert steps(cem) == []


def test_an_address_of_somebody_else_stops_no_other(
    slapd: Slapd, resident: Residents
) -> None:
    people = [resident() for _ in range(20)]
    dn = add_colleague(slapd, "ada")
    assert people[7].mail
    slapd.admin().modify(
        dn, {"mail": [(ldap3.MODIFY_REPLACE, [people[7].mail.address])]}
    )

    outcomes = run(*people)

    assert [index for index, one in enumerate(outcomes) if one] == [7]
    assert isinstance(outcomes[7], PermanentFailure)
    assert str(outcomes[7]) == "address_taken"


# --- The systems are away -----------------------------------------------------------


@pytest.mark.faults
def test_a_directory_that_is_down_is_a_failure_that_passes(
    slapd: Slapd, resident: Residents
) -> None:
    cem = resident()
    to_do = steps(cem)
    slapd.kill()

    with pytest.raises(TemporaryFailure):
        MAILBOXES.find([cem])
    with pytest.raises(TemporaryFailure):
        MAILBOXES.ask()
    [outcome] = MAILBOXES.carry_out(to_do)
    assert isinstance(outcome, TemporaryFailure)

    slapd.start()
    assert run(cem) == [DONE]


@pytest.mark.faults
@pytest.mark.parametrize("frozen", [False, True], ids=["down", "frozen"])
def test_a_mail_server_that_is_away_is_a_failure_that_passes(
    dovecot: Dovecot, resident: Residents, frozen: bool
) -> None:
    known, new = resident(), resident()
    run(known)
    to_do = steps(new)
    begun = time.monotonic()
    if frozen:
        dovecot.child.freeze()
    else:
        dovecot.stop()
    try:
        [outcome] = MAILBOXES.carry_out(to_do)
        with pytest.raises(TemporaryFailure):
            MAILBOXES.find([known])
        with pytest.raises(TemporaryFailure):
            MAILBOXES.ask()
    finally:
        dovecot.child.thaw()
        dovecot.start()

    assert isinstance(outcome, TemporaryFailure)
    assert time.monotonic() - begun < MAILBOXES.lease_seconds / 4
    # The address was written; once the server is back, nothing is left to do.
    assert steps(known, new) == []


@pytest.mark.faults
@pytest.mark.parametrize("answers", [1, 4, 9])
def test_a_line_cut_in_mid_batch_loses_and_doubles_nothing(
    bad_line_to_the_directory: BadLine,
    resident: Residents,
    settings: LazySettings,
    answers: int,
) -> None:
    people = [resident() for _ in range(20)]
    settings.LDAP_URL = f"ldap://{LOOPBACK}:{bad_line_to_the_directory.port}"
    bulk.hang_up()
    to_do = steps(*people)
    bad_line_to_the_directory.cut_after(answers)

    outcomes = MAILBOXES.carry_out(to_do)

    assert any(isinstance(one, TemporaryFailure) for one in outcomes)
    assert {type(one) for one in outcomes} <= {TemporaryFailure, type(None)}
    bad_line_to_the_directory.mend()
    done = [one for one, outcome in zip(people, outcomes, strict=True) if not outcome]
    assert steps(*done) == []
    run(*people)
    assert steps(*people) == []
