"""Another house's layout: a mapping file, with its mistakes in words."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.enrolment.cohort_file import CohortFile, Refusal, Row
from onboarding.enrolment.layout import COLUMNS, OURS, a_birth_date, a_date, read_layout
from onboarding.enrolment.wording import FileRefused

# A busy machine is slow, and that is no finding.
patient = settings(deadline=None)
NEEDED = [
    "person_key",
    "given_names",
    "family_name",
    "degree",
    "programme",
    "school",
    "study_start",
    "semester_no",
    "status",
    "status_date",
]
SAME_NAMES = "[columns]\n" + "".join(f'{name} = "{name}"\n' for name in NEEDED)
ROW = {
    "person_key": "P1",
    "given_names": "Cem",
    "family_name": "Sondermann",
    "degree": "B.Sc.",
    "programme": "Umweltwissenschaften",
    "school": "College",
    "study_start": "01.10.2026",
    "semester_no": "1",
    "status": "I",
    "status_date": "15.08.2026",
}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def faults_of(text: str) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read_layout(text)
    return [str(sentence) for sentence in refused.value.sentences]


def rows(layout: str, *cells: dict[str, str]) -> list[Row | Refusal]:
    lines = [";".join(ROW), *(";".join({**ROW, **one}.values()) for one in cells)]
    content = "\n".join(lines).encode()
    return list(
        CohortFile(
            io.BytesIO(content),
            name="x.csv",
            today=date(2026, 9, 15),
            layout=read_layout(layout),
        )
    )


def test_values_are_mapped_and_constants_put_in() -> None:
    layout = (
        'dates = "DD.MM.YYYY"\n'
        + SAME_NAMES
        + '[values.status]\nI = "enrolled"\n[constants]\npreferred_language = "en"\n'
    )

    [row] = rows(layout, {})

    assert isinstance(row, Row)
    assert row.study.status == "enrolled"
    assert row.study.study_start == date(2026, 10, 1)
    assert row.personal.preferred_language == "en"
    assert row.personal.mobile is None


def test_a_refused_cell_is_named_as_the_file_names_it() -> None:
    layout = read_layout(
        'separator = ","\n'
        + SAME_NAMES.replace('status_date = "status_date"', 'status_date = "stand"')
    )
    header = ",".join(ROW).replace("status_date", "stand")
    cells = {**ROW, "status": "enrolled", "study_start": "2026-10-01"}

    [refusal] = CohortFile(
        io.BytesIO(f"{header}\n{','.join(cells.values())}\n".encode()),
        name="x.csv",
        today=date(2026, 9, 15),
        layout=layout,
    )

    assert isinstance(refusal, Refusal)
    assert [fault.column for fault in refusal.faults] == ["stand"]


def test_columns_to_ignore_are_no_unknown_columns() -> None:
    layout = read_layout('ignore = ["shoe_size"]\n' + SAME_NAMES)
    header = ";".join([*ROW, "shoe_size", "hat_size"])

    file = CohortFile(
        io.BytesIO(header.encode()), name="x", today=date(2026, 9, 15), layout=layout
    )

    assert file.unknown_columns == ("hat_size",)


def test_our_own_layout_has_every_column() -> None:
    assert tuple(OURS.columns) == COLUMNS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns", "not valid TOML"),
        ('encoding = "utf-16"\n' + SAME_NAMES, "encoding must be one of"),
        ('separator = ";;"\n' + SAME_NAMES, "separator must be one of"),
        ('dates = "DD.MM."\n' + SAME_NAMES, "dates must be written like"),
        ('dates = "D.M.YYYY"\n' + SAME_NAMES, "dates must be written like"),
        ("dates = 3\n" + SAME_NAMES, "dates must be written like"),
        ('colour = "red"\n' + SAME_NAMES, "“colour” is not known"),
        ("ignore = 3\n" + SAME_NAMES, "“ignore” is not written"),
        ("columns = 3", "“columns” is not written"),
        ("[columns]\nperson_key = 3", "“columns” is not written"),
        (SAME_NAMES + 'shoe_size = "shoe"', "“shoe_size” under columns"),
        (SAME_NAMES + 'mobile = "status"', "“status” more than once"),
        (SAME_NAMES + '[values]\nstatus = "I"', "“values” is not written"),
        (SAME_NAMES + "[values.status]\nI = 1", "“values” is not written"),
        (SAME_NAMES + '[values.hat]\nI = "1"', "“hat” under values"),
        (SAME_NAMES.replace('status = "status"', ""), "where status comes from"),
        ("", "where person_key comes from"),
    ],
)
def test_mistakes_are_said_in_words(text: str, said: str) -> None:
    assert any(said in fault for fault in faults_of(text))


def test_all_mistakes_are_said_at_once() -> None:
    assert len(faults_of('encoding = "x"\nseparator = "x"\n' + SAME_NAMES)) == 2


@patient
@given(st.text(max_size=120))
def test_no_text_breaks_the_reading_of_a_layout(text: str) -> None:
    with pytest.raises(FileRefused):
        read_layout(text)


@pytest.mark.parametrize(
    ("text", "dates", "born"),
    [
        ("03.11.2003", "DD.MM.YYYY", "2003-11-03"),
        ("11.2003", "DD.MM.YYYY", "2003-11"),
        ("2003-11", "DD.MM.YYYY", "2003-11"),
        ("2003", "DD.MM.YYYY", "2003"),
        ("11/03/2003", "MM/DD/YYYY", "2003-11-03"),
        ("20031103", "YYYYMMDD", "2003-11-03"),
        ("200311", "YYYYMMDD", "2003-11"),
        ("13.2003", "DD.MM.YYYY", None),
        ("2003-13", "YYYY-MM-DD", None),
        ("0000", "YYYY-MM-DD", None),
        ("3.11.2003", "DD.MM.YYYY", None),
        ("2003-11-03", "DD.MM.YYYY", None),
    ],
)
def test_dates_of_birth_may_be_partial_in_either_way(
    text: str, dates: str, born: str | None
) -> None:
    assert a_birth_date(text, dates) == born


@patient
@given(st.dates(), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%m/%d/%Y"]))
def test_every_day_is_read_back(day: date, written: str) -> None:
    dates = written.replace("%d", "DD").replace("%m", "MM").replace("%Y", "YYYY")
    text = day.strftime(written.replace("%Y", f"{day.year:04}"))

    assert a_date(text, dates) == day
