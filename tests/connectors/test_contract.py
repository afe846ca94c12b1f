"""What every connector promises, tried on its real server."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from accounts.connectors.contract import (
    Connector,
    Found,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
    Verb,
    compare,
)
from tests.connectors.adapters import ADAPTERS, Adapter
from tests.connectors.people import left
from tests.connectors.traits import Trait

ALL_DONE: Outcome = None


@pytest.fixture(params=ADAPTERS, ids=lambda one: one.__name__)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Give each system; what a test is about and a system is without is said."""
    about = {one for mark in request.node.iter_markers("about") for one in mark.args}
    for trait in about & request.param.without.keys():
        pytest.skip(request.param.without[trait])
    made: Adapter = request.param(request)
    return made


def steps(connector: Connector, *people: Subject) -> list[Step]:
    """Look, and say what there is to do; nobody may be in the way."""
    found = connector.find(people)
    verdicts = [compare(connector, one, found.get(one.id)) for one in people]
    assert [verdict.failure for verdict in verdicts if verdict.failure] == []
    return [verdict.step for verdict in verdicts if verdict.step]


def run(connector: Connector, *people: Subject) -> Sequence[Outcome]:
    """Do what one batch of a sweep does."""
    to_do = steps(connector, *people)
    return connector.carry_out(to_do) if to_do else []


def answers_again(connector: Connector) -> None:
    """Wait for a target that has to work off what came while it was frozen."""
    end = time.monotonic() + 20
    while True:
        try:
            return connector.ask()
        except TemporaryFailure:
            assert time.monotonic() < end
            time.sleep(0.1)


def only(verb: Verb | None) -> list[Verb]:
    return [verb] if verb else []


def verbs(connector: Connector, *people: Subject) -> list[Verb]:
    return [step.verb for step in steps(connector, *people)]


# --- The way of one person --------------------------------------------------------


@pytest.mark.about(Trait.STEPS)
def test_somebody_new_is_created_as_wanted(adapter: Adapter) -> None:
    cem = adapter.newcomer()

    assert verbs(adapter.connector, cem) == [Verb.CREATE]
    assert run(adapter.connector, cem) == [ALL_DONE]

    found = adapter.connector.find([cem])[cem.id]
    assert isinstance(found, Found)
    assert found.state == adapter.connector.wanted(cem)


def test_a_second_run_has_nothing_to_do(adapter: Adapter) -> None:
    people = [adapter.newcomer(), adapter.advanced(adapter.newcomer())]
    run(adapter.connector, *people)

    assert steps(adapter.connector, *people) == []


@pytest.mark.about(Trait.STEPS)
@pytest.mark.parametrize(
    "facts",
    [
        {"given_names": "Nguyễn Thị", "display_name": "Nguyễn Thị Sondermann"},
        {"given_names": "", "family_name": "Suharto", "display_name": "Suharto"},
        {"family_name": "O’Neill, *(Ng)\\", "display_name": "Cem O’Neill, *(Ng)\\"},
        {"family_name": "SONDERMANN", "display_name": "cem sondermann"},
        {"language": "en"},
    ],
    ids=["letters", "single name", "signs of filters", "case alone", "language"],
)
def test_a_change_is_carried_over(adapter: Adapter, facts: dict[str, str]) -> None:
    none_of_its_business = facts.keys() <= adapter.keeps_to_itself
    cem = adapter.advanced(adapter.newcomer())
    run(adapter.connector, cem)
    changed = replace(cem, **facts)  # type: ignore[arg-type]

    expected = [] if none_of_its_business else [Verb.CHANGE]
    assert verbs(adapter.connector, changed) == expected
    assert run(adapter.connector, changed) == [ALL_DONE for _ in expected]
    assert steps(adapter.connector, changed) == []


@pytest.mark.about(Trait.STEPS)
def test_activation_grants_and_leaving_withdraws(adapter: Adapter) -> None:
    newcomer = adapter.newcomer()
    run(adapter.connector, newcomer)
    student = adapter.advanced(newcomer)

    assert verbs(adapter.connector, student) == [Verb.CHANGE]
    run(adapter.connector, student)
    assert steps(adapter.connector, student) == []

    assert verbs(adapter.connector, left(student)) == only(adapter.parting)
    run(adapter.connector, left(student))
    assert steps(adapter.connector, left(student)) == []
    assert adapter.record(student) is not None


@pytest.mark.about(Trait.STEPS)
def test_who_comes_back_gets_everything_back(adapter: Adapter) -> None:
    student = adapter.advanced(adapter.newcomer())
    run(adapter.connector, student)
    before = adapter.record(student)
    run(adapter.connector, left(student))
    assert (adapter.record(student) == before) is (adapter.parting is None)

    run(adapter.connector, student)

    assert adapter.record(student) == before


@pytest.mark.about(Trait.STEPS)
def test_who_left_before_coming_is_removed(adapter: Adapter) -> None:
    newcomer = adapter.newcomer()
    run(adapter.connector, newcomer)

    parting = only(adapter.early_parting)
    assert verbs(adapter.connector, left(newcomer)) == parting
    assert run(adapter.connector, left(newcomer)) == [ALL_DONE for _ in parting]

    assert (adapter.record(newcomer) is None) is adapter.forgets_who_never_came
    assert steps(adapter.connector, left(newcomer)) == []


@pytest.mark.about(Trait.STEPS)
def test_doing_a_step_twice_changes_nothing(adapter: Adapter) -> None:
    new, changed, gone = adapter.newcomer(), adapter.newcomer(), adapter.newcomer()
    run(adapter.connector, changed, gone)
    people = (new, adapter.advanced(changed), left(gone))
    to_do = steps(adapter.connector, *people)
    adapter.connector.carry_out(to_do)
    before = [adapter.record(one) for one in people]

    again = adapter.connector.carry_out(to_do)

    assert [adapter.record(one) for one in people] == before
    assert not any(isinstance(one, PermanentFailure) for one in again)
    assert steps(adapter.connector, *people) == []


# --- Others work there too ----------------------------------------------------------


@pytest.mark.about(Trait.STEPS)
def test_what_somebody_edited_is_put_right(adapter: Adapter) -> None:
    cem = adapter.advanced(adapter.newcomer())
    run(adapter.connector, cem)
    before = adapter.record(cem)
    adapter.tamper(cem)
    edited = adapter.record(cem)
    assert edited != before

    expected = [Verb.CHANGE] if adapter.sees_edits else []
    assert verbs(adapter.connector, cem) == expected
    run(adapter.connector, cem)

    assert adapter.record(cem) == (before if adapter.sees_edits else edited)


@pytest.mark.about(Trait.CONDITIONS)
def test_an_edit_between_look_and_write_is_looked_at_again(adapter: Adapter) -> None:
    cem = adapter.newcomer()
    run(adapter.connector, cem)
    to_do = steps(adapter.connector, replace(cem, display_name="C. Sondermann"))
    adapter.tamper(cem)

    [outcome] = adapter.connector.carry_out(to_do)

    assert isinstance(outcome, TemporaryFailure)
    run(adapter.connector, cem)
    assert steps(adapter.connector, cem) == []


@pytest.mark.about(Trait.STEPS)
def test_an_edit_between_look_and_write_is_got_over(adapter: Adapter) -> None:
    cem = adapter.newcomer()
    run(adapter.connector, cem)
    student = adapter.advanced(cem)
    to_do = steps(adapter.connector, student)
    adapter.tamper(cem)

    adapter.connector.carry_out(to_do)

    run(adapter.connector, student)
    assert steps(adapter.connector, student) == []


@pytest.mark.about(Trait.STEPS)
def test_a_duplicate_is_found_and_not_made_again(adapter: Adapter) -> None:
    cem = adapter.newcomer()
    to_do = steps(adapter.connector, cem)
    adapter.make_as_another(cem)

    [outcome] = adapter.connector.carry_out(to_do)

    assert isinstance(outcome, TemporaryFailure) is adapter.says_who_was_first
    expected = [Verb.CHANGE] if adapter.says_who_was_first else []
    assert verbs(adapter.connector, cem) == expected
    assert run(adapter.connector, cem) == [ALL_DONE for _ in expected]
    assert steps(adapter.connector, cem) == []


def test_an_adopted_record_keeps_what_is_not_ours(adapter: Adapter) -> None:
    cem = adapter.advanced(adapter.newcomer())
    adapter.make_as_another(cem)
    made = adapter.record(cem)
    assert made is not None

    assert set(run(adapter.connector, cem)) <= {ALL_DONE}
    assert steps(adapter.connector, cem) == []
    adopted = adapter.record(cem)
    assert adopted is not None
    assert adapter.others(adopted) == adapter.others(made)

    run(adapter.connector, left(cem))
    kept = adapter.record(cem)
    assert kept is not None
    assert adapter.others(kept) == adapter.others(made)


def test_an_adopted_record_is_never_removed(adapter: Adapter) -> None:
    cem = adapter.newcomer()
    adapter.make_as_another(cem)
    run(adapter.connector, cem)
    # Whatever of ours is in it goes, the record itself stays.
    adapter.tamper(cem)

    parting = only(adapter.early_parting)
    assert verbs(adapter.connector, left(cem)) == parting
    assert run(adapter.connector, left(cem)) == [ALL_DONE for _ in parting]

    assert adapter.record(cem) is not None
    assert steps(adapter.connector, left(cem)) == []


def test_what_others_do_there_is_seen(adapter: Adapter) -> None:
    cem = adapter.advanced(adapter.newcomer())
    assert cem.id not in adapter.connector.find([cem])
    adapter.make_as_another(cem)
    run(adapter.connector, cem)
    before = adapter.connector.find([cem])[cem.id]
    adapter.tamper(cem)

    after = adapter.connector.find([cem])[cem.id]

    assert isinstance(before, Found)
    assert isinstance(after, Found)
    assert (after != before) is adapter.sees_edits


def test_what_a_system_is_said_to_be_without_it_is_without(adapter: Adapter) -> None:
    newcomer = adapter.newcomer()
    student = adapter.advanced(adapter.newcomer())
    everybody = [newcomer, student, left(newcomer), left(student)]

    wanted = steps(adapter.connector, *everybody)
    adapter.make_as_another(student)
    wanted += steps(adapter.connector, *everybody)

    assert bool(wanted) is (Trait.STEPS not in adapter.without)
    assert hasattr(adapter, "line") is (Trait.LINE not in adapter.without)


# --- Many ----------------------------------------------------------------------------


@pytest.mark.about(Trait.REFUSALS)
def test_one_bad_person_does_not_stop_the_others(adapter: Adapter) -> None:
    people = [adapter.newcomer() for _ in range(adapter.connector.batch)]
    people[7] = adapter.unacceptable(people[7])

    outcomes = run(adapter.connector, *people)

    bad = [index for index, one in enumerate(outcomes) if one is not None]
    assert bad == [7]
    assert isinstance(outcomes[7], PermanentFailure)
    del people[7]
    assert steps(adapter.connector, *people) == []


@pytest.mark.about(Trait.REFUSALS)
def test_outcomes_come_in_the_order_of_the_steps(adapter: Adapter) -> None:
    new, changed, gone, taken = (adapter.newcomer() for _ in range(4))
    bad = adapter.unacceptable(adapter.newcomer())
    run(adapter.connector, changed, gone)
    people = (bad, adapter.advanced(changed), taken, left(gone), new)
    to_do = steps(adapter.connector, *people)
    adapter.make_as_another(taken)

    outcomes = adapter.connector.carry_out(to_do)

    assert [type(one) for one in outcomes] == [
        PermanentFailure,
        type(None),
        TemporaryFailure,
        type(None),
        type(None),
    ]


# --- The target is away ---------------------------------------------------------------


def test_a_target_that_is_down_is_a_failure_that_passes(adapter: Adapter) -> None:
    cem = adapter.newcomer()
    to_do = steps(adapter.connector, cem)
    adapter.server.kill()

    with pytest.raises(TemporaryFailure):
        adapter.connector.find([cem])
    # Whoever tries a system by hand may be told that a human has to look.
    with pytest.raises((TemporaryFailure, PermanentFailure)):
        adapter.connector.ask()
    outcomes = adapter.connector.carry_out(to_do)
    assert [type(one) for one in outcomes] == [TemporaryFailure for _ in to_do]

    adapter.start()
    adapter.connector.ask()
    assert run(adapter.connector, cem) == [ALL_DONE for _ in to_do]


def test_a_frozen_target_holds_nobody_up_for_long(adapter: Adapter) -> None:
    people = [adapter.newcomer() for _ in range(20)]
    to_do = steps(adapter.connector, *people)
    begun = time.monotonic()
    adapter.server.freeze()
    try:
        outcomes = adapter.connector.carry_out(to_do)
        with pytest.raises(TemporaryFailure):
            adapter.connector.find(people)
    finally:
        adapter.server.thaw()

    assert [type(one) for one in outcomes] == [TemporaryFailure for _ in to_do]
    # Some of the writes may have happened after all.
    assert time.monotonic() - begun < adapter.connector.lease_seconds / 4
    answers_again(adapter.connector)
    run(adapter.connector, *people)
    assert steps(adapter.connector, *people) == []


@pytest.mark.about(Trait.STEPS, Trait.LINE)
@pytest.mark.parametrize("answers", [1, 4, 9])
def test_a_line_cut_in_mid_batch_loses_and_doubles_nothing(
    adapter: Adapter, answers: int
) -> None:
    people = [adapter.newcomer() for _ in range(100)]
    adapter.use_the_bad_line()
    to_do = steps(adapter.connector, *people)
    adapter.line.cut_after(answers)

    outcomes = adapter.connector.carry_out(to_do)

    assert any(isinstance(one, TemporaryFailure) for one in outcomes)
    assert {type(one) for one in outcomes} <= {TemporaryFailure, type(None)}
    # Nothing is said to be done that is not.
    done = [one for one, outcome in zip(people, outcomes, strict=True) if not outcome]
    adapter.line.mend()
    assert steps(adapter.connector, *done) == []
    run(adapter.connector, *people)
    assert steps(adapter.connector, *people) == []


@pytest.mark.about(Trait.STEPS, Trait.LINE)
def test_a_line_that_swallows_answers_is_given_up(adapter: Adapter) -> None:
    people = [adapter.newcomer() for _ in range(5)]
    adapter.use_the_bad_line()
    to_do = steps(adapter.connector, *people)
    adapter.line.swallow()
    begun = time.monotonic()

    outcomes = adapter.connector.carry_out(to_do)

    assert {type(one) for one in outcomes} == {TemporaryFailure}
    assert time.monotonic() - begun < adapter.connector.lease_seconds / 4
    adapter.line.mend()
    # All of it may have been done; then there is nothing left to do.
    run(adapter.connector, *people)
    assert steps(adapter.connector, *people) == []


@pytest.mark.about(Trait.LINE)
def test_a_line_that_is_cut_while_we_look_makes_nobody_up(adapter: Adapter) -> None:
    people = [adapter.newcomer() for _ in range(5)]
    adapter.make_as_another(people[3])
    adapter.use_the_bad_line()
    adapter.line.cut_after(0)

    with pytest.raises(TemporaryFailure):
        adapter.connector.find(people)

    adapter.line.mend()
    assert set(adapter.connector.find(people)) == {people[3].id}


@pytest.mark.about(Trait.LINE)
def test_a_slow_line_is_waited_for(adapter: Adapter) -> None:
    people = [adapter.newcomer() for _ in range(5)]
    adapter.use_the_bad_line()
    adapter.line.delay(0.05)
    to_do = steps(adapter.connector, *people)

    assert list(adapter.connector.carry_out(to_do)) == [ALL_DONE for _ in to_do]
    assert steps(adapter.connector, *people) == []
