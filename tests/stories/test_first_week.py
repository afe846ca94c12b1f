"""The whole first week, from the letter to the library account that works: once.

After each step the system behind it is asked itself.
"""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.catalogue.systems import LIBRARY, MOODLE
from onboarding.demo import staff
from tests.accounts.directory.entries import binds, read, student_dn
from tests.pictures.arrived_world import a_number
from tests.services.campus import Campus
from tests.services.chromium import DESKTOP, PHONE, Language, Screen
from tests.services.dovecot import lets_in, mails_of
from tests.stories.conftest import Visit
from tests.stories.newcomers import Newcomer, a_newcomer, until
from tests.stories.visitor import OWN, Visitor
from tests.stories.weekdays import (
    FOR_MYSTUDY,
    a_while_passes,
    code_in_the_mailbox,
    registers_with_the_library,
    syncs_of,
)

pytestmark = pytest.mark.story

CARD = a_number(37282)
LOCAL = "cem.oezkan-russ"
ADDRESS = f"{LOCAL}@stud.leuphana.example"


@pytest.mark.parametrize(
    ("screen", "language"),
    [(PHONE, "de"), (DESKTOP, "en")],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_first_year_walks_from_the_letter_to_the_end(
    *,
    campus: Campus,
    visit_campus: Visit,
    colleagues: None,
    screen: Screen,
    language: Language,
) -> None:
    newcomer = a_newcomer(
        given_names="Cem Ali",
        family_name="Özkan-Ruß",
        chosen_name="Cem",
        language=language,
    )
    student = visit_campus(screen=screen, language=language)

    activates(student, newcomer, campus)
    chooses_an_address(student, newcomer, campus)
    proves_the_mailbox(student, newcomer, campus)
    makes_a_mystudy_account(student, campus)
    opens_moodle(student, newcomer, campus)
    registers(student, newcomer, campus)
    gets_the_card(student, newcomer, visit_campus(screen=DESKTOP, language=language))
    tries_the_library_account(student, campus)
    has_arrived(student, newcomer)
    has_been_told_by_mail(newcomer, campus)


def activates(student: Visitor, newcomer: Newcomer, campus: Campus) -> None:
    student.activates(account=newcomer.account, initial=newcomer.printed)
    student.arrives_at("/journey/")
    student.sees("Your account is ready.")

    dn = student_dn(campus.slapd, newcomer.account)
    assert binds(campus.slapd, dn, OWN)
    assert "urn:leuphana:service:mail" in entitlements(newcomer, campus)
    assert not lets_in(campus.dovecot, ADDRESS, OWN)


def chooses_an_address(student: Visitor, newcomer: Newcomer, campus: Campus) -> None:
    student.follows("Choose an address")
    expect(student.page.get_by_label(ADDRESS)).to_be_checked()
    student.presses("Take this address")
    student.sees("Read your first e-mail")

    assert values("mail", newcomer, campus) == {ADDRESS}
    assert lets_in(campus.dovecot, ADDRESS, OWN)


def proves_the_mailbox(student: Visitor, newcomer: Newcomer, campus: Campus) -> None:
    student.presses("Send the code")
    student.types(code_in_the_mailbox(campus, ADDRESS), "Code from the e-mail")
    student.presses("Confirm")
    student.sees("Your e-mail is ready")

    newcomer.person.refresh_from_db()
    assert newcomer.person.mail_addresses.get().proved_at is not None


def makes_a_mystudy_account(student: Visitor, campus: Campus) -> None:
    student.goes_to("/journey/")
    student.follows("Make your account")
    expect(student.field("User name for myStudy")).to_have_value(LOCAL)
    student.types(FOR_MYSTUDY, "Password for myStudy")
    student.types(OWN, "Password of your Leuphana account")
    student.presses("Make account")
    student.sees("myStudy is open for you")

    dn = f"uid={LOCAL},ou=mystudy,{campus.slapd.base}"
    assert binds(campus.slapd, dn, FOR_MYSTUDY)
    assert not binds(campus.slapd, dn, OWN)
    entry = read(campus.slapd.admin(), dn)
    assert entry["eduPersonEntitlement"] >= {b"urn:leuphana:service:mystudy"}


def opens_moodle(student: Visitor, newcomer: Newcomer, campus: Campus) -> None:
    until(lambda: campus.moodle.site.named(LOCAL) is not None)
    student.goes_to("/journey/moodle/")
    student.sees("Moodle is ready for you")
    user = campus.moodle.site.named(LOCAL)
    assert user is not None
    known = ("firstname", "lastname", "email", "idnumber", "auth")
    assert [user[name] for name in known] == [
        *("Cem", "Özkan-Ruß", ADDRESS),
        *(newcomer.person.person_key, "ldap"),
    ]

    signs_in_at_moodle(student, campus)
    a_while_passes(MOODLE)
    # Somebody who comes back looks at the page, and it finds out by itself.
    student.goes_to("/journey/moodle/")
    student.sees("Confirmed by Moodle.")


def signs_in_at_moodle(student: Visitor, campus: Campus) -> None:
    moodle = student.page.context.new_page()
    moodle.goto(f"{campus.moodle.door.url}/login/index.php")
    moodle.get_by_label("Username").fill(LOCAL)
    moodle.get_by_role("button").click()
    expect(moodle.get_by_role("status")).to_have_text("Hello, Cem Özkan-Ruß.")
    moodle.close()


def registers(student: Visitor, newcomer: Newcomer, campus: Campus) -> None:
    registers_with_the_library(student)
    student.sees("You are registered with the library")
    until(lambda: all(one.settled for one in syncs_of(newcomer.person, LIBRARY)))
    student.page.reload()
    student.sees("The library has taken it over.")

    (row,) = campus.handed_over()
    reference = student.page.locator("code").first.inner_text()
    known = ("kind", "person", "receipt", "chosen_name", "street", "email")
    assert [row[name] for name in known] == [
        *("new", newcomer.person.person_key, reference),
        *("Cem", "Am Sande 1", ADDRESS),
    ]


def gets_the_card(student: Visitor, newcomer: Newcomer, desk: Visitor) -> None:
    student.goes_to("/journey/card/")
    student.sees("You get your card at the library service desk.")

    desk.goes_to("/sign-in/")
    desk.signs_in(account="librarydesk", password=staff.PASSWORD)
    desk.follows("Library service desk")
    desk.types("özkan", "Name, user name or card number")
    desk.presses("Find")
    desk.arrives_at(f"/library/{newcomer.person.pk}/")
    desk.types(CARD, "Card number")
    desk.field("The photo ID shows this person.").check()
    desk.page.locator("[name=deposit][value=paid]").check()
    desk.presses("Continue")
    desk.sees("Is this right?")
    desk.presses("Record it")
    desk.sees(
        "The student sees it at once, and gets it by e-mail where there is an address."
    )

    student.page.reload()
    expect(student.page.get_by_text(CARD)).to_be_visible()
    student.goes_to("/journey/deposit/")
    student.sees("Your deposit is paid. You get it back when you return the card.")
    assert CARD[-4:] in receipt_of(student)


def receipt_of(student: Visitor) -> str:
    with student.page.expect_download() as download:
        student.page.get_by_role("link", name="PDF").first.click()
    (page,) = PdfReader(download.value.path()).pages
    text = page.extract_text()
    assert CARD not in text
    return str(text)


def tries_the_library_account(student: Visitor, campus: Campus) -> None:
    campus.library.library.link(CARD)
    a_while_passes("paia")
    student.goes_to("/journey/library_account/")
    expect(student.page.get_by_text(CARD)).to_be_visible()
    student.sees("The library says that your account works.")


def has_arrived(student: Visitor, newcomer: Newcomer) -> None:
    student.goes_to("/journey/")
    arrived = student.say("You have arrived, %(name)s.") % {"name": "Cem Özkan-Ruß"}
    expect(student.page.get_by_role("heading", level=1)).to_have_text(arrived)
    student.follows("Your summary to keep")
    student.sees("You have everything you need.")

    sheet = printed(student)
    for fact in (newcomer.account, ADDRESS, LOCAL, CARD):
        assert fact in sheet
    for secret in (OWN, FOR_MYSTUDY, newcomer.secret, "2006", "270206", "27.2."):
        assert secret not in sheet


def printed(student: Visitor) -> str:
    pages = PdfReader(io.BytesIO(student.page.pdf())).pages
    return "\n".join(page.extract_text() for page in pages)


def has_been_told_by_mail(newcomer: Newcomer, campus: Campus) -> None:
    def all_of_them() -> bool:
        return len(mails_of(campus.dovecot, ADDRESS, OWN)) == len(MAILS)

    until(all_of_them)
    mails = mails_of(campus.dovecot, ADDRESS, OWN)
    words = [str(mail.get_body(("plain",))) for mail in mails]
    assert [mail["To"] for mail in mails] == [ADDRESS] * len(MAILS)
    everything = "\n".join(words)
    for secret in (OWN, FOR_MYSTUDY, newcomer.secret, CARD):
        assert secret not in everything
    assert not re.search("27.?0?2.?(20)?06", everything)


# The account, the code, the registration, the card, the receipt.
MAILS = ("account", "code", "registration", "card", "receipt")


def entitlements(newcomer: Newcomer, campus: Campus) -> set[str]:
    return values("eduPersonEntitlement", newcomer, campus)


def values(attribute: str, newcomer: Newcomer, campus: Campus) -> set[str]:
    entry = read(campus.slapd.admin(), student_dn(campus.slapd, newcomer.account))
    return {value.decode() for value in entry.get(attribute, ())}
