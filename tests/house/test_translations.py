"""Every sentence that people read exists in German, and is up to date."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = ROOT / "onboarding" / "locale" / "de" / "LC_MESSAGES" / "django.po"
ROOMS = ("accounts", "onboarding", "templates", "worker")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collect the sentences anew, into a copy of the German catalogue."""
    copy = tmp_path_factory.mktemp("portal")
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, copy / room, ignore=shutil.ignore_patterns("locale", "*.mo")
        )
    fresh = copy / "locale" / "de" / "LC_MESSAGES" / "django.po"
    fresh.parent.mkdir(parents=True)
    shutil.copy(WRITTEN, fresh)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "de", "--no-obsolete"],
        cwd=copy,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    return fresh


@pytest.mark.parametrize("lack", ["--untranslated", "--only-fuzzy"])
def test_no_sentence_lacks_its_german(catalogue: Path, lack: str) -> None:
    found = subprocess.run(
        ["msgattrib", lack, "--no-obsolete", "--no-wrap", str(catalogue)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    lines = [line for line in found.splitlines() if line.startswith("msgid ")]
    # Where there is anything to show, the catalogue's own head comes along.
    head = 1 if "Project-Id-Version" in found else 0
    assert lines[head:] == []


def test_the_german_keeps_every_blank_to_fill_in() -> None:
    check = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", str(WRITTEN)],
        check=False,
        capture_output=True,
        text=True,
    )

    assert (check.returncode, check.stderr) == (0, "")


def test_the_catalogue_holds_nothing_that_nobody_says_any_more(
    catalogue: Path,
) -> None:
    compared = subprocess.run(
        ["msgcmp", "--use-untranslated", "--use-fuzzy", str(catalogue), str(WRITTEN)],
        check=False,
        capture_output=True,
        text=True,
    )
    kept = subprocess.run(
        ["msgattrib", "--only-obsolete", str(WRITTEN)],
        check=True,
        capture_output=True,
        text=True,
    )

    assert (compared.stderr, kept.stdout) == ("", "")


def test_german_has_its_own_quotation_marks_and_amounts() -> None:
    foreign = re.compile(r"\"|“[^“”„]*”|\w'\w|€\d|\d €|\d\.\d\d\s€")
    assert [said for said in _german() if foreign.search(said)] == []


def test_german_neither_boasts_nor_scolds() -> None:
    words = re.compile(r"[Ee]rfolgreich|[Uu]ngültig|[Ff]ehlercode|[Bb]eachten Sie")
    assert [said for said in _german() if words.search(said)] == []


def _german() -> list[str]:
    """Give every German sentence, without the tags in it."""
    catalogue = subprocess.run(
        ["msgcat", "--no-wrap", str(WRITTEN)],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    ).stdout
    _, *entries = catalogue.split("\n\n")
    said = re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', "\n".join(entries), re.MULTILINE)
    return [re.sub("<[^>]*>", "", one) for one in said]


def _lazy_names(tree: ast.Module) -> set[str]:
    return {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name.endswith("gettext_lazy")
    }


def _filled_in_at_import(tree: ast.Module) -> list[int]:
    """Find ``_("… %s") % x`` outside functions: ``%`` settles the language for good."""
    lazy = _lazy_names(tree)
    inside = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.Lambda)
        for part in ast.walk(node)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod)
        and isinstance(node.left, ast.Call)
        and isinstance(node.left.func, ast.Name)
        and node.left.func.id in lazy
        and node not in inside
    ]


def test_no_sentence_settles_its_language_when_a_module_is_read() -> None:
    early = {
        f"{file.relative_to(ROOT)}:{line}"
        for room in ("accounts", "onboarding", "worker")
        for file in (ROOT / room).rglob("*.py")
        for line in _filled_in_at_import(ast.parse(file.read_text()))
    }

    assert early == set()
    probe = 'from django.utils.translation import gettext_lazy as _\nA = _("a %s") % 1'
    assert _filled_in_at_import(ast.parse(probe)) == [2]
