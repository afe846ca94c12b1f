"""Every act that the code records of a person has a sentence for that person."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from onboarding.journey.acts import OF_NOBODY, TOLD

# Where a card goes that somebody no longer has.
LEFT_FOR = ("returned", "lost", "defective", "blocked")
RECORDING = {"record", "record_many"}
ROOMS = ("accounts", "onboarding", "worker")
# What no reader of the code can know: acts whose name is put together, and what of.
PUT_TOGETHER = {
    "{why}_issued": {"letter_issued", "letter_order_issued", "recovery_issued"},
    "card_{to.value}": {f"card_{spot}" for spot in LEFT_FOR},
}


@dataclass(frozen=True)
class Recorded:
    """One call that writes into the journal, and the acts it may write."""

    place: str
    acts: frozenset[str]


class _Calls(ast.NodeVisitor):
    """Finds what a file records; names are looked up in the same file."""

    def __init__(self, file: Path) -> None:
        self.place = str(file.relative_to(settings.ROOT))
        self.tree = ast.parse(file.read_text(encoding="utf-8"))
        self.found: list[Recorded] = []
        self.inside: list[ast.FunctionDef] = []
        self.visit(self.tree)

    def visit_FunctionDef(self, function: ast.FunctionDef) -> None:
        self.inside.append(function)
        self.generic_visit(function)
        self.inside.pop()

    def visit_Call(self, call: ast.Call) -> None:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        what = next((one.value for one in call.keywords if one.arg == "what"), None)
        if name in RECORDING and what is not None:
            place = f"{self.place}:{call.lineno}"
            self.found.append(Recorded(place, frozenset(self._acts(what))))
        self.generic_visit(call)

    def _acts(self, what: ast.expr) -> Iterator[str]:
        if isinstance(what, ast.Constant):
            yield str(what.value)
        elif isinstance(what, ast.IfExp):
            yield from self._acts(what.body)
            yield from self._acts(what.orelse)
        elif isinstance(what, ast.JoinedStr):
            yield from PUT_TOGETHER[ast.unparse(what)[2:-1]]
        elif isinstance(what, ast.Name):
            yield from self._named(what.id)

    def _named(self, name: str) -> Iterator[str]:
        """Look a name up: arguments, constants, loops over written tuples."""
        yield from self._handed_in(name)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    yield from self._unpacked(target, node.value, name)
            elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
                for value in node.iter.elts:
                    yield from self._unpacked(node.target, value, name)

    def _handed_in(self, name: str) -> Iterator[str]:
        """Give what callers in the same file hand in under this name."""
        function = self.inside[-1]
        names = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
        if name not in names:
            return
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == (
                function.name
            ):
                by_name = {one.arg: one.value for one in node.keywords}
                by_place = dict(zip(names, node.args, strict=False))
                handed = by_name.get(name, by_place.get(name))
                if handed is not None:
                    yield from self._acts(handed)

    def _unpacked(self, target: ast.expr, value: ast.expr, name: str) -> Iterator[str]:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, its in zip(target.elts, value.elts, strict=False):
                yield from self._unpacked(one, its, name)
        elif isinstance(target, ast.Name) and target.id == name:
            yield from self._acts(value)


def everything_recorded() -> list[Recorded]:
    files = [
        file
        for room in ROOMS
        for file in sorted((Path(settings.ROOT) / room).rglob("*.py"))
        if file.name != "record.py"
    ]
    return [one for file in files for one in _Calls(file).found]


def test_what_every_recording_writes_can_be_read_off_the_code() -> None:
    assert [one.place for one in everything_recorded() if not one.acts] == []


def test_every_recorded_act_has_a_sentence() -> None:
    wordless = {
        act: one.place
        for one in everything_recorded()
        for act in one.acts
        if act not in TOLD.keys() | OF_NOBODY
    }

    assert wordless == {}


def test_an_act_is_somebodys_or_nobodys() -> None:
    assert TOLD.keys() & OF_NOBODY == set()


@pytest.mark.parametrize("act", sorted(TOLD))
def test_a_sentence_is_a_sentence(act: str) -> None:
    how = TOLD[act]

    for said in (how.sentence, *how.why.values()):
        assert re.fullmatch(r"[A-Z].*\.", str(said)), said
        # It has words for a row that says less than it should.
        assert str(said) % _Anything()


class _Anything(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "…"
