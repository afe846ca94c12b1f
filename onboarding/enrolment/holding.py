"""Holding people back whose rows cannot be used, so that the desk finds them.

Nobody is taken in with a name that is not theirs, and nobody vanishes: what an export
says of somebody, and why it cannot be used, stays until it comes right or somebody of
the desk has looked. Where the very rows come again that the desk let in, they stand as
they were let in.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, groupby
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.people.naming import match_key
from onboarding.enrolment.arrival import Arrival
from onboarding.enrolment.cells import cells_of_row
from onboarding.enrolment.cohort import Cohort, batches
from onboarding.enrolment.cohort_file import Refusal
from onboarding.enrolment.held_models import Ending, Held

BATCH = 500
NAMES = ("given_names", "family_name", "chosen_name")
_KEYS = ("matriculation_no", "account_name", "private_email")
_WRITTEN = ("rows", "digest", "words", "names", *_KEYS, "confidential", "named_at")
_LONGEST = 800

Rows = list[dict[str, Any]]


def hold_back(
    *, cohort: Cohort, strangers: Sequence[tuple[Arrival, Refusal]], at: datetime
) -> int:
    """Hold back whose rows were refused, let go who came right; count the former.

    ``strangers`` are people whose rows are good, but claim somebody else's account.
    Twice the same file changes nothing.
    """
    claiming = {one.personal.person_key: _claims(one, why) for one, why in strangers}
    held = 0
    with transaction.atomic():
        for some in batches(_people(cohort, claiming), BATCH):
            held += _hold(dict(some), at=at)
        for keys in batches(_waiting(), BATCH):
            good = cohort.good_keys(keys) - claiming.keys()
            _end(Held.now().filter(person_key__in=good), Ending.CAME_RIGHT, at=at)
    return held


def drop_old(*, at: datetime) -> None:
    """Forget people whom no export has named for long: they are not coming."""
    old = Held.now().filter(named_at__lte=at - settings.HELD_ROWS_ARE_KEPT)
    _end(old, Ending.TOO_OLD, at=at)


# What is left of somebody who is held back no longer.
FORGOTTEN: Mapping[str, Any] = {
    "rows": [],
    "words": "",
    "names": "",
    **dict.fromkeys(_KEYS, ""),
}


def _end(rows: Any, ending: Ending, *, at: datetime) -> None:
    rows.update(ended_at=at, ending=ending, **FORGOTTEN)


def _waiting() -> Iterator[str]:
    # A list: what is read is changed on the way.
    yield from list(Held.now().values_list("person_key", flat=True))


def _people(cohort: Cohort, claiming: Mapping[str, Rows]) -> Iterator[tuple[str, Rows]]:
    ours = {theirs: name for name, theirs in cohort.layout.columns.items()}
    refused = groupby(cohort.refused_people(), key=lambda one: one.person_key)
    seen = set()
    for key, refusals in refused:
        seen.add(key)
        rows = [_kept(one.line, one.cells, one, ours) for one in refusals]
        yield key, [*rows, *claiming.get(key, [])]
    yield from ((key, rows) for key, rows in claiming.items() if key not in seen)


def _claims(arrival: Arrival, why: Refusal) -> Rows:
    pairs = zip(arrival.lines, arrival.studies, strict=False)
    return [
        _kept(line, cells_of_row(arrival.personal, study), why, {})
        for line, study in pairs
    ]


def _kept(
    line: int, cells: Mapping[str, str], why: Refusal, ours: Mapping[str, str]
) -> dict[str, Any]:
    faults = [
        {"column": ours.get(fault.column, fault.column), "reason": fault.reason.kept()}
        for fault in why.faults
    ]
    return {"line": line, "cells": dict(cells), "faults": faults}


def _hold(people: Mapping[str, Rows], *, at: datetime) -> int:
    before = Held.objects.filter(person_key__in=people)
    there = {one.person_key: one for one in before.filter(ended_at=None)}
    let_in = set(
        before.filter(ending=Ending.RELEASED).values_list("person_key", "digest")
    )
    new: list[Held] = []
    again: list[Held] = []
    for key, rows in people.items():
        digest = _digest(rows)
        known = there.get(key)
        if known is None and (key, digest) in let_in:
            continue
        one = known or Held(person_key=key, held_at=at)
        _write(one, rows, digest, at=at)
        (again if known else new).append(one)
    Held.objects.bulk_create(new)
    Held.objects.bulk_update(again, _WRITTEN)
    return len(new) + len(again)


def _write(held: Held, rows: Rows, digest: str, *, at: datetime) -> None:
    said = [row["cells"] for row in rows]
    names = [cells.get(name, "") for cells in said for name in NAMES]
    words = dict.fromkeys(chain.from_iterable(match_key(n).split() for n in names))
    held.rows, held.digest, held.named_at = rows, digest, at
    held.words = f" {' '.join(words)} "[:_LONGEST]
    held.names = " ".join(dict.fromkeys(filter(None, names)))[:_LONGEST]
    for key in _KEYS:
        setattr(held, key, said[0].get(key, ""))
    wrong = {fault["column"] for row in rows for fault in row["faults"]}
    blocked = any(cells.get("confidential") == "1" for cells in said)
    held.confidential = blocked or "confidential" in wrong


def _digest(rows: Iterable[Mapping[str, Any]]) -> str:
    said = sorted(json.dumps(row["cells"], sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
