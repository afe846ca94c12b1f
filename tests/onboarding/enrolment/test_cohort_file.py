"""Exports as they arrive on good days and bad ones."""

import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile, Refusal, Row
from onboarding.enrolment.layout import read_layout
from onboarding.enrolment.records import LONGEST_LINE, physical_lines
from onboarding.enrolment.wording import FileRefused
from tests.cast import COLUMNS, export, export_row

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 9, 15)
# A busy machine is slow, and that is no finding.
patient = settings(deadline=None)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def reading(content: bytes, *, name: str = "export.csv") -> CohortFile:
    return CohortFile(io.BytesIO(content), name=name, today=TODAY)


def gathered(content: bytes) -> Cohort:
    return Cohort(reading(content))


def places(refusals: list[Refusal]) -> dict[int, set[str]]:
    return {one.line: {fault.column for fault in one.faults} for one in refusals}


def reasons(content: bytes) -> list[str]:
    return [
        str(fault.reason)
        for one in reading(content)
        if isinstance(one, Refusal)
        for fault in one.faults
    ]


def test_a_good_export_has_only_rows() -> None:
    file = CohortFile(
        io.BytesIO((DATA / "enrolment-2026ws.csv").read_bytes()),
        name="enrolment-20260915T060000-181.csv",
        today=TODAY,
    )

    rows = list(file)

    assert [type(row) for row in rows] == [Row] * 181
    assert file.origin.rows == 181
    assert file.origin.made_at is not None
    assert file.origin.made_at.isoformat() == "2026-09-15T06:00:00+02:00"


def test_every_damaged_row_is_named_and_every_good_one_usable() -> None:
    with gathered((DATA / "enrolment-damaged.csv").read_bytes()) as cohort:
        refused = places(list(cohort.refusals()))
        usable = {line for one in cohort.arrivals() for line in one.lines}

    personal = {"matriculation_no", "given_names", "family_name", "birth_date"}
    contradicting = personal | {"private_email", "mobile", "preferred_language"}
    assert {
        line: columns for line, columns in refused.items() if line not in {23, 24}
    } == {
        4: {"person_key"},
        6: {"birth_date"},
        8: {"birth_date"},
        10: {"school"},
        12: {"family_name"},
        14: {"family_name"},
        16: {"given_names"},
        18: {"family_name"},
        20: {"account_name"},
        21: {""},
        25: {"tutor_group"},
        26: {""},
        28: {"status"},
        30: {"private_email"},
        33: {"matriculation_no"},
        37: {"given_names"},
        45: {""},
    }
    assert personal <= refused[23] == refused[24]
    assert refused[23] - {"programme", "tutor_group", "degree"} <= contradicting
    # Line 31 is the second half of the row that begins in line 30.
    assert usable == set(range(2, 46)) - set(refused) - {31}


def test_a_row_says_why_in_words() -> None:
    content = (DATA / "enrolment-damaged.csv").read_bytes()
    with gathered(content) as cohort:
        said = {one.line: str(one.faults[0].reason) for one in cohort.refusals()}

    assert "U+202E" in said[16]
    assert "U+0418" in said[18]
    assert "24" in said[23]
    assert "23" in said[24]
    assert "Hogwarts" in said[10]


def test_a_cut_last_row_is_reported_and_the_others_stay() -> None:
    with gathered((DATA / "enrolment-damaged.csv").read_bytes()) as cohort:
        assert cohort.cut
        assert not any(one.whole for one in cohort.arrivals())


def test_names_are_stored_in_nfc_without_invisible_characters() -> None:
    row = export_row(
        given_names="Rene\u0301\u200b", family_name=" von\u00a0der  Heide "
    )

    [read] = reading(export(row))

    assert isinstance(read, Row)
    assert read.personal.given_names == "Ren\u00e9"
    assert read.personal.family_name == "von der Heide"


@pytest.mark.parametrize("born", ["2004-02-29", "1926-12-31", "2004-07", "2004", ""])
def test_whole_partial_and_unknown_dates_of_birth_are_taken(born: str) -> None:
    [read] = reading(export(export_row(birth_date=born)))

    assert isinstance(read, Row)
    assert read.personal.birth_date == born


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("birth_date", "2005-02-29"),
        ("birth_date", "2026-09-16"),
        ("birth_date", "2027"),
        ("birth_date", "05-02-28"),
        ("birth_date", "٢٠٠٥-٠١-٠١"),
        ("matriculation_no", "3.06E+06"),
        ("matriculation_no", "1234"),
        ("matriculation_no", "123456789"),
        ("account_name", "admin"),
        ("account_name", "lg1234)(uid=*"),
        ("account_name", "lg126000\u212a"),
        ("private_email", "two@at@example"),
        ("private_email", "a@nowhere"),
        ("mobile", "call me"),
        ("degree", ""),
        ("school", ""),
        ("study_start", ""),
        ("semester_no", "0"),
        ("semester_no", "first"),
        ("status_date", "soon"),
        ("preferred_language", "fr"),
        ("tutor_group", "0"),
        ("confidential", "yes"),
        ("person_key", "P" * 65),
        ("programme", "Right\u202eleft"),
        ("given_names", "A" * 256),
        ("mobile", "\x00"),
    ],
)
def test_a_bad_cell_refuses_its_row_by_column(column: str, value: str) -> None:
    content = export(export_row(), export_row(**{column: value}), export_row())

    good, bad, also_good = reading(content)

    assert isinstance(good, Row)
    assert isinstance(also_good, Row)
    assert isinstance(bad, Refusal)
    assert [fault.column for fault in bad.faults] == [column]
    assert bad.line == 3


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    [read] = reading(export(export_row(status="gone", semester_no="x")))

    assert isinstance(read, Refusal)
    assert {fault.column for fault in read.faults} == {"status", "semester_no"}


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_make_no_difference(
    line_end: bytes, bom: bytes
) -> None:
    content = export(export_row(), export_row())

    rows = list(reading(bom + content.replace(b"\n", line_end)))

    assert [type(row) for row in rows] == [Row, Row]
    assert [row.line for row in rows] == [2, 3]


def test_mixed_line_ends_and_a_missing_last_one_are_read() -> None:
    lines = export(export_row(), export_row(), export_row()).splitlines()

    file = reading(lines[0] + b"\r\n" + lines[1] + b"\n" + lines[2] + b"\r" + lines[3])

    assert [type(row) for row in file] == [Row, Row, Row]
    assert not file.cut


def test_the_first_line_may_say_when_the_file_was_made() -> None:
    content = b"# made 2026-09-15T06:00:00 rows 1\n" + export(export_row())

    file = reading(content)

    [row] = file
    assert isinstance(row, Row)
    assert row.line == 3
    assert file.origin.rows == 1
    assert file.origin.made_at is not None
    assert file.origin.made_at.isoformat() == "2026-09-15T06:00:00+02:00"


@pytest.mark.parametrize(
    "name", ["enrolment.csv", "enrolment-20261399T060000-181.csv", "x-2026.csv"]
)
def test_a_name_without_a_time_says_nothing(name: str) -> None:
    file = reading(export(export_row()), name=name)

    assert (file.origin.made_at, file.origin.rows) == (None, None)


def test_another_encoding_is_named_by_cell() -> None:
    content = export(export_row(), export_row(given_names="Ágnes"))
    content = content.replace("Á".encode(), "Á".encode("cp1252"))

    file = reading(content)
    good, bad = file

    assert isinstance(good, Row)
    assert isinstance(bad, Refusal)
    assert [fault.column for fault in bad.faults] == ["given_names"]
    assert file.unreadable == 1


def test_an_unclosed_quotation_mark_costs_its_own_row() -> None:
    rows = [export_row(), export_row(given_names='"Cem'), export_row(), export_row()]

    read = list(reading(export(*rows)))

    assert [type(one) for one in read] == [Row, Refusal, Row, Row]
    assert read[1].line == 3


def test_a_quoted_cell_may_hold_separator_and_quotation_marks() -> None:
    row = export_row(programme='"Law; ""Basics"""')

    [read] = reading(export(row))

    assert isinstance(read, Row)
    assert read.study.programme == 'Law; "Basics"'


def test_an_endless_line_is_refused_and_the_next_is_read() -> None:
    endless = export_row(programme="x" * (3 * LONGEST_LINE))

    bad, good = reading(export(endless, export_row()))

    assert isinstance(bad, Refusal)
    assert isinstance(good, Row)
    assert good.line == 3


def test_an_endless_line_is_never_held_whole() -> None:
    class Endless:
        left = 400

        def read(self, size: int) -> bytes:
            self.left -= 1
            return b"x" * size if self.left else b""

    [line] = physical_lines(Endless())

    assert len(line) == LONGEST_LINE + 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"# made 2026-09-15T06:00:00 rows 181\n", "empty"),
        ("person_key;status\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "workbook"),
        (b"per\x00son_key\n", "encoding"),
        (b"name;born\nA;B\n", "names none"),
        (b'"person_key;status\n', "column names"),
        (",".join(COLUMNS).encode(), "separated"),
        (";".join(COLUMNS[1:]).encode(), "“person_key” is missing"),
        (";".join((*COLUMNS, "status")).encode(), "“status” is there more than once"),
        (b";" * 70_000, "column names"),
    ],
)
def test_a_useless_header_is_said_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        reading(content)


def test_an_unknown_column_is_named_and_left_out() -> None:
    content = export(export_row()).replace(b"\n", b";shoe_size\n", 1)
    content = content.rstrip(b"\n") + b";42\n"

    file = reading(content)

    assert [type(row) for row in file] == [Row]
    assert file.unknown_columns == ("shoe_size",)


def test_the_order_of_columns_is_free() -> None:
    row = export_row()
    turned = ";".join(reversed(row)) + "\n" + ";".join(reversed(row.values())) + "\n"

    assert [type(one) for one in reading(turned.encode())] == [Row]


def test_rows_of_one_person_are_one_arrival_wherever_they_stand() -> None:
    first = export_row(person_key="P1", account_name="lg5000")
    second = {**first, "programme": "Philosophie", "tutor_group": "3"}

    with gathered(export(first, export_row(), second)) as cohort:
        arrivals = {one.personal.person_key: one for one in cohort.arrivals()}

    assert arrivals["P1"].lines == (2, 4)
    assert arrivals["P1"].personal.tutor_group == 3
    assert len(arrivals["P1"].studies) == 2


def test_rows_that_contradict_each_other_are_both_refused() -> None:
    first = export_row(person_key="P1")
    second = {**first, "matriculation_no": "4999999", "programme": "Philosophie"}

    with gathered(export(first, export_row(), second)) as cohort:
        refused = list(cohort.refusals())

    assert places(refused) == {2: {"matriculation_no"}, 4: {"matriculation_no"}}
    assert "Line 4" in str(refused[0].faults[0].reason)
    assert "Line 2" in str(refused[1].faults[0].reason)


def test_the_same_programme_twice_must_say_the_same() -> None:
    row = export_row()

    with gathered(export(row, row)) as cohort:
        [arrival] = cohort.arrivals()
    with gathered(export(row, {**row, "status": "withdrawn"})) as cohort:
        refused = places(list(cohort.refusals()))

    assert len(arrival.studies) == 1
    assert refused == {2: {"status"}, 3: {"status"}}


def test_one_account_name_for_two_people_refuses_both() -> None:
    rows = [export_row(account_name="lg7777") for _ in range(2)]

    with gathered(export(rows[0], export_row(), rows[1])) as cohort:
        refused = places(list(cohort.refusals()))

    assert refused == {2: {"account_name"}, 4: {"account_name"}}


def test_a_person_key_on_half_the_file_is_refused() -> None:
    rows = [export_row(person_key="P1", programme=f"No. {n}") for n in range(60)]

    with gathered(export(*rows, export_row())) as cohort:
        assert (cohort.refused, cohort.people) == (60, 1)


cells = st.text(st.characters(codec="utf-8"), max_size=12)


@patient
@given(st.binary(max_size=600))
@example(b"\xef\xbb\xbf# \n#\r;")
@example(b'person_key\n"')
def test_no_bytes_whatever_break_the_reading(content: bytes) -> None:
    with suppress(FileRefused):
        assert all(isinstance(one, Row | Refusal) for one in reading(content))


@patient
@given(st.lists(st.binary(max_size=80), max_size=12))
def test_no_bytes_after_a_good_header_break_the_reading(lines: list[bytes]) -> None:
    content = export() + b"\n".join(lines)

    with Cohort(reading(content)) as cohort:
        refusals = list(cohort.refusals())
        arrivals = list(cohort.arrivals())

    numbers = [one.line for one in refusals]
    numbers += [line for one in arrivals for line in one.lines]
    assert len(numbers) == len(set(numbers))
    assert all(str(fault.reason) for one in refusals for fault in one.faults)


@patient
@given(
    st.lists(st.dictionaries(st.sampled_from(COLUMNS), cells, max_size=4), max_size=8)
)
def test_every_line_of_data_is_one_row_or_one_refusal(
    damages: list[dict[str, str]],
) -> None:
    rows = [
        export_row(**{name: _quoted(cell) for name, cell in damage.items()})
        for damage in damages
    ]
    ends = [_lines(row) for row in rows]
    begins = [2 + sum(ends[:place]) for place in range(len(rows))]

    read = list(reading(export(*rows)))

    assert [one.line for one in read] == begins


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _lines(row: dict[str, str]) -> int:
    return len((";".join(row.values()) + "\n").encode().splitlines())


@patient
@given(st.binary(max_size=300), st.integers(1, 7))
def test_lines_are_cut_alike_however_the_pieces_arrive(
    content: bytes, size: int
) -> None:
    class Pieces(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    assert list(physical_lines(Pieces(content))) == content.splitlines(keepends=True)


def test_the_other_houses_layout_gives_the_same_people() -> None:
    layout = read_layout((DATA / "legacy-layout.toml").read_text())
    with Cohort(
        CohortFile(
            io.BytesIO((DATA / "enrolment-legacy-layout.csv").read_bytes()),
            name="export.csv",
            today=TODAY,
            layout=layout,
        )
    ) as legacy:
        theirs = {one.personal.person_key: one for one in legacy.arrivals()}
        assert legacy.refused == 0
    with gathered((DATA / "enrolment-2026ws.csv").read_bytes()) as cohort:
        ours = {one.personal.person_key: one for one in cohort.arrivals()}

    assert len(theirs) == 143
    for key, arrival in theirs.items():
        for name in (
            "given_names",
            "family_name",
            "chosen_name",
            "birth_date",
            "matriculation_no",
            "tutor_group",
            "preferred_language",
        ):
            assert getattr(arrival.personal, name) == getattr(ours[key].personal, name)
        assert set(arrival.studies) <= set(ours[key].studies)
        # What that house does not export is not said, rather than empty.
        assert arrival.personal.private_email is None
        assert arrival.personal.confidential is None
