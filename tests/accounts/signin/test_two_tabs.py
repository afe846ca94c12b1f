"""Pages that were opened before something else happened elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.signin.credentials import printed
from tests.accounts.signin.conftest import OWN, Somebody
from tests.cast import a_colleague

pytestmark = [pytest.mark.django_db(transaction=True)]

Make = Callable[..., Somebody]
ENGLISH = {"accept-language": "en"}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def token(answer: Any) -> str:
    return str(answer.context["csrf_token"])


def test_back_after_activation_shows_the_journey(newcomer: Make) -> None:
    somebody, client = newcomer(), Client(headers=ENGLISH)
    sent = {
        "account": somebody.account,
        "initial_password": printed(somebody.password),
        "new_password": OWN,
        "agree": "on",
    }
    client.post("/activate/", sent)

    back = client.get("/activate/")

    assert (back.status_code, back.headers["Location"]) == (302, "/journey/")


def test_somebody_of_the_staff_has_nothing_to_activate(client: Client) -> None:
    client.force_login(a_colleague())

    assert client.get("/activate/").headers["Location"] == "/journey/"


def test_whoever_still_has_an_initial_password_gets_the_form(newcomer: Make) -> None:
    client = Client()
    client.force_login(newcomer().person)

    assert client.get("/activate/").status_code == 200


def test_the_second_of_two_tabs_learns_that_one_is_signed_in(active: Make) -> None:
    somebody = active()
    client = Client(headers=ENGLISH, enforce_csrf_checks=True)
    first, second = client.get("/sign-in/"), client.get("/sign-in/")
    sent = {"account": somebody.account, "password": OWN}
    client.post("/sign-in/", {**sent, "csrfmiddlewaretoken": token(first)})

    late = client.post("/sign-in/", {**sent, "csrfmiddlewaretoken": token(second)})

    assert late.status_code == 403
    assert "<h1>You are signed in.</h1>" in text(late)
    assert 'href="/journey/"' in text(late)
    assert OWN not in text(late)


def test_a_stranger_with_an_old_page_opens_it_afresh(client: Client) -> None:
    stranger = Client(headers=ENGLISH, enforce_csrf_checks=True)

    late = stranger.post("/sign-in/", {})

    assert "The page was open too long." in text(late)
    assert 'href="/sign-in/"' in text(late)


@pytest.mark.parametrize(
    ("path", "sent", "target"),
    [
        # What was kept belongs to another page.
        ("/recovery/", {"address": "cem@mail.example", "whose": "x"}, "/journey/"),
        # Nothing of it may be kept.
        (
            "/password/change/",
            {"password": "canary", "whose": "x"},
            "/password/change/",
        ),
        # The press of a button.
        ("/session/stay/", {"csrfmiddlewaretoken": "x"}, "/session/stay/"),
    ],
)
def test_whose_page_sent_nothing_is_not_told_that_it_is_saved(
    path: str, sent: dict[str, str], target: str
) -> None:
    client = Client(headers=ENGLISH)
    client.post(path, sent)

    page = text(client.get(f"/sign-in/?next={target}"))

    assert "then you are back where you were" in page
    assert "saved" not in page


def late_after_another_tab(first: Somebody, second: Somebody) -> tuple[Client, Any]:
    """Let the first type, the session end, and the second sign in in another tab."""
    client = Client(headers=ENGLISH, enforce_csrf_checks=True)
    enters(client, first)
    old = client.get("/recovery/")
    sent = {
        "address": "cem@mail.example",
        "password": OWN,
        "whose": old.context["whose"],
        "csrfmiddlewaretoken": token(old),
    }
    Session.objects.all().delete()
    enters(client, second)
    return client, client.post("/recovery/", sent)


def enters(client: Client, somebody: Somebody) -> None:
    sent = {
        "account": somebody.account,
        "password": OWN,
        "csrfmiddlewaretoken": token(client.get("/sign-in/")),
    }
    assert client.post("/sign-in/", sent).status_code == 302


def test_what_was_typed_in_the_other_tab_is_kept(active: Make) -> None:
    somebody = active()

    client, late = late_after_another_tab(somebody, somebody)

    assert late.status_code == 403
    assert "What you typed is saved" in text(late)
    assert 'href="/recovery/"' in text(late)
    again = text(client.get("/recovery/"))
    assert 'value="cem@mail.example"' in again
    assert OWN not in again


def test_what_somebody_else_typed_in_the_other_tab_is_not(active: Make) -> None:
    client, late = late_after_another_tab(active(), active())

    assert late.status_code == 403
    assert "What you typed is saved" not in text(late)
    assert "cem@mail.example" not in text(client.get("/recovery/"))
