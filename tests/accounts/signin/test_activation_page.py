"""The activation page, as people really fill it in."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.directory.connection import hang_up
from accounts.journal.models import Event
from accounts.signin.credentials import make_initial_password, printed
from accounts.signin.models import Acceptance, Attempts
from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.signin.conftest import OWN, Somebody, a_letter, opens

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

PAGE = "/activate/"
JOURNEY = "/journey/"
Make = Callable[..., Somebody]
Execute = Callable[..., Any]


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def entries(somebody: Somebody, **changed: str) -> dict[str, str]:
    return {
        "account": somebody.account,
        "initial_password": printed(somebody.password),
        "new_password": OWN,
        "agree": "on",
        **changed,
    }


def post(client: Client, somebody: Somebody, **changed: str) -> HttpResponse:
    return client.post(PAGE, entries(somebody, **changed))  # type: ignore[return-value]


def page_of(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def is_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"] == JOURNEY


def failures() -> int:
    return sum(Attempts.objects.values_list("failures", flat=True))


def symbol_off(secret: str) -> str:
    wrong = "7" if secret[0] != "7" else "9"
    return wrong + secret[1:]


# --- what people type ----------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        lambda name: f"  {name} ",
        " ".join,
        lambda name: name.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)}),
        lambda name: f"{name}@stud.leuphana.example",
        lambda name: f"{name.upper()}@Leuphana.Example",
    ],
    ids=["capitals", "outer blanks", "blanks", "full width", "mail", "old mail"],
)
def test_the_user_name_is_understood_however_it_is_typed(
    client: Client, newcomer: Make, typed: Callable[[str], str]
) -> None:
    somebody = newcomer()

    assert is_in(post(client, somebody, account=typed(somebody.account)))
    assert opens(somebody.account, OWN)


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda secret: printed(secret).replace("-", " "),
        lambda secret: f" {printed(secret)}\n",
        lambda secret: printed(secret).replace("-", "–"),
        lambda secret: secret.replace("0", "o").replace("1", "l"),
        lambda secret: secret.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)}),
    ],
    ids=["small", "blanks", "pasted", "dashes", "look-alikes", "full width"],
)
def test_the_initial_password_is_understood_however_it_is_typed(
    client: Client, newcomer: Make, typed: Callable[[str], str]
) -> None:
    somebody = newcomer()

    assert is_in(post(client, somebody, initial_password=typed(somebody.password)))


def test_a_slip_is_said_and_costs_no_try(client: Client, newcomer: Make) -> None:
    somebody = newcomer()
    for _ in range(10):
        answer = post(client, somebody, initial_password=symbol_off(somebody.password))
        assert answer.status_code == 422
        assert "Compare the initial password with your letter" in page_of(answer)

    assert failures() == 0
    assert is_in(post(client, somebody))


def test_after_a_refusal_secrets_are_blank_and_the_rest_is_kept(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer()
    wrong = make_initial_password()

    answer = post(
        client,
        somebody,
        account=f" {somebody.account.upper()}",
        initial_password=printed(wrong),
        new_password="neun Kiesel im Bach",
    )

    page = page_of(answer)
    assert f'value="{somebody.account.upper()}"' in page or (
        f'value=" {somebody.account.upper()}"' in page
    )
    assert "checked" in page
    assert wrong not in page
    assert printed(wrong) not in page
    assert "neun Kiesel" not in page
    assert "emptied the password fields" in page


def test_each_weakness_has_a_sentence_of_its_own_and_costs_no_try(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer(family_name="Sondermann")
    for _ in range(6):
        answer = post(client, somebody, new_password="Sondermann ")
        assert answer.status_code == 422

    page = page_of(answer)
    assert "Use at least 12 characters" in page
    assert "Leave out your own names." in page
    assert "Leave out the space at the beginning or the end." in page
    assert opens(somebody.account, somebody.password)
    assert is_in(post(client, somebody))


def test_the_rules_stand_on_the_page_up_front(client: Client) -> None:
    page = page_of(client.get(PAGE))  # type: ignore[arg-type]

    assert "Use 12 to 128 characters" in page
    assert "Leave out your own names and the names of the university" in page
    assert 'autocomplete="new-password"' in page


def test_agreement_is_asked_for_and_recorded_with_its_version(
    client: Client, newcomer: Make, settings: LazySettings
) -> None:
    settings.TERMS_VERSION, settings.PRIVACY_VERSION = "2026-10", "2026-11"
    somebody = newcomer()
    without = entries(somebody)
    del without["agree"]

    assert client.post(PAGE, without).status_code == 422
    assert not Acceptance.objects.exists()
    assert is_in(post(client, somebody))
    assert set(Acceptance.objects.values_list("person", "document", "version")) == {
        (somebody.person.pk, "terms", "2026-10"),
        (somebody.person.pk, "privacy", "2026-11"),
    }


def test_an_initial_password_in_the_name_field_is_said_and_not_shown(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer()

    answer = post(client, somebody, account=printed(somebody.password))

    assert answer.status_code == 422
    assert printed(somebody.password) not in page_of(answer)
    assert failures() == 0


# --- twice, never, in parts --------------------------------------------------------


def test_pressing_twice_leads_into_the_journey_twice(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer()

    assert is_in(post(client, somebody))
    assert is_in(post(Client(), somebody))
    assert Event.objects.filter(what="account_activated").count() == 1
    assert failures() == 0


def test_looking_changes_nothing(client: Client, newcomer: Make) -> None:
    somebody = newcomer()

    for url in (PAGE, f"{PAGE}?account={somebody.account}&agree=on"):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200

    assert not Attempts.objects.exists()
    assert not Acceptance.objects.exists()
    assert opens(somebody.account, somebody.password)
    assert client.put(PAGE).status_code == 405


@pytest.mark.parametrize("missing", ["account", "initial_password", "new_password"])
def test_what_is_missing_is_asked_for(
    client: Client, newcomer: Make, missing: str
) -> None:
    somebody = newcomer()
    sent = entries(somebody)
    del sent[missing]

    assert client.post(PAGE, sent).status_code == 422
    assert opens(somebody.account, somebody.password)
    assert failures() == 0


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"account": ""},
        {
            "account": ["a", "b"],
            "initial_password": ["x", "y"],
            "new_password": ["", ""],
        },
        {"account[]": "lg1234567", "initial_password[$ne]": "1"},
        {"account": "\0", "initial_password": "\0", "new_password": "\0"},
        {"account": "lg1*", "initial_password": "*)(uid=*", "new_password": "x" * 9000},
        {"account": "lg1234567", "initial_password": " ", "new_password": " "},
        {
            "account": "lg1234567",
            "initial_password": "\ud7fb",
            "new_password": "\ufdd0",
        },
        {
            "account": "é" * 300,
            "initial_password": "é" * 300,
            "new_password": "é" * 300,
        },
        {
            "account": ",".join(["uid=a"] * 40),
            "initial_password": "{SSHA}x",
            "agree": "0",
        },
    ],
    ids=range(10),
)
def test_nothing_that_is_sent_breaks_the_page_or_opens_the_door(
    client: Client, slapd: Slapd, sent: dict[str, str]
) -> None:
    assert client.post(PAGE, sent).status_code == 422
    assert "_auth_user_id" not in client.session


def test_a_body_that_is_no_form_is_refused(client: Client, slapd: Slapd) -> None:
    answer = client.post(PAGE, b'{"account": "lg1"}', content_type="application/json")

    assert answer.status_code == 422


def test_no_request_without_the_token_is_heard(newcomer: Make) -> None:
    somebody = newcomer()
    strict = Client(enforce_csrf_checks=True)

    assert post(strict, somebody).status_code == 403
    assert opens(somebody.account, somebody.password)


def test_the_session_has_another_key_afterwards(client: Client, newcomer: Make) -> None:
    somebody = newcomer()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key

    post(client, somebody)

    assert client.session.session_key != before
    assert client.session["_auth_user_id"] == str(somebody.person.pk)


# --- secrets proved, and not --------------------------------------------------------


def test_an_initial_password_in_the_place_of_the_new_one_activates_nothing(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer()

    answer = post(
        client,
        somebody,
        initial_password="what another system may have issued",
        new_password=somebody.password,
    )

    assert answer.status_code == 422
    somebody.person.refresh_from_db()
    assert somebody.person.activated_at is None


def test_an_own_password_cannot_be_changed_here(client: Client, active: Make) -> None:
    somebody = active()

    answer = post(client, somebody, initial_password=OWN, new_password="moos am fels 9")

    assert answer.status_code == 422
    assert "active already" in page_of(answer)
    assert "_auth_user_id" not in client.session
    assert opens(somebody.account, OWN)


def test_a_newer_letter_replaces_the_older_one(client: Client, newcomer: Make) -> None:
    somebody = newcomer()
    newer = a_letter(somebody.person)

    assert post(client, somebody).status_code == 422
    assert is_in(post(client, somebody, initial_password=newer))


def test_somebody_elses_letter_opens_nothing(client: Client, newcomer: Make) -> None:
    mine, yours = newcomer(), newcomer()

    assert post(client, mine, initial_password=yours.password).status_code == 422
    assert opens(yours.account, yours.password)


def test_no_secret_is_kept_or_logged(
    client: Client, newcomer: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    somebody = newcomer()
    canary = "canary zwitschert leise"

    post(client, somebody, account=canary)
    post(client, somebody, initial_password=canary)
    post(client, somebody, new_password=canary)

    assert canary not in caplog.text
    assert somebody.password not in caplog.text
    assert opens(somebody.account, canary)


# --- when the directory does not answer -----------------------------------------------


@pytest.fixture
def black_hole(settings: LazySettings) -> Iterator[None]:
    """Give a directory that takes calls and says nothing."""
    settings.LDAP_ANSWER_TIMEOUT = settings.LDAP_CONNECT_TIMEOUT = 1
    hang_up()
    with closing(socket.create_server((LOOPBACK, 0))) as hole:
        settings.LDAP_URL = f"ldap://{LOOPBACK}:{hole.getsockname()[1]}"
        yield
    hang_up()


def says_it_is_away(answer: HttpResponse) -> bool:
    return (
        answer.status_code == 503
        and int(answer["Retry-After"]) > 0
        and "not your fault" in page_of(answer)
        and "library service desk" in page_of(answer)
    )


def test_a_directory_that_is_down_is_said_and_a_retry_works(
    client: Client, newcomer: Make, slapd: Slapd
) -> None:
    somebody = newcomer()
    slapd.kill()

    for _ in range(5):
        assert says_it_is_away(post(client, somebody))

    assert failures() == 0
    slapd.start()
    assert is_in(post(client, somebody))


def test_a_directory_that_hangs_is_said_in_time(
    client: Client, newcomer: Make, slapd: Slapd, settings: LazySettings
) -> None:
    settings.LDAP_ANSWER_TIMEOUT = settings.LDAP_CONNECT_TIMEOUT = 1
    hang_up()
    somebody = newcomer()
    assert slapd.child.pid is not None
    slapd.child.freeze()
    begun = time.monotonic()

    answer = post(client, somebody)

    took = time.monotonic() - begun
    slapd.child.thaw()
    assert says_it_is_away(answer)
    # One time-out, not one for every question; the rest is a busy machine.
    assert took < 5
    assert failures() == 0
    assert is_in(post(client, somebody))


def test_a_directory_behind_a_black_hole_is_said_in_time(
    client: Client, newcomer: Make, black_hole: None
) -> None:
    begun = time.monotonic()

    answer = client.post(
        PAGE,
        {
            "account": "lg1234567",
            "initial_password": make_initial_password(),
            "new_password": OWN,
            "agree": "on",
        },
    )

    assert says_it_is_away(answer)  # type: ignore[arg-type]
    assert time.monotonic() - begun < 5


class PowerGone(BaseException):
    """Nobody catches this."""


def no_consent_is_written(execute: Execute, sql: str, *rest: Any) -> Any:
    if "INSERT" in sql and Acceptance._meta.db_table in sql:
        raise PowerGone
    return execute(sql, *rest)


def test_a_crash_before_our_own_record_is_written_leaves_a_way_on(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer()

    with connection.execute_wrapper(no_consent_is_written), pytest.raises(PowerGone):
        post(client, somebody)

    assert opens(somebody.account, OWN)
    assert is_in(post(client, somebody))
    somebody.person.refresh_from_db()
    assert somebody.person.has_own_password
