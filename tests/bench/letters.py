"""Letters with initial passwords, beside nothing but the hashes of these passwords."""

import ctypes
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils import translation

from accounts.signin.credentials import make_initial_password
from onboarding.demo.servers.directory_files import PRODUCTION
from onboarding.enrolment.letter_secrets import AT_ONCE
from tests.bench import crowd, ground
from tests.bench.directory import empty_directory
from tests.bench.ratio import Ratio
from worker.sweep import sweep

LETTERS = int(os.environ.get("BENCH_LETTERS", "200"))
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
# What slapd's argon2 module asks this library for.
ARGON2 = "libargon2.so.1"
SALT_BYTES, HASH_BYTES, LONGEST_TEXT = 16, 32, 256


def measure() -> list[Ratio]:
    """Measure by turns; the best of each counts."""
    ground.empty_database()
    empty_directory(cost=PRODUCTION)
    hashed, issued = [], []
    for turn in range(TURNS):
        _arrive(beginning=turn * LETTERS)
        passwords = [make_initial_password() for _ in range(LETTERS)]
        hashed.append(_seconds(partial(_hash_all, passwords)))
        issued.append(_seconds(_issue))
    return [
        Ratio(
            name=f"{LETTERS} letters as PDF, {AT_ONCE} at once",
            floor="their passwords' argon2 hashes alone, as many at once",
            floor_seconds=min(hashed),
            product_seconds=min(issued),
            hold=1.3,
            bigger_is_better=False,
        )
    ]


def _arrive(*, beginning: int) -> None:
    crowd.make_due(crowd.enrol(LETTERS, beginning=beginning))
    while sweep():
        pass


def _issue() -> None:
    said = StringIO()
    with tempfile.TemporaryDirectory() as folder, translation.override("en"):
        file = Path(folder) / "letters.pdf"
        call_command("issue_letters", "--pdf", str(file), stderr=said)
    assert f"{LETTERS} letters issued." in said.getvalue(), said.getvalue()


def _hash_all(passwords: Sequence[str]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(_hash, passwords))


def _hash(password: str) -> None:
    written = ctypes.create_string_buffer(LONGEST_TEXT)
    refusal = ctypes.CDLL(ARGON2).argon2i_hash_encoded(
        ctypes.c_uint32(PRODUCTION.passes),
        ctypes.c_uint32(PRODUCTION.memory),
        ctypes.c_uint32(PRODUCTION.lanes),
        password.encode(),
        ctypes.c_size_t(len(password)),
        secrets.token_bytes(SALT_BYTES),
        ctypes.c_size_t(SALT_BYTES),
        ctypes.c_size_t(HASH_BYTES),
        written,
        ctypes.c_size_t(LONGEST_TEXT),
    )
    assert refusal == 0, refusal
    assert PRODUCTION.arguments.replace(" ", ",") in written.value.decode(), written


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
