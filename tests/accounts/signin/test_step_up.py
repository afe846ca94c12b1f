"""Proving once more who it is: when it is asked for, and what survives it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.journal.models import Event
from accounts.signin.sessions import kept, signed_in
from accounts.signin.step_up import freshly, recently_proved
from onboarding import urls
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory import entries
from tests.accounts.signin.conftest import OWN, Somebody

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

Make = Callable[..., Somebody]
MINUTE = timedelta(minutes=1)
LATER = 16 * MINUTE
AGAIN = "/sign-in/again/?next=%2Fremedy%2F"


@signed_in
@freshly
def remedy(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return HttpResponse(f"done: {request.POST.getlist('reason')}")
    return HttpResponse(f"form: {kept(request)}")


@signed_in
@freshly
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"done: {request.POST.getlist('reason')}")


@signed_in
def asks(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(recently_proved(request)))


@signed_in
@freshly
def button(request: HttpRequest) -> HttpResponse:
    """Show a page that takes nothing up; what was sent is to be done."""
    if request.method == "POST":
        return HttpResponse(f"done: {request.POST.getlist('reason')}")
    return HttpResponse("a page with a button")


urlpatterns = [
    *urls.urlpatterns,
    path("remedy/", remedy),
    path("button/", button),
    path("act/", act),
    path("asks/", asks),
]


@pytest.fixture(autouse=True)
def _pages_that_ask(settings: LazySettings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(timezone.now(), tick=True) as clock:
        yield clock


def signed_in_as(somebody: Somebody) -> Client:
    client = Client(headers={"accept-language": "en"})
    sent = {"account": somebody.account, "password": OWN}
    assert client.post("/sign-in/", sent).status_code == 302
    return client


def prove(client: Client, password: str = OWN, next_: str = "/remedy/") -> Any:
    return client.post("/sign-in/again/", {"password": password, "next": next_})


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def acts() -> list[str]:
    journal = Event.objects.filter(what__startswith="proo").order_by("at", "id")
    again = Event.objects.filter(what="proved_again").order_by("at", "id")
    return [one.what for one in (*journal, *again)]


# --- when it is asked for -----------------------------------------------------------


def test_who_just_signed_in_is_not_asked(active: Make) -> None:
    client = signed_in_as(active())

    assert text(client.get("/remedy/")) == "form: {}"
    assert text(client.post("/remedy/", {"reason": "counter"})) == "done: ['counter']"


def test_after_a_quarter_of_an_hour_the_password_is_asked_for(
    active: Make, clock: Any
) -> None:
    client = signed_in_as(active())
    clock.shift(14 * MINUTE)
    assert text(client.get("/asks/")) == "True"
    clock.shift(2 * MINUTE)

    assert text(client.get("/asks/")) == "False"
    answer = client.get("/remedy/")

    assert (answer.status_code, answer.headers["Location"]) == (302, AGAIN)
    assert "Your password, once more" in text(client.get(AGAIN))
    assert prove(client).headers["Location"] == "/remedy/"
    assert text(client.get("/remedy/")) == "form: {}"
    assert acts() == ["proved_again"]


def test_use_alone_does_not_put_it_off(active: Make, clock: Any) -> None:
    client = signed_in_as(active())
    for _ in range(4):
        clock.shift(4 * MINUTE)
        client.post("/session/stay/")

    assert client.get("/remedy/").status_code == 302


def test_how_long_it_counts_is_a_setting(
    active: Make, clock: Any, settings: LazySettings
) -> None:
    settings.STEP_UP_LASTS = MINUTE
    client = signed_in_as(active())
    clock.shift(2 * MINUTE)

    assert client.get("/remedy/").status_code == 302


def test_a_session_without_any_proof_is_asked(active: Make) -> None:
    client = Client()
    client.force_login(active().person)

    assert client.get("/remedy/").headers["Location"] == AGAIN


def test_whoever_is_not_signed_in_cannot_prove_anything(slapd: Slapd) -> None:
    client = Client()

    assert client.get("/remedy/").headers["Location"] == "/sign-in/?next=/remedy/"
    assert prove(client).headers["Location"].startswith("/sign-in/?next=")


def test_who_proved_it_already_goes_straight_on(active: Make) -> None:
    client = signed_in_as(active())

    assert client.get(AGAIN).headers["Location"] == "/remedy/"


def test_it_leads_to_no_strange_place(active: Make) -> None:
    client = signed_in_as(active())

    for strange in ("https://evil.example/", "//evil.example", "/sign-in/again/", ""):
        assert prove(client, next_=strange).headers["Location"] == "/journey/"


# --- wrong ones ---------------------------------------------------------------------


def test_a_wrong_password_proves_nothing_and_is_noted(active: Make, clock: Any) -> None:
    client = signed_in_as(active())
    clock.shift(LATER)

    answer = prove(client, "kiesel tanzt nicht")

    assert answer.status_code == 422
    assert "This is not your password." in text(answer)
    assert "kiesel tanzt nicht" not in text(answer)
    assert client.get("/remedy/").status_code == 302
    assert acts() == ["proof_refused"]


def test_wrong_ones_count_like_those_at_signing_in(active: Make, clock: Any) -> None:
    somebody = active()
    client = signed_in_as(somebody)
    clock.shift(LATER)
    for _ in range(3):
        assert prove(client, "wrong").status_code == 422

    assert prove(client, OWN).status_code == 429
    sent = {"account": somebody.account, "password": OWN}
    assert Client().post("/sign-in/", sent).status_code == 429


def test_wrong_ones_at_signing_in_count_here(active: Make, clock: Any) -> None:
    somebody = active()
    client = signed_in_as(somebody)
    clock.shift(LATER)
    for _ in range(3):
        Client().post("/sign-in/", {"account": somebody.account, "password": "wrong"})

    assert prove(client, OWN).status_code == 429


def test_a_locked_account_gets_the_answer_of_a_wrong_password(
    active: Make, clock: Any, slapd: Slapd
) -> None:
    somebody = active()
    client = signed_in_as(somebody)
    clock.shift(LATER)
    wrong = text(prove(client, "wrong"))
    admin = slapd.admin()
    dn = entries.student_dn(slapd, somebody.account)
    admin.modify(dn, {"pwdAccountLockedTime": [("MODIFY_REPLACE", ["000001010000Z"])]})
    admin.unbind()

    locked = prove(client, OWN)

    assert locked.status_code == 422
    assert _bare(text(locked)) == _bare(wrong)


def _bare(page: str) -> str:
    """Leave the token out, which is another one each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", page)


def test_a_directory_that_is_down_counts_as_nobodys_mistake(
    active: Make, clock: Any, slapd: Slapd
) -> None:
    client = signed_in_as(active())
    clock.shift(LATER)
    slapd.kill()

    for _ in range(5):
        answer = prove(client)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
    assert acts() == []


# --- what was sent meanwhile --------------------------------------------------------


def test_what_was_typed_is_shown_again_before_it_counts(
    active: Make, clock: Any
) -> None:
    client = signed_in_as(active())
    clock.shift(LATER)

    answer = client.post("/remedy/", {"reason": "counter", "password": "canary"})

    assert answer.headers["Location"] == AGAIN
    assert "saved, and nothing has been done yet" in text(client.get(AGAIN))
    assert prove(client).headers["Location"] == "/remedy/"
    # The page takes it up, once, and no secret is among it.
    assert text(client.get("/remedy/")) == "form: {'reason': 'counter'}"
    assert text(client.get("/remedy/")) == "form: {}"


@pytest.mark.parametrize("address", ["/act/", "/button/"])
def test_a_button_is_pressed_once_more(active: Make, clock: Any, address: str) -> None:
    client = signed_in_as(active())
    clock.shift(LATER)
    client.post(address, {"reason": ["letter", "<lost>"], "new_password": "canary"})
    prove(client, next_=address)

    page = text(client.get(address))

    assert "Do you still want this?" in page
    assert f'action="{address}"' in page
    assert '<input type="hidden" name="reason" value="letter">' in page
    assert '<input type="hidden" name="reason" value="&lt;lost&gt;">' in page
    assert "canary" not in page
    assert "canary" not in str(dict(client.session))
    sent = {"reason": ["letter", "<lost>"]}
    assert text(client.post(address, sent)) == "done: ['letter', '<lost>']"
    assert "Do you still want this?" not in text(client.get(address))


def test_a_button_without_fields_is_pressed_once_more(active: Make, clock: Any) -> None:
    client = signed_in_as(active())
    clock.shift(LATER)
    client.post("/act/")
    prove(client, next_="/act/")

    page = client.get("/act/")

    assert page.status_code == 200
    assert "Do you still want this?" in text(page)
    assert text(client.post("/act/")) == "done: []"
