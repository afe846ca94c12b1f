"""Sessions: how they end, and what survives their end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.signin import activation
from accounts.signin.sessions import whose
from tests.accounts.signin.conftest import OWN, Somebody, a_letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

Make = Callable[..., Somebody]
NEW = "moos am fels neun"
MINUTE = timedelta(minutes=1)
ENGLISH = {"accept-language": "en"}


def signed_in(somebody: Somebody) -> Client:
    client = Client(headers=ENGLISH)
    sent = {"account": somebody.account, "password": OWN}
    assert client.post("/sign-in/", sent).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/password/changed/").status_code == 200


def page_of(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


# --- how they end -----------------------------------------------------------------


def test_a_changed_password_ends_every_session_but_this_one(active: Make) -> None:
    somebody = active()
    here, elsewhere = signed_in(somebody), signed_in(somebody)
    sent = {"password": OWN, "new_password": NEW}

    here.post("/password/change/", sent)

    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_new_letter_ends_every_session(active: Make) -> None:
    somebody = active()
    client = signed_in(somebody)

    a_letter(somebody.person)

    assert not is_in(client)


def test_choosing_anew_after_a_letter_ends_what_went_before(active: Make) -> None:
    somebody = active()
    initial = a_letter(somebody.person)
    client = Client()
    client.force_login(type(somebody.person).objects.get(pk=somebody.person.pk))

    activation.choose_own_password(
        account=somebody.account, initial=initial, new=NEW, at=timezone.now()
    )

    assert not is_in(client)


def test_half_an_hour_of_silence_ends_a_session(active: Make) -> None:
    somebody = active()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        client = signed_in(somebody)

        clock.shift(29 * MINUTE)
        assert is_in(client)
        clock.shift(31 * MINUTE)
        assert not is_in(client)


def test_use_puts_the_end_off_again_and_again(active: Make) -> None:
    somebody = active()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        client = signed_in(somebody)
        for _ in range(6):
            clock.shift(20 * MINUTE)
            assert is_in(client)


def test_a_page_that_looks_by_itself_keeps_no_session_open(active: Make) -> None:
    somebody = active()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        client = signed_in(somebody)
        for _ in range(4):
            clock.shift(8 * MINUTE)
            client.get("/journey/status.json")

        assert not is_in(client)


def test_pressing_stay_puts_the_end_off(active: Make) -> None:
    somebody = active()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        client = signed_in(somebody)
        clock.shift(25 * MINUTE)
        assert client.post("/session/stay/").status_code == 204
        clock.shift(25 * MINUTE)
        assert is_in(client)


def test_stay_comes_too_late_for_a_session_that_is_over(active: Make) -> None:
    client = Client()

    assert client.post("/session/stay/").status_code == 302
    assert client.get("/session/stay/").status_code == 405


def test_a_session_is_not_written_at_every_request(active: Make) -> None:
    client = signed_in(active())
    before = Session.objects.get(pk=client.session.session_key).expire_date

    for _ in range(5):
        assert is_in(client)

    assert Session.objects.get(pk=client.session.session_key).expire_date == before


# --- what survives ----------------------------------------------------------------


def test_what_was_sent_too_late_is_kept_until_after_signing_in(active: Make) -> None:
    somebody = active()
    client = signed_in(somebody)
    Session.objects.all().delete()

    sent = {"address": "cem@mail.example", "whose": whose(somebody.person)}
    answer = client.post("/recovery/", sent)

    assert answer["Location"] == "/sign-in/?next=/recovery/"
    page = page_of(client.get(answer["Location"]))  # type: ignore[arg-type]
    assert "What you had sent is saved." in page
    sent = {"account": somebody.account, "password": OWN, "next": "/recovery/"}
    assert client.post("/sign-in/", sent)["Location"] == "/recovery/"
    assert 'value="cem@mail.example"' in page_of(client.get("/recovery/"))  # type: ignore[arg-type]
    # Once.
    assert "cem@mail.example" not in page_of(client.get("/recovery/"))  # type: ignore[arg-type]


def test_whoever_sent_nothing_is_not_told_that_it_is_saved(client: Client) -> None:
    answer = client.get("/recovery/")

    page = page_of(Client(headers=ENGLISH).get(answer["Location"]))  # type: ignore[arg-type]

    assert "then you are back where you were" in page
    assert "saved" not in page


@pytest.mark.parametrize("path", ["/password/change/", "/recovery/code/", "/recovery/"])
def test_no_secret_is_kept(client: Client, slapd: object, path: str) -> None:
    sent = {
        "password": "canary one",
        "new_password": "canary two",
        "initial_password": "canary three",
        "code": "canary four",
        "csrfmiddlewaretoken": "canary five",
        "whose": "somebody's",
        "anything": "harmless",
    }

    client.post(path, sent)

    kept = client.session["kept"]
    assert kept == {
        "path": path,
        "fields": {"anything": ["harmless"]},
        "whose": "somebody's",
    }


def test_what_is_kept_for_one_page_is_shown_on_no_other(active: Make) -> None:
    somebody = active()
    client = Client()
    sent = {"address": "cem@mail.example", "whose": whose(somebody.person)}
    client.post("/password/change/", sent)
    client.post("/sign-in/", {"account": somebody.account, "password": OWN})

    assert "cem@mail.example" not in page_of(client.get("/recovery/"))  # type: ignore[arg-type]


def test_what_one_person_typed_is_shown_to_nobody_else(active: Make) -> None:
    first, second = active(), active()
    client = signed_in(first)
    form = page_of(client.get("/recovery/"))  # type: ignore[arg-type]
    sent = {"address": "cem@mail.example", "whose": whose(first.person)}
    assert sent["whose"] in form
    Session.objects.all().delete()
    client.post("/recovery/", sent)

    client.post("/sign-in/", {"account": second.account, "password": OWN})

    assert "cem@mail.example" not in page_of(client.get("/recovery/"))  # type: ignore[arg-type]
    assert "kept" not in client.session
    # Not even once the first is back.
    client.post("/sign-out/")
    client.post("/sign-in/", {"account": first.account, "password": OWN})
    assert "cem@mail.example" not in page_of(client.get("/recovery/"))  # type: ignore[arg-type]


def test_what_does_not_say_whose_it_is_is_not_kept(client: Client) -> None:
    client.post("/recovery/", {"address": "cem@mail.example"})

    assert "kept" not in client.session
