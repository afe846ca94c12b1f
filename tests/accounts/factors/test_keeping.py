"""Setting up, adding, removing, and the way back after a loss."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.factors import keeping
from accounts.factors.models import Factor, WayBack
from accounts.journal.models import Event
from accounts.people.roles import Role
from accounts.post.models import Mail
from onboarding.demo import staff
from tests.accounts.factors.conftest import WRONG, Colleague, Come

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

SET_UP = "/sign-in/second/set-up/"
OWN = "/sign-in/second/own/"
RESET = "/sign-in/second/reset/"
KEY = re.compile(r"<code[^>]*>([A-Z2-7 ]{39})</code>")


def sets_up(one: Colleague) -> str:
    """Begin an app; give its key as the page shows it."""
    page = one.client.post(f"{SET_UP}app/").content.decode()
    found = KEY.search(page)
    assert found, page
    return found[1].replace(" ", "")


def confirms(one: Colleague, secret: str, **more: str) -> Any:
    code = pyotp.TOTP(secret).at(timezone.now())
    return one.client.post(f"{SET_UP}app/code/", {"code": code, **more})


def mails() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("message", flat=True))


def reset_by(lead: Colleague, account: str, **more: str) -> Any:
    return lead.client.post(RESET, {"account": account, "check": "in_person", **more})


def a_lead(come: Come) -> Colleague:
    lead = come(Role.HELP_DESK_LEAD)
    lead.signs_in()
    lead.proves(lead.code())
    return lead


def a_way_back(lead: Colleague, account: str) -> str:
    page = reset_by(lead, account, sure="yes").content.decode()
    found = re.search(r"<code[^>]*>(\w{4}-\w{4}-\w{4})</code>", page)
    assert found, page
    return found[1]


# --- the first one ------------------------------------------------------------------


def test_the_first_app_is_set_up_at_the_first_sign_in(arrive: Come) -> None:
    one = arrive(Role.REGISTRAR)
    target = one.signs_in(next="/registrar/imports/").headers["Location"]
    assert one.client.get(target).headers["Location"].startswith(SET_UP)

    secret = sets_up(one)
    assert not one.is_in("/registrar/imports/")
    answer = confirms(one, secret, next="/registrar/imports/")

    assert answer.headers["Location"] == "/registrar/imports/"
    assert one.is_in("/registrar/imports/")
    assert mails() == ["second_factor_added"]
    assert Event.objects.filter(what="second_factor_added").count() == 1


def test_an_app_counts_only_once_it_was_proved(arrive: Come) -> None:
    one = arrive(Role.REGISTRAR)
    one.signs_in()
    secret = sets_up(one)

    wrong = one.client.post(f"{SET_UP}app/code/", {"code": WRONG})

    assert wrong.status_code == 422
    assert secret not in wrong.content.decode().replace(" ", "")
    assert not keeping.factors_of(one.person).exists()
    assert one.proves(pyotp.TOTP(secret).now()).status_code == 302
    assert not one.is_in()


def test_two_tabs_that_set_up_at_once_leave_one(arrive: Come) -> None:
    one = arrive(Role.REGISTRAR)
    other = Colleague(one.account, Client(headers={"accept-language": "en"}))
    one.signs_in()
    other.signs_in()
    mine, theirs = sets_up(one), sets_up(other)

    assert confirms(one, mine).status_code == 302
    late = confirms(other, theirs)

    assert late.status_code == 422
    assert keeping.factors_of(one.person).count() == 1
    assert not other.is_in()


def test_the_first_code_is_used_up_by_the_setting_up(arrive: Come, clock: Any) -> None:
    one = arrive(Role.REGISTRAR)
    one.signs_in()
    secret = sets_up(one)
    confirms(one, secret)
    other = Colleague(one.account, Client())
    other.signs_in()

    assert other.proves(pyotp.TOTP(secret).at(timezone.now())).status_code == 422


# --- another one --------------------------------------------------------------------


def test_another_one_needs_the_proof_of_the_first(come: Come) -> None:
    one = come(Role.AUDITOR)
    one.signs_in()

    led = one.client.get(SET_UP).headers["Location"]
    begun = one.client.post(f"{SET_UP}app/")

    assert led.startswith("/sign-in/second/?next=")
    assert begun.status_code == 302
    assert Factor.objects.filter(person=one.person).count() == 1


@pytest.mark.parametrize("way", [SET_UP, f"{SET_UP}app/", f"{SET_UP}passkey/"])
def test_the_password_is_asked_for_freshly(come: Come, clock: Any, way: str) -> None:
    one = come(Role.AUDITOR)
    one.signs_in()
    one.proves(one.code())
    clock.shift(timedelta(minutes=16))

    led = one.client.post(way).headers["Location"]

    assert led.startswith("/sign-in/again/?next=")


def test_the_first_is_proved_freshly_too(come: Come, clock: Any) -> None:
    one = come(Role.AUDITOR)
    one.signs_in()
    one.proves(one.code())
    (only,) = keeping.factors_of(one.person)
    clock.shift(timedelta(minutes=16))
    one.client.post("/sign-in/again/", {"password": staff.PASSWORD})

    for way in (SET_UP, f"{SET_UP}app/", f"{OWN}{only.pk}/remove/"):
        led = one.client.post(way, follow=True).redirect_chain
        assert any(step.startswith("/sign-in/second/?next=") for step, _ in led)
    assert one.is_in()
    assert one.proves(one.code(), next=SET_UP).headers["Location"] == SET_UP
    assert one.client.get(SET_UP).status_code == 200


def test_of_two_one_may_be_removed_and_other_sessions_end(
    come: Come, clock: Any
) -> None:
    one = come(Role.AUDITOR)
    elsewhere = Colleague(one.account, Client())
    for session in (one, elsewhere):
        session.signs_in()
        session.proves(session.code())
        clock.shift(timedelta(seconds=60))
    confirms(one, sets_up(one))
    first, second = keeping.factors_of(one.person)

    answer = one.client.post(f"{OWN}{first.pk}/remove/")

    assert answer.headers["Location"] == OWN
    assert list(keeping.factors_of(one.person)) == [second]
    assert Factor.objects.get(pk=first.pk).secret == ""
    assert one.is_in()
    assert not elsewhere.is_in()
    assert mails() == ["second_factor_added", "second_factor_removed"]


def test_the_last_one_stays(come: Come) -> None:
    one = come(Role.AUDITOR)
    one.signs_in()
    one.proves(one.code())
    (only,) = keeping.factors_of(one.person)

    assert one.client.post(f"{OWN}{only.pk}/remove/").status_code == 409
    assert keeping.factors_of(one.person).count() == 1


def test_nobody_removes_a_colleague_s(come: Come) -> None:
    one, other = come(Role.AUDITOR), come(Role.FINANCE)
    one.signs_in()
    one.proves(one.code())
    (theirs,) = keeping.factors_of(other.person)

    assert one.client.post(f"{OWN}{theirs.pk}/remove/").status_code == 404


# --- the way back -------------------------------------------------------------------


def test_the_lead_gives_a_way_back(come: Come, clock: Any) -> None:
    lead, one = a_lead(come), come(Role.REGISTRAR)
    one.signs_in()
    one.proves(one.code())
    sure = reset_by(lead, one.account)
    assert "Ingrid Petersen" in sure.content.decode()
    assert one.is_in()

    code = a_way_back(lead, one.account)

    assert not one.is_in()
    one.signs_in()
    clock.shift(timedelta(seconds=31))
    assert one.proves(one.code()).headers["Location"].startswith(SET_UP)
    assert one.client.post(f"{SET_UP}app/").status_code == 302
    assert one.client.post(SET_UP, {"back": code.lower()}).status_code == 302
    confirms(one, sets_up(one))
    assert one.is_in()
    journal = Event.objects.get(what="second_factor_reset")
    assert (journal.who, journal.whom) == (lead.person, one.person)
    assert journal.facts == {"check": "in_person"}
    assert mails() == ["second_factor_reset", "second_factor_added"]
    assert code.replace("-", "") not in WayBack.objects.get().digest


@pytest.mark.parametrize(
    ("role", "status"), [(Role.HELP_DESK, 403), (Role.AUDITOR, 403)]
)
def test_nobody_but_the_lead_gives_one(come: Come, role: Role, status: int) -> None:
    one = come(role)
    one.signs_in()
    one.proves(one.code())

    assert reset_by(one, "registrar", sure="yes").status_code == status


def test_the_lead_does_not_help_the_own_hand(come: Come) -> None:
    lead = a_lead(come)

    answer = reset_by(lead, lead.account, sure="yes")

    assert answer.status_code == 422
    assert "Another lead does this for you." in answer.content.decode()
    assert lead.is_in()


def test_without_an_identity_check_nothing_happens(come: Come) -> None:
    lead, one = a_lead(come), come(Role.REGISTRAR)
    sent = {"account": one.account, "sure": "yes"}

    assert lead.client.post(RESET, sent).status_code == 422
    assert keeping.factors_of(one.person).exists()


def test_the_lead_types_the_own_password_freshly(come: Come, clock: Any) -> None:
    lead, one = a_lead(come), come(Role.REGISTRAR)
    clock.shift(timedelta(minutes=16))

    led = reset_by(lead, one.account, sure="yes").headers["Location"]

    assert led.startswith("/sign-in/again/")
    assert keeping.factors_of(one.person).exists()


@pytest.mark.parametrize("why", ["wrong", "old", "used", "replaced"])
def test_a_way_back_that_is_not_good_opens_nothing(
    come: Come, clock: Any, why: str
) -> None:
    one = come(Role.REGISTRAR)
    code = help_on_the_console(one)
    match why:
        case "wrong":
            code = "0000-0000-0000"
        case "old":
            clock.shift(timedelta(hours=25))
        case "used":
            keeping.find_back(person=one.person, typed=code, at=timezone.now())
        case "replaced":
            help_on_the_console(one)
    one.signs_in()

    answer = one.client.post(SET_UP, {"back": code})

    assert answer.status_code == 422
    assert one.client.post(f"{SET_UP}app/").status_code == 302


def test_the_operator_helps_the_last_lead(come: Come) -> None:
    lead = a_lead(come)

    code = help_on_the_console(lead)

    assert not lead.is_in()
    lead.signs_in()
    assert lead.client.post(SET_UP, {"back": code}).status_code == 302
    confirms(lead, sets_up(lead))
    assert lead.is_in()
    journal = Event.objects.get(what="second_factor_reset")
    assert (journal.who, journal.facts) == (None, {"check": "console"})


def test_the_console_says_who_has_none() -> None:
    with pytest.raises(CommandError, match="nobody has set up no second factor"):
        call_command("reset_second_factor", "nobody")


def help_on_the_console(one: Colleague) -> str:
    said = StringIO()
    call_command("reset_second_factor", one.account, stdout=said)
    return said.getvalue().split()[-1]


def test_the_demo_prints_codes_that_open(come: Come) -> None:
    one, said = come(Role.REGISTRAR), StringIO()
    call_command("second_factor_codes", stdout=said)
    rows = [line.split() for line in said.getvalue().splitlines()]
    (code,) = [row[1] for row in rows if row[0] == one.account]
    one.signs_in()

    assert one.proves(code).status_code == 302
    assert {row[0] for row in rows[1:]} == {
        colleague.account for colleague in staff.STAFF if colleague.role != Role.TUTOR
    }
