"""From the university's export to an account that is ready: the whole of it, once."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from accounts.due.models import Sync
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import binds, read, student_dn
from tests.cast import export, export_row
from tests.services.chromium import DESKTOP, PHONE, Language, Screen
from tests.stories.conftest import Visit
from tests.stories.newcomers import all_settled, until
from tests.stories.visitor import OWN, Visitor

pytestmark = pytest.mark.story

SECRET = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
SERVICES = (
    "mail",
    "moodle",
    "mystudy",
    "printing",
    "qis",
    "rocketchat",
    "storage",
    "vpn",
    "wifi",
)
ACCOUNT = "lg1299001"
CEM = {
    "account_name": ACCOUNT,
    "matriculation_no": "3199001",
    "person_key": "P990001",
    "given_names": "Cem Ali",
    "family_name": "Özkan-Ruß",
    "chosen_name": "Cem",
}


@pytest.mark.parametrize(
    ("screen", "language"),
    [(PHONE, "en"), (DESKTOP, "de")],
    ids=lambda one: getattr(one, "name", one),
)
def test_an_export_goes_in_and_a_first_year_activates_the_account(
    *,
    visit: Visit,
    colleagues: None,
    slapd: Slapd,
    tmp_path: Path,
    language: Language,
    screen: Screen,
) -> None:
    registrar = visit(language=language, screen=DESKTOP)
    signs_in_at_a_desk(registrar)
    brings_the_cohort_in(registrar, the_export(tmp_path, language=language))
    secret = reads_the_letter(issues_letters(registrar, tmp_path))

    student = visit(language=language, screen=screen)
    student.goes_to("/")
    student.follows("Activate your account")
    # As people type: capitals, a blank too many, small letters, no hyphens.
    student.fills_in_activation(
        account=f" {ACCOUNT.upper()} ", initial=secret.lower().replace("-", " ")
    )
    student.presses("Activate account")
    student.arrives_at("/journey/")
    student.sees("Your account is ready.")
    student.sees("A way back in")

    dn = student_dn(slapd, ACCOUNT)
    assert binds(slapd, dn, OWN)
    assert not binds(slapd, dn, secret.replace("-", ""))
    assert entry_of(slapd, dn) == expected_entry(language)


def signs_in_at_a_desk(registrar: Visitor) -> None:
    registrar.goes_to("/sign-in/")
    registrar.signs_in(account="registrar", password=staff.PASSWORD)
    registrar.arrives_at("/desks/")


def the_export(folder: Path, *, language: Language) -> Path:
    rows = (
        export_row(**CEM, preferred_language=language),
        export_row(school="Hogwarts"),
    )
    made_at = datetime.now(tz=UTC)
    file = folder / f"enrolment-{made_at:%Y%m%dT%H%M%S}-{len(rows)}.csv"
    file.write_bytes(export(*rows))
    return file


def brings_the_cohort_in(registrar: Visitor, file: Path) -> None:
    registrar.follows("Enrolment exports")
    registrar.follows("Upload an export")
    registrar.hands_in(file, "Enrolment export")
    registrar.presses("Show what changes")
    registrar.sees("Waits for you")
    registrar.sees("Refused rows")
    registrar.presses("Apply")
    registrar.sees("Applied")
    until(lambda: Sync.objects.exists() and all_settled())


def issues_letters(registrar: Visitor, folder: Path) -> Path:
    registrar.goes_to("/desks/")
    registrar.follows("Letters")
    registrar.presses("Continue")
    with registrar.page.expect_download() as download:
        registrar.presses("Issue and download")
    assert_report_follows(registrar.page)
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def assert_report_follows(page: Page) -> None:
    page.get_by_role("heading", level=1, name=re.compile(r"^1 ")).wait_for()


def reads_the_letter(file: Path) -> str:
    (letter,) = PdfReader(file).pages
    text = letter.extract_text()
    assert ACCOUNT in text
    (secret,) = SECRET.findall(text)
    return str(secret)


def entry_of(slapd: Slapd, dn: str) -> dict[str, set[str]]:
    """Give what others may know of an entry, and what tells about its password."""
    whole = read(slapd.admin(), dn)
    about = {*expected_entry("de"), "pwdEndTime", "pwdReset", "mail"}
    return {
        name: {value.decode() for value in values}
        for name, values in whole.items()
        if name in about
    }


def expected_entry(language: Language) -> dict[str, set[str]]:
    return {
        "uid": {ACCOUNT},
        "cn": {"Cem Özkan-Ruß"},
        "sn": {"Özkan-Ruß"},
        "givenName": {"Cem Ali"},
        "displayName": {"Cem Özkan-Ruß"},
        "preferredLanguage": {language},
        "eduPersonAffiliation": {"student", "member"},
        "eduPersonEntitlement": {f"urn:leuphana:service:{one}" for one in SERVICES},
        "leuphanaPersonKey": {"P990001"},
        "schacPersonalUniqueCode": {
            "urn:schac:personalUniqueCode:de:leuphana.example:Matrikelnummer:3199001"
        },
    }
