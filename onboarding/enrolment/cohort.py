"""All rows of a file, grouped by person; kept on disk, not in memory."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import groupby, islice, product, starmap
from operator import attrgetter
from typing import Any, Self, TypeVar

from django.utils.translation import gettext_noop

from accounts.people.naming import match_key
from onboarding.enrolment.arrival import Arrival, contradictions, merged, title
from onboarding.enrolment.cells import cells_of_row
from onboarding.enrolment.cohort_file import (
    CohortFile,
    Fault,
    Personal,
    Refusal,
    Row,
    Study,
)
from onboarding.enrolment.models import weight
from onboarding.enrolment.wording import Sentence, kept_sentence

BATCH = 500
# Nobody studies so much; a file that says so has lost its person keys.
MOST_ROWS = 50
SHOWN = 3

TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    PRAGMA cache_size = -8000; PRAGMA temp_store = FILE;
    CREATE TABLE row (
        line INTEGER PRIMARY KEY, person_key TEXT, account_name TEXT,
        matriculation_no TEXT, name_key TEXT, birth_date TEXT, personal TEXT, study TEXT
    );
    CREATE TABLE refused (
        line INTEGER PRIMARY KEY, person_key TEXT, faults TEXT, cells TEXT
    );
    CREATE TABLE one (
        person_key TEXT, matriculation_no TEXT, name_key TEXT, birth_date TEXT,
        line INTEGER, is_new INTEGER
    );
"""
INDEXES = """
    CREATE INDEX row_person ON row (person_key, line);
    CREATE INDEX row_account ON row (account_name) WHERE account_name <> '';
    CREATE INDEX refused_person ON refused (person_key);
"""
TOO_MANY = """
    SELECT line, person_key FROM row WHERE person_key IN
        (SELECT person_key FROM row GROUP BY person_key HAVING COUNT(*) > ?)
"""
SEVERAL = """
    SELECT line, person_key, personal, study, 1 FROM row WHERE person_key IN
        (SELECT person_key FROM row GROUP BY person_key HAVING COUNT(*) BETWEEN 2 AND ?)
    ORDER BY person_key, line
"""
ARRIVALS = """
    SELECT line, person_key, personal, study,
        NOT EXISTS (SELECT 1 FROM refused f WHERE f.person_key = r.person_key)
    FROM row r ORDER BY person_key, line
"""
REFUSED = "SELECT line, person_key, faults, cells FROM refused ORDER BY line"
REFUSED_PEOPLE = """
    SELECT line, person_key, faults, cells FROM refused
    WHERE person_key <> '' AND cells <> '{}' ORDER BY person_key, line
"""
GOOD_KEYS = """
    SELECT DISTINCT person_key FROM row WHERE person_key IN (%s)
        AND person_key NOT IN (SELECT person_key FROM refused)
"""
PERSONAL_OF = "SELECT personal FROM row WHERE person_key = ? ORDER BY line LIMIT 1"
STUDIES_OF = "SELECT line, study FROM row WHERE person_key = ? ORDER BY line"
ALL_PERSONAL_OF = "SELECT line, personal FROM row WHERE person_key = ?"
ONE_PERSON = """
    UPDATE row SET person_key = ?, account_name = ?, matriculation_no = ?, personal = ?
    WHERE line = ?
"""
ONE_PROGRAMME = "UPDATE row SET study = ? WHERE line IN (?, ?)"
# One account name, two people: the first line of each side is named to the other.
SHARED = """
    CREATE TEMP TABLE shared AS
        SELECT account_name, person_key AS first_key, MIN(line) AS first_line
        FROM row WHERE account_name <> ''
        GROUP BY account_name HAVING COUNT(DISTINCT person_key) > 1;
    CREATE TEMP TABLE sharing AS
        SELECT r.person_key, MIN(CASE WHEN r.person_key <> first_key THEN first_line
            ELSE (SELECT MIN(o.line) FROM row o WHERE o.account_name = s.account_name
                AND o.person_key <> first_key) END) AS other
        FROM shared s JOIN row r ON r.account_name = s.account_name
        GROUP BY r.person_key;
"""
SHARED_ROWS = """
    SELECT r.line, r.person_key, r.personal, r.study, s.other
    FROM sharing s JOIN row r ON r.person_key = s.person_key
"""
NEWCOMERS = """
    CREATE UNIQUE INDEX one_person ON one (person_key);
    INSERT INTO one
        SELECT person_key, MAX(matriculation_no), name_key, birth_date, MIN(line), 1
        FROM row WHERE true GROUP BY person_key
    ON CONFLICT (person_key) DO UPDATE SET
        matriculation_no = excluded.matriculation_no, name_key = excluded.name_key,
        birth_date = excluded.birth_date, line = excluded.line, is_new = 0;
    CREATE INDEX one_name ON one (name_key, birth_date);
    CREATE INDEX one_number ON one (matriculation_no);
"""
ALIKE = """
    SELECT name_key, birth_date FROM one WHERE name_key <> '' AND birth_date <> ''
    GROUP BY name_key, birth_date
    HAVING COUNT(*) > 1 AND SUM(is_new) > 0 ORDER BY MIN(line)
"""
ALIKE_MEMBERS = """
    SELECT person_key, line FROM one WHERE name_key = ? AND birth_date = ?
    ORDER BY is_new DESC, line IS NULL, line LIMIT ?
"""
SAME_NUMBER = """
    SELECT matriculation_no FROM one WHERE matriculation_no <> ''
    GROUP BY matriculation_no
    HAVING COUNT(*) > 1 AND COUNT(line) > 0 ORDER BY MIN(line)
"""
SAME_NUMBER_MEMBERS = """
    SELECT person_key, line FROM one WHERE matriculation_no = ?
    ORDER BY is_new DESC, line IS NULL, line LIMIT ?
"""
SAME_NAME_WORDS = gettext_noop(
    "%(person)s: the same name and date of birth as %(others)s. They stay two people."
)
SAME_NUMBER_WORDS = gettext_noop(
    "%(person)s: the same matriculation number as %(others)s. They stay two people."
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a human should look at; nothing is done about it."""

    line: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Somebody whom the portal knows already, as far as doubts need it."""

    person_key: str
    matriculation_no: str
    name: str
    birth_date: str


class Cohort:
    """The rows and refusals of one file, to be used in a ``with`` block.

    They live in a nameless SQLite file that is gone when it is closed, and of which
    only a few megabytes are ever in memory.
    """

    def __init__(
        self, file: CohortFile, *, aliases: Mapping[str, str] | None = None
    ) -> None:
        """Read the whole file; ``aliases`` give the key of whom a closed one was."""
        self._store = sqlite3.connect("", isolation_level=None)
        self._store.executescript(TABLES)
        for some in batches(file, BATCH):
            self._add(some)
        self._store.executescript(INDEXES)
        for closed, stays in (aliases or {}).items():
            self._one_person(closed, stays)
        self._refuse(self._crowds())
        self._refuse(self._contradicting(file))
        self._refuse(self._sharing(file))
        self.origin = file.origin
        self.layout = file.layout
        self.cut = file.cut
        self.unreadable = file.unreadable
        self.unknown_columns = file.unknown_columns
        self.rows = self._count("SELECT COUNT(*) FROM row")
        self.refused = self._count("SELECT COUNT(*) FROM refused")
        self.blank = file.blank
        self.people = self._count("SELECT COUNT(DISTINCT person_key) FROM row")

    def __enter__(self) -> Self:
        """Give the cohort."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let everything go."""
        self._store.close()

    @property
    def truncated(self) -> bool:
        """Say whether rows may be missing at the end."""
        return self.cut or (self.origin.rows or 0) > self.rows_found

    @property
    def rows_found(self) -> int:
        """Count the rows of data, usable or refused."""
        return self.rows + self.refused - self.blank

    def arrivals(self) -> Iterator[Arrival]:
        """Give the people of the file, each once, in the order of their keys."""
        for rows, whole in self._people(ARRIVALS):
            yield merged(rows, whole=whole and not self.truncated)

    def refusals(self) -> Iterator[Refusal]:
        """Give the refused rows in the order of the file."""
        yield from starmap(_read_refusal, self._select(REFUSED))

    def refused_people(self) -> Iterator[Refusal]:
        """Give the refused rows whose person is known, person by person."""
        yield from starmap(_read_refusal, self._select(REFUSED_PEOPLE))

    def good_keys(self, keys: Sequence[str]) -> set[str]:
        """Give those of some person keys that have rows, and none that is refused."""
        marks = ",".join("?" * len(keys))
        return {key for (key,) in self._select(GOOD_KEYS % marks, tuple(keys))}

    def doubts(self, known: Iterable[Acquaintance]) -> Iterator[Doubt]:
        """Name newcomers who may be somebody else, and shared matriculation numbers.

        To be asked once; takes everybody whom the portal knows.
        """
        for some in batches(known, BATCH):
            self._write(
                "INSERT INTO one VALUES (?,?,?,?,NULL,0)", map(_kept_known, some)
            )
        self._store.executescript(NEWCOMERS)
        for alike in self._select(ALIKE):
            yield self._doubt(SAME_NAME_WORDS, ALIKE_MEMBERS, alike)
        for number in self._select(SAME_NUMBER):
            yield self._doubt(SAME_NUMBER_WORDS, SAME_NUMBER_MEMBERS, number)

    def _doubt(self, words: str, members: str, group: tuple[Any, ...]) -> Doubt:
        (person, line), *rest = self._select(members, (*group, SHOWN + 2))
        others = [key if at is None else f"{key} ({at})" for key, at in rest[:SHOWN]]
        more = " …" if len(rest) > SHOWN else ""
        facts = {"person": person, "others": ", ".join(others) + more}
        return Doubt(line or 0, Sentence(words, facts))

    def _add(self, items: Sequence[Row | Refusal]) -> None:
        self._write(
            "INSERT INTO row VALUES (?,?,?,?,?,?,?,?)",
            (_kept_row(one) for one in items if isinstance(one, Row)),
        )
        self._write(
            "INSERT INTO refused VALUES (?,?,?,?)",
            (_kept_refusal(one) for one in items if isinstance(one, Refusal)),
        )

    def _one_person(self, closed: str, stays: str) -> None:
        """Read the rows under a closed key as rows of the account that stays.

        What the file says of the person under the key that stays counts for all rows.
        """
        self._one_row_for_each_programme(closed, stays)
        own = next(self._select(PERSONAL_OF, (stays,)), None)
        for line, kept in list(self._select(ALL_PERSONAL_OF, (closed,))):
            said = Personal(*json.loads(own[0] if own else kept))
            if own is None:
                # The name of the account that is closed is nobody's claim.
                said = replace(said, person_key=stays, account_name="")
            values = (stays, said.account_name or "", said.matriculation_no or "")
            cells = json.dumps(tuple(asdict(said).values()))
            self._store.execute(ONE_PERSON, (*values, cells, line))
        self._store.execute(
            "UPDATE refused SET person_key = ? WHERE person_key = ?", (stays, closed)
        )

    def _one_row_for_each_programme(self, closed: str, stays: str) -> None:
        """Let two rows about one programme, of two keys, say what counts of them."""
        mine, theirs = (
            list(self._select(STUDIES_OF, (key,))) for key in (stays, closed)
        )
        for (line, one), (other_line, other) in product(mine, theirs):
            if title(_read_study(one)) == title(_read_study(other)):
                counts = max(one, other, key=_weight)
                self._store.execute(ONE_PROGRAMME, (counts, line, other_line))

    def _refuse(self, refusals: Iterable[Refusal]) -> None:
        for some in batches(refusals, BATCH):
            self._write(
                "INSERT OR IGNORE INTO refused VALUES (?,?,?,?)",
                map(_kept_refusal, some),
            )
        self._store.execute("DELETE FROM row WHERE line IN (SELECT line FROM refused)")

    def _crowds(self) -> Iterator[Refusal]:
        reason = Sentence(
            gettext_noop("More than %(most)d rows bear this person key."),
            {"most": MOST_ROWS},
        )
        for line, key in self._select(TOO_MANY, (MOST_ROWS,)):
            yield Refusal(line, (Fault("person_key", reason),), key)

    def _contradicting(self, file: CohortFile) -> Iterator[Refusal]:
        for rows, _ in self._people(SEVERAL, (MOST_ROWS,)):
            yield from contradictions(rows, name_of=file.layout.name_of)

    def _sharing(self, file: CohortFile) -> Iterator[Refusal]:
        self._store.executescript(SHARED)
        for line, key, personal, study, other in self._select(SHARED_ROWS):
            reason = Sentence(
                gettext_noop(
                    "Line %(other)d gives this account name to somebody else."
                ),
                {"other": other},
            )
            fault = Fault(file.layout.name_of("account_name"), reason)
            row = _read_row(line, key, personal, study)
            cells = cells_of_row(row.personal, row.study)
            yield Refusal(line, (fault,), key, cells)

    def _people(
        self, query: str, values: tuple[Any, ...] = ()
    ) -> Iterator[tuple[list[Row], bool]]:
        for _, group in groupby(
            self._select(query, values), key=lambda found: found[1]
        ):
            found = list(group)
            yield [_read_row(*one[:4]) for one in found], bool(found[0][4])

    def _select(
        self, query: str, values: tuple[Any, ...] = ()
    ) -> Iterator[tuple[Any, ...]]:
        return iter(self._store.cursor().execute(query, values))

    def _write(self, query: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._store.execute("BEGIN")
        self._store.executemany(query, rows)
        self._store.execute("COMMIT")

    def _count(self, query: str) -> int:
        return int(self._store.execute(query).fetchone()[0])


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give the items in lists of this size; the last may be shorter."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


_personal = attrgetter(*Personal.__dataclass_fields__)
_study = attrgetter(*Study.__dataclass_fields__)


def _kept_row(row: Row) -> tuple[Any, ...]:
    person = row.personal
    return (
        row.line,
        person.person_key,
        person.account_name or "",
        person.matriculation_no or "",
        match_key(f"{person.given_names} {person.family_name}"),
        person.birth_date or "",
        json.dumps(_personal(person)),
        json.dumps(_study(row.study), default=date.isoformat),
    )


def _read_row(line: int, _: str, personal: str, study: str) -> Row:
    return Row(line, Personal(*json.loads(personal)), _read_study(study))


def _read_study(kept: str) -> Study:
    said = dict(zip(Study.__dataclass_fields__, json.loads(kept), strict=True))
    for name in ("study_start", "status_date"):
        said[name] = date.fromisoformat(said[name])
    return Study(**said)


def _weight(kept: str) -> tuple[bool, date]:
    said = _read_study(kept)
    return weight(status=said.status, status_date=said.status_date)


def _kept_refusal(refusal: Refusal) -> tuple[Any, ...]:
    faults = [(fault.column, fault.reason.kept()) for fault in refusal.faults]
    cells = json.dumps(dict(refusal.cells))
    return refusal.line, refusal.person_key, json.dumps(faults), cells


def _read_refusal(line: int, key: str, faults: str, cells: str) -> Refusal:
    said = ((column, kept_sentence(kept)) for column, kept in json.loads(faults))
    return Refusal(line, tuple(starmap(Fault, said)), key, json.loads(cells))


def _kept_known(one: Acquaintance) -> tuple[Any, ...]:
    return one.person_key, one.matriculation_no, match_key(one.name), one.birth_date
