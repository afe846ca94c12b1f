"""The way as a pure function of facts: what is done, what is next, what waits."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.connectors.contract import Mode
from accounts.due.progress import Overall, Progress
from accounts.mailbox.standing import Code, Ready
from accounts.mailbox.standing import Standing as MailStanding
from onboarding.cards.models import Wish
from onboarding.cards.route import Route
from onboarding.cards.standing import Standing as CardStanding
from onboarding.cards.standing import Way
from onboarding.enrolment.models import Cohort
from onboarding.journey.facts import Facts
from onboarding.journey.path import PATH, Journey, journey
from onboarding.journey.step import Standing, Strand
from onboarding.journey.teaching import MoodleFacts, MyStudyFacts
from tests.cast import NOW
from tests.onboarding.journey.somebody import (
    OPENS,
    PARKED,
    SETTLED,
    STUCK,
    TODAY,
    WORKING,
    facts,
    mailbox,
)

DONE, HERE, WAITING, LATER, PROBLEM = Standing
EVERYBODY = [
    *("activation", "recovery", "mail"),
    *("registration", "card", "deposit", "library_account"),
]


def standings(known: Facts) -> dict[str, Standing]:
    return {one.step.key: one.now.standing for one in journey(known).stations}


def keys(known: Facts) -> list[str]:
    return [one.step.key for one in journey(known).stations]


def note(known: Facts, key: str, language: str = "en") -> str:
    with override(language):
        now = {one.step.key: one.now for one in journey(known).stations}[key]
        return str(now.note)


# --- Who needs what -----------------------------------------------------------------


def test_every_step_has_a_name_of_its_own() -> None:
    names = [step.key for step in PATH]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("mode", [Mode.OWN, Mode.LEUPHANA])
def test_who_has_mystudy_has_moodle(mode: Mode) -> None:
    mine = keys(facts(mystudy=MyStudyFacts(mode=mode)))

    assert sorted(mine) == sorted([*EVERYBODY, "mystudy", "moodle"])


def test_who_has_no_mystudy_has_neither() -> None:
    assert keys(facts(mystudy=MyStudyFacts(mode=Mode.NONE))) == EVERYBODY


def test_doctoral_students_may_do_without_mystudy() -> None:
    known = {"mystudy": MyStudyFacts(mode=Mode.OWN), "doctoral": True}
    way = journey(facts(**known))

    optional = {one.step.key for one in way.stations if one.optional}
    assert optional == {"recovery", "mystudy", "moodle"}
    assert way.needed == 6


@pytest.mark.parametrize(
    ("mode", "login"),
    [(Mode.OWN, "your login of myStudy"), (Mode.LEUPHANA, "your Leuphana account")],
)
@pytest.mark.parametrize("asked", [True, False])
def test_moodle_is_entered_with_the_login_that_counts(
    mode: Mode, login: str, *, asked: bool
) -> None:
    known = facts(
        **OPENS,
        mystudy=MyStudyFacts(mode=mode, own_account_opens=True),
        moodle=MoodleFacts(asked=asked, there=True),
    )

    (moodle,) = [s for s in journey(known).stations if s.step.key == "moodle"]

    assert login in str(moodle.now.note)


# --- One after the other ------------------------------------------------------------


def test_the_letter_comes_first() -> None:
    way = journey(facts())

    assert way.next is not None
    assert way.next.step.key == "activation"
    assert way.next.now.url_name == "signin:activate"
    assert standings(facts()) == {
        "activation": HERE,
        "recovery": LATER,
        "mail": LATER,
        "mystudy": LATER,
        "moodle": LATER,
        # The library asks for no account.
        "registration": HERE,
        "card": LATER,
        "deposit": LATER,
        "library_account": LATER,
    }
    assert (way.done, way.needed) == (0, 8)


@pytest.mark.parametrize(
    ("account", "standing"),
    [(SETTLED, DONE), (WORKING, WAITING), (STUCK, WAITING), (PARKED, PROBLEM)],
)
def test_an_own_password_is_done_once_the_directory_has_what_it_opens(
    account: Progress, standing: Standing
) -> None:
    known = facts(**{**OPENS, "account": account})

    assert standings(known)["activation"] is standing


def test_a_directory_that_is_silent_is_said_so_in_both_languages() -> None:
    waiting = facts(**{**OPENS, "account": WORKING})
    stuck = facts(**{**OPENS, "account": STUCK})

    assert "usually takes a few seconds" in note(waiting, "activation")
    assert "does not answer" in note(stuck, "activation")
    notes = {
        note(known, "activation", language)
        for known in (waiting, stuck)
        for language in ("de", "en")
    }
    assert len(notes) == 4


def test_what_needs_a_human_leads_to_one() -> None:
    way = journey(facts(**{**OPENS, "account": PARKED}))

    assert way.problem is way.foremost
    assert way.problem is not None
    assert way.problem.now.url_name == "look:help"
    assert "two entries" not in str(way.problem.now.note)


def test_a_needed_step_comes_before_an_optional_one() -> None:
    way = journey(facts(**OPENS))

    assert standings(facts(**OPENS))["recovery"] is HERE
    assert way.next is not None
    assert way.next.step.key == "mail"


def test_what_is_left_is_the_optional_step() -> None:
    way = journey(facts(**everything_needed()))

    assert way.complete
    assert way.next is not None
    assert way.next.step.key == "recovery"


def test_nothing_is_left() -> None:
    way = journey(facts(**everything_needed(), recovery_address="cem@mail.example"))

    assert way.complete
    assert way.next is way.foremost is None


def everything_needed() -> dict[str, Any]:
    return {
        **OPENS,
        "mail": mailbox(),
        "mystudy": MyStudyFacts(mode=Mode.OWN, user_name="cem", own_account_opens=True),
        "moodle": MoodleFacts(asked=True, there=True, last_seen=NOW),
        "card": CardStanding(
            registered_at=NOW,
            number="3110372827",
            handed_out_at=NOW,
            settled_at=NOW,
            works_since=NOW,
        ),
    }


def test_who_does_not_study_here_keeps_what_is_done_and_is_asked_for_nothing() -> None:
    begun = {**OPENS, "mail": mailbox()}
    done = ["activation", "mail"]

    way = journey(facts(**begun, studies=False))

    assert [one.step.key for one in way.stations] == done
    assert way.foremost is None
    # Whoever comes back goes on where it stopped.
    again = standings(facts(**begun, studies=True))
    assert [key for key, standing in again.items() if standing is DONE] == done
    assert again["registration"] is HERE


# --- E-mail -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ready", "standing"),
    [
        (Ready.NO_ADDRESS, HERE),
        (Ready.TAKEN, HERE),
        (Ready.YES, HERE),
        (Ready.SETTING_UP, WAITING),
        (Ready.NOT_YET, WAITING),
        (Ready.SILENT, WAITING),
        (Ready.STUCK, PROBLEM),
    ],
)
def test_a_mailbox_is_chosen_then_set_up_then_proved(
    ready: Ready, standing: Standing
) -> None:
    known = facts(**OPENS, mail=MailStanding(address="c@x.example", ready=ready))

    assert standings(known)["mail"] is standing
    assert note(known, "mail", "de") != note(known, "mail", "en") != ""


@pytest.mark.parametrize("ready", list(Ready))
def test_a_proved_mailbox_stays_proved(ready: Ready) -> None:
    known = facts(**OPENS, mail=replace(mailbox(), ready=ready))

    assert standings(known)["mail"] is DONE


def test_a_mailbox_that_refused_the_code_is_said_so() -> None:
    known = facts(**OPENS, mail=replace(mailbox(None), code=Code.BOUNCED))

    assert "Perhaps it is full" in note(known, "mail")


# --- Every combination --------------------------------------------------------------

moments = st.sampled_from([None, NOW])
progress = st.builds(
    Progress,
    generation=st.integers(0, 2),
    settled_generation=st.integers(0, 2),
    failures=st.integers(0, 2),
    last_error=st.sampled_from(["", "no_answer", "silent", "!two entries"]),
)
account_strand = st.fixed_dictionaries(
    {
        "own_password": st.booleans(),
        "account": progress,
        "recovery_address": st.sampled_from(["", "cem@mail.example"]),
        "mail": st.builds(
            MailStanding,
            address=st.sampled_from(["", "c@x.example"]),
            ready=st.sampled_from(Ready),
            code=st.sampled_from(Code),
            proved_at=moments,
        ),
        "mystudy": st.builds(
            MyStudyFacts,
            mode=st.sampled_from(Mode),
            user_name=st.sampled_from(["", "cem"]),
            own_account_opens=st.booleans(),
            leuphana_account_opens=st.booleans(),
            progress=progress,
        ),
        "moodle": st.builds(
            MoodleFacts,
            asked=st.booleans(),
            there=st.booleans(),
            last_seen=moments,
            known_as=st.sampled_from(["", "cem"]),
            progress=progress,
        ),
    }
)
card_strand = st.fixed_dictionaries(
    {
        "card": st.builds(
            CardStanding,
            registered_at=moments,
            begun=st.booleans(),
            number=st.sampled_from(["", "3110372827"]),
            wish=st.sampled_from(Wish),
            owed=st.sampled_from([-100, 0, 1000]),
            waived=st.booleans(),
            receipt=st.sampled_from([None, 7]),
            works_since=moments,
        ),
        # Nobody goes to a tutor without a group.
        "group": st.just(4),
        "way": st.builds(
            Way,
            route=st.sampled_from(Route),
            cohort=st.sampled_from(
                [Cohort(code="2026ws"), Cohort(code="2026ws", opening_from=TODAY)]
            ),
        ),
    }
)
others = st.fixed_dictionaries(
    {
        "studies": st.booleans(),
        "ticks": st.frozensets(st.sampled_from(["moodle", "library_account"])),
        "work": st.builds(Overall, version=st.just("v"), settled=st.booleans()),
    }
)


def strand(way: Journey, which: Strand) -> list[tuple[str, Standing]]:
    mine = [one for one in way.stations if one.step.strand is which]
    return [(one.step.key, one.now.standing) for one in mine]


@given(account_strand, card_strand, others)
def test_there_is_at_most_one_next_thing(
    account: dict[str, Any], card: dict[str, Any], other: dict[str, Any]
) -> None:
    way = journey(facts(**account, **card, **other))

    assert 0 <= way.done <= way.needed
    assert not other["studies"] or way.needed >= len(EVERYBODY) - 1
    assert all(one.now.url_name and one.now.action for one in way.stations if here(one))
    if way.next is None:
        assert not any(map(here, way.stations))
    else:
        assert here(way.next)
        needed_first = any(here(one) and not one.optional for one in way.stations)
        assert way.next.optional is not needed_first
    shown = [one for one in (way.problem, way.waiting, way.next) if one]
    assert way.foremost is (shown[0] if shown else None)


def here(station: Any) -> bool:
    return station.now.standing is HERE


@given(account_strand, account_strand, card_strand, others)
def test_the_card_does_not_wait_for_the_account(
    one: dict[str, Any],
    another: dict[str, Any],
    card: dict[str, Any],
    other: dict[str, Any],
) -> None:
    first = journey(facts(**one, **card, **other))
    second = journey(facts(**another, **card, **other))

    assert strand(first, Strand.CARD) == strand(second, Strand.CARD)


@given(account_strand, card_strand, card_strand, others)
def test_the_account_does_not_wait_for_the_card(
    account: dict[str, Any],
    one: dict[str, Any],
    another: dict[str, Any],
    other: dict[str, Any],
) -> None:
    first = journey(facts(**account, **one, **other))
    second = journey(facts(**account, **another, **other))

    assert strand(first, Strand.ACCOUNT) == strand(second, Strand.ACCOUNT)


@given(account_strand, account_strand, card_strand, others)
def test_who_is_as_far_shares_a_drawing_and_nobody_else(
    one: dict[str, Any],
    another: dict[str, Any],
    card: dict[str, Any],
    other: dict[str, Any],
) -> None:
    first = journey(facts(**one, **card, **other))
    second = journey(facts(**another, **card, **other, display_name="Ada Freytag"))

    alike = first.signature == second.signature
    assert alike == (drawn(first) == drawn(second))


def drawn(way: Journey) -> list[tuple[str, ...]]:
    return [
        (
            one.step.key,
            one.now.standing.value,
            one.now.url_name,
            one.now.word.value,
            *map(str, (one.now.note, one.now.action, one.now.takes)),
        )
        for one in way.stations
    ]
