"""What runs on the stage is looked after."""

import time
from pathlib import Path

import pytest

from onboarding.demo import supervisor as supervision
from onboarding.demo.servers.child import Child
from onboarding.demo.supervisor import Program, Supervisor


def sleeper(folder: Path, name: str = "web") -> Program:
    child = Child(name=name, command=["sleep", "60"], log=folder / "log")
    return Program(child)


def test_a_program_that_dies_is_started_again_and_the_console_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES", (0.05,))
    said: list[str] = []
    supervisor = Supervisor(say=said.append)
    program = sleeper(tmp_path)
    supervisor.start(program)
    program.child.kill()

    supervisor.look()
    assert not program.child.running
    time.sleep(0.06)
    supervisor.look()

    assert program.child.running
    assert said == ["web ended; starting it again in 0 s.", "web runs again."]
    supervisor.end()


def test_a_program_that_dies_again_and_again_is_left_alone_for_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES", (0.0, 7.0))
    said: list[str] = []
    supervisor = Supervisor(say=said.append)
    program = sleeper(tmp_path)
    supervisor.start(program)
    for _ in range(2):
        program.child.kill()
        supervisor.look()
        supervisor.look()

    assert not program.child.running
    assert said[-1] == "web ended; starting it again in 7 s."
    supervisor.end()


def test_everything_ends_even_what_does_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "GRACE", 0.2)
    supervisor = Supervisor(say=lambda _: None)
    deaf = ["sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60"]
    programs = [
        sleeper(tmp_path),
        Program(Child(name="deaf", command=deaf, log=tmp_path / "log")),
    ]
    for program in programs:
        supervisor.start(program)

    supervisor.end()

    assert [program.child.running for program in programs] == [False, False]
