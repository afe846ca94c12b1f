"""The second step: for whom, with what, and how often a code is good."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.factors.authenticators import MOST_REFUSED
from accounts.factors.models import Factor
from accounts.factors.sealing import Unreadable, seal, unseal
from accounts.journal.models import Event
from accounts.people.roles import SECOND_FACTOR, Role
from onboarding.demo import staff
from onboarding.demo.second_factor import secret_of
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.factors.conftest import HALF_A_MINUTE, WRONG, Colleague, Come
from tests.house.addresses import ADDRESSES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

PROVEN = sorted(SECOND_FACTOR)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("role", PROVEN)
def test_the_password_alone_opens_no_page_of_the_role(come: Come, role: Role) -> None:
    one = come(role)
    one.signs_in()
    opened = {
        name: status
        for name, address in ADDRESSES.items()
        if role in address.roles and not name.startswith("factors:")
        for way in ("get", "post")
        if (answer := getattr(one.client, way)(address.path))
        and (status := answer.status_code) not in {401, 405}
        and not answer.headers.get("Location", "").startswith("/sign-in/second/")
    }

    assert opened == {}


@pytest.mark.parametrize("role", PROVEN)
def test_the_code_opens_the_desks(come: Come, role: Role) -> None:
    one = come(role)

    assert one.signs_in().headers["Location"] == "/sign-in/second/?next=/journey/"
    answer = one.proves(one.code(), next="/desks/")

    assert answer.headers["Location"] == "/desks/"
    assert one.is_in("/desks/")
    assert Event.objects.filter(what="second_factor_proved").count() == 1


def test_a_tutor_needs_none(come: Come) -> None:
    tutor = come(Role.TUTOR)

    assert tutor.signs_in(next="/handout/").headers["Location"] == "/handout/"
    assert tutor.client.get("/handout/ready.json").status_code == 200
    assert tutor.client.get("/sign-in/second/").status_code == 403


def test_a_coordinator_s_phone_is_asked_to_sign_in_until_it_is_proved(
    come: Come,
) -> None:
    one = come(Role.COORDINATOR)
    one.signs_in()

    assert one.client.get("/handout/ready.json").status_code == 401
    # The app's own link to the sign-in leads on to the second step, and back.
    led = one.client.get("/sign-in/?next=/handout/").headers["Location"]
    assert led == "/sign-in/second/?next=/handout/"
    one.proves(one.code())
    assert one.client.get("/handout/ready.json").status_code == 200


def test_a_code_is_good_once(come: Come, clock: Any) -> None:
    one = come(Role.REGISTRAR)
    one.signs_in()
    code = one.code()
    one.proves(code)
    other = Colleague(one.account, Client(headers={"accept-language": "en"}))
    other.signs_in()

    answer = other.proves(code)

    assert answer.status_code == 422
    assert "was used already" in text(answer)
    assert not other.is_in()
    clock.shift(HALF_A_MINUTE)
    assert other.proves(code).status_code == 422
    assert other.proves(other.code()).status_code == 302


def test_two_tabs_with_one_code_are_one_sign_in(come: Come, clock: Any) -> None:
    one = come(Role.REGISTRAR)
    one.signs_in()
    code = one.code()

    assert one.proves(code, next="/desks/").headers["Location"] == "/desks/"
    # The second tab of the same browser is in already and is led on.
    assert one.proves(code, next="/desks/").headers["Location"] == "/desks/"
    assert Event.objects.filter(what="second_factor_refused").count() == 0


@pytest.mark.parametrize(
    ("later", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)]
)
def test_clocks_may_differ_by_half_a_minute(
    come: Come, clock: Any, later: int, status: int
) -> None:
    one = come(Role.HELP_DESK)
    one.signs_in()

    assert one.proves(one.code(later * HALF_A_MINUTE)).status_code == status


def test_an_older_code_does_not_follow_a_newer_one(come: Come, clock: Any) -> None:
    one = come(Role.HELP_DESK)
    before = one.code()
    clock.shift(HALF_A_MINUTE)
    one.signs_in()
    one.proves(one.code())
    other = Colleague(one.account, Client())
    other.signs_in()

    assert other.proves(before).status_code == 422


def test_wrong_codes_wait_longer_and_longer(come: Come, clock: Any) -> None:
    one = come(Role.FINANCE)
    one.signs_in()
    answers = [one.proves(WRONG).status_code for _ in range(5)]

    assert answers == [422, 422, 422, 429, 429]
    # A right one waits as well, and is not used up by that.
    assert one.proves(one.code()).status_code == 429
    clock.shift(timedelta(seconds=5))
    assert one.proves(one.code()).status_code == 302


def test_a_refused_code_is_not_in_the_way_of_the_next(come: Come) -> None:
    one = come(Role.FINANCE)
    one.signs_in()
    refused = [one.proves(WRONG) for _ in range(3)][-1].content.decode()
    waiting = one.proves(one.code())

    assert WRONG not in refused
    # That one did not count.
    assert f'value="{one.code()}"' in waiting.content.decode()


def test_twenty_wrong_codes_shut_the_app(come: Come, clock: Any) -> None:
    one = come(Role.FINANCE)
    one.signs_in()
    for _ in range(MOST_REFUSED):
        assert one.proves(WRONG).status_code == 422
        clock.shift(timedelta(seconds=31))

    answer = one.proves(one.code())

    assert answer.status_code == 422
    assert "too many wrong codes" in text(answer)
    assert not one.is_in()


def test_nobody_else_s_code_helps(come: Come) -> None:
    come(Role.FINANCE)
    one, other = come(Role.REGISTRAR), come(Role.AUDITOR)
    one.signs_in()

    assert one.proves(other.code()).status_code == 422


def test_what_was_sent_before_the_proof_is_shown_again(come: Come) -> None:
    one = come(Role.HELP_DESK)
    one.signs_in()
    led = one.client.post("/help-desk/", {"who": "sondermann"})
    target = led.headers["Location"]

    assert target == "/sign-in/second/?next=/help-desk/"
    assert "What you had sent is saved" in text(one.client.get(target))
    one.proves(one.code(), next="/help-desk/")
    assert one.client.session["kept"]["fields"] == {"who": ["sondermann"]}


def test_the_proof_ends_after_a_working_day_and_with_the_session(
    come: Come, clock: Any, settings: Any
) -> None:
    settings.SESSION_COOKIE_AGE = 24 * 3600
    one = come(Role.REGISTRAR)
    one.signs_in()
    one.proves(one.code())
    clock.shift(timedelta(hours=11, minutes=59))
    assert one.is_in("/registrar/imports/")
    clock.shift(timedelta(minutes=2))

    assert not one.is_in("/registrar/imports/")
    one.proves(one.code())
    assert one.is_in("/registrar/imports/")
    one.client.post("/sign-out/")
    one.signs_in()
    assert not one.is_in("/registrar/imports/")


def test_a_role_that_was_withdrawn_is_gone_at_the_next_request(
    come: Come, slapd: Slapd
) -> None:
    one = come(Role.REGISTRAR)
    one.signs_in()
    one.proves(one.code())
    assert one.is_in("/registrar/imports/")
    admin = slapd.admin()
    dn = f"uid={one.account},ou=staff,{slapd.base}"
    group = f"cn={Role.REGISTRAR},ou=roles,{slapd.base}"
    admin.modify(group, {"member": [("MODIFY_DELETE", [dn])]})
    admin.unbind()

    assert one.client.get("/registrar/imports/").status_code == 403


def test_no_secret_and_no_code_lies_in_the_database(come: Come) -> None:
    one = come(Role.REGISTRAR)
    secret = secret_of(one.account)
    one.signs_in()
    code = one.code()
    one.proves(code)
    factor = Factor.objects.get(person=one.person)

    assert secret not in factor.secret
    assert unseal(factor.secret) == secret
    assert code not in str(dict(one.client.session.items()))
    assert all(code not in str(event.facts) for event in Event.objects.all())


def test_what_another_key_sealed_is_read_under_the_fallbacks_alone(
    settings: Any,
) -> None:
    sealed = seal("JBSWY3DPEHPK3PXP")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    with pytest.raises(Unreadable):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]

    assert unseal(sealed) == "JBSWY3DPEHPK3PXP"


def test_somebody_else_in_the_same_browser_proves_anew(come: Come) -> None:
    one, other = come(Role.REGISTRAR), come(Role.AUDITOR)
    one.signs_in()
    one.proves(one.code())
    other.client = one.client
    one.client.post("/sign-out/")
    other.signs_in()

    assert not other.is_in()
    assert staff.PASSWORD not in str(dict(one.client.session.items()))
