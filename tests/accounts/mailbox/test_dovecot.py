"""The mail server that we ship: who gets in, with what, and what it takes."""

import smtplib

import ldap3
import pytest

from onboarding.demo.servers.dovecot import ENTITLEMENT, Dovecot
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_student, give_initial_password
from tests.services.dovecot import MOST_BYTES, lets_in, mails_of

ACCOUNT = "the account's own words"
MAIL = "only for the phone"
ADDRESS, FORMER = "cem.sondermann@stud.example", "cem.alt@stud.example"
LETTER = b"Subject: Hallo\r\n\r\nGuten Tag\r\n"


@pytest.fixture
def cem(slapd: Slapd) -> str:
    """Make a student who has activated the account and may use e-mail."""
    dn = add_student(
        slapd,
        "lg1",
        mail=ADDRESS,
        leuphanaFormerMail=FORMER,
        eduPersonEntitlement=ENTITLEMENT,
    )
    _password(slapd, dn, ACCOUNT)
    return dn


def _password(slapd: Slapd, dn: str, password: str) -> None:
    slapd.admin().modify(dn, {"userPassword": [(ldap3.MODIFY_REPLACE, [password])]})


def own_password(slapd: Slapd, dn: str) -> None:
    policy = f"cn=services,ou=policies,{slapd.base}"
    slapd.bound("portal").add(
        f"cn=mail,{dn}",
        ["leuphanaServicePassword"],
        {"cn": "mail", "userPassword": MAIL, "pwdPolicySubentry": policy},
    )


@pytest.mark.parametrize(
    "name", ["lg1", "LG1", ADDRESS, FORMER, "Cem.Alt@stud.example"]
)
def test_the_accounts_password_opens_the_mailbox(
    dovecot: Dovecot, cem: str, name: str
) -> None:
    assert lets_in(dovecot, name, ACCOUNT)


@pytest.mark.parametrize("name", ["lg1", ADDRESS, "lg2", "*", "lg*"])
def test_a_wrong_password_opens_nothing(dovecot: Dovecot, cem: str, name: str) -> None:
    assert not lets_in(dovecot, name, "something else")
    assert not lets_in(dovecot, name, MAIL)


@pytest.mark.parametrize("name", ["lg1", ADDRESS])
def test_an_own_password_for_mail_takes_the_accounts_place(
    slapd: Slapd, dovecot: Dovecot, cem: str, name: str
) -> None:
    own_password(slapd, cem)

    assert lets_in(dovecot, name, MAIL)
    assert not lets_in(dovecot, name, ACCOUNT)

    slapd.bound("portal").delete(f"cn=mail,{cem}")
    assert lets_in(dovecot, name, ACCOUNT)
    assert not lets_in(dovecot, name, MAIL)


def test_who_is_not_entitled_gets_in_with_no_password(
    slapd: Slapd, dovecot: Dovecot
) -> None:
    dn = add_student(slapd, "lg2", mail=ADDRESS)
    give_initial_password(slapd, dn)
    assert not lets_in(dovecot, "lg2", "K7QM4XR9PW2D")
    _password(slapd, dn, ACCOUNT)
    own_password(slapd, dn)

    assert not lets_in(dovecot, "lg2", ACCOUNT)
    assert not lets_in(dovecot, "lg2", MAIL)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        dovecot.deliver(address=ADDRESS, mail=LETTER)


@pytest.mark.parametrize("address", [ADDRESS, FORMER, ADDRESS.upper()])
def test_mail_arrives_under_every_address(
    dovecot: Dovecot, cem: str, address: str
) -> None:
    dovecot.deliver(address=address, mail=LETTER)

    assert [mail["Subject"] for mail in mails_of(dovecot, "lg1", ACCOUNT)] == ["Hallo"]


def test_mail_for_nobody_is_refused(dovecot: Dovecot, cem: str) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        dovecot.deliver(address="nobody@stud.example", mail=LETTER)


def test_a_full_mailbox_refuses_mail(dovecot: Dovecot, cem: str) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        dovecot.deliver(address=ADDRESS, mail=LETTER + b"x" * MOST_BYTES)

    assert refusal.value.smtp_code == 552
