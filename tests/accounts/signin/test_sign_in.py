"""Signing in through django-auth-ldap, on a real directory."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.directory import gateway, passwords
from accounts.journal.models import Event
from accounts.people.models import Kind, Person
from accounts.signin import change, terms
from accounts.signin.credentials import opaque, printed
from accounts.signin.models import Acceptance, Attempts
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory import entries
from tests.accounts.signin.conftest import OWN, Somebody, opens
from tests.cast import a_colleague

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

JOURNEY = "/journey/"
Make = Callable[..., Somebody]


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def sign_in(client: Client, account: str, password: str, **more: str) -> HttpResponse:
    sent = {"account": account, "password": password, **more}
    return client.post("/sign-in/", sent)  # type: ignore[return-value]


def who(client: Client) -> str | None:
    found: str | None = client.session.get("_auth_user_id")
    return found


def page_of(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def by_hand(slapd: Slapd, account: str, password: str) -> None:
    """Set a password as the directory's own people do, past the portal."""
    admin = slapd.admin()
    dn = entries.student_dn(slapd, account)
    admin.extend.standard.modify_password(dn, new_password=password.encode())
    admin.unbind()


# --- who gets in ------------------------------------------------------------------


def test_a_student_with_an_own_password_comes_to_the_journey(
    client: Client, active: Make
) -> None:
    somebody = active()

    answer = sign_in(client, f" {somebody.account.upper()}@leuphana.example", OWN)

    assert answer.status_code == 302
    assert answer["Location"] == JOURNEY
    assert who(client) == str(somebody.person.pk)


def test_an_initial_password_leads_to_activation_with_the_name_kept(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer()

    answer = sign_in(client, somebody.account, somebody.password)

    assert answer["Location"] == "/activate/"
    assert who(client) is None
    for _ in range(2):
        page = page_of(client.get("/activate/"))  # type: ignore[arg-type]
        assert f'value="{somebody.account}"' in page
        assert "That was your initial password" in page
        assert somebody.password not in page


def test_the_printed_form_of_an_initial_password_leads_there_too(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer()

    answer = sign_in(client, somebody.account, printed(somebody.password).lower())

    assert answer.status_code == 302
    assert answer["Location"] == "/activate/"


def test_staff_get_a_record_at_their_first_sign_in(
    client: Client, colleague: Callable[[str], str]
) -> None:
    colleague("freytag")

    for _ in range(2):
        assert sign_in(Client(), "Freytag", entries.OWN).status_code == 302
    sign_in(client, "freytag", entries.OWN)

    person = Person.objects.get()
    assert (person.account_name, person.kind) == ("freytag", Kind.STAFF)
    assert person.display_name == "Ada Freytag"
    assert who(client) == str(person.pk)


def test_a_student_whom_nobody_enrolled_gets_no_record(
    client: Client, slapd: Slapd
) -> None:
    entries.active_student(slapd, "lg7654321")

    assert sign_in(client, "lg7654321", entries.OWN).status_code == 422
    assert not Person.objects.exists()


def test_a_colleagues_record_opens_to_no_students_entry(
    client: Client, slapd: Slapd
) -> None:
    entries.active_student(slapd, "lg7654321")
    a_colleague(account_name="lg7654321")

    assert sign_in(client, "lg7654321", entries.OWN).status_code == 422
    assert who(client) is None


@pytest.mark.parametrize(
    "password", ["", " ", "\0", OWN + "\0", OWN.upper(), f"{OWN} "]
)
def test_nothing_but_the_password_itself_opens(
    client: Client, active: Make, password: str
) -> None:
    somebody = active()

    assert sign_in(client, somebody.account, password).status_code == 422
    assert who(client) is None


@pytest.mark.parametrize(
    "account",
    [
        "*",
        "lg*",
        "(uid=*)",
        "lg1)(uid=*",
        "cn=admin,ou=system",
        "admin",
        "nobody",
        "\0",
    ],
)
def test_no_name_is_a_filter(client: Client, active: Make, account: str) -> None:
    active()

    assert sign_in(client, account, OWN).status_code == 422
    assert who(client) is None


def test_lists_and_gaps_break_nothing(client: Client, slapd: Slapd) -> None:
    sent: list[dict[str, Any]] = [
        {},
        {"account": ["a", "b"], "password": ["c", "d"]},
        {"account": "lg1234567"},
        {"password": OWN},
    ]
    for one in sent:
        assert client.post("/sign-in/", one).status_code == 422


# --- what the directory knows better ----------------------------------------------


def test_what_a_crash_left_behind_is_healed_at_the_next_sign_in(
    client: Client, newcomer: Make
) -> None:
    somebody = newcomer()
    passwords.replace(
        entry=gateway.person(somebody.account), old=somebody.password, new=OWN
    )

    sign_in(client, somebody.account, OWN)

    somebody.person.refresh_from_db()
    assert somebody.person.has_own_password
    assert Event.objects.filter(what="account_activated").count() == 1
    assert who(client) == str(somebody.person.pk)
    # Nobody agreed to anything yet.
    assert not Acceptance.objects.exists()
    assert client.get(JOURNEY)["Location"] == "/consent/"


def test_a_password_that_was_changed_elsewhere_counts(
    client: Client, active: Make, slapd: Slapd
) -> None:
    somebody = active()
    entry = entries.student_dn(slapd, somebody.account)
    entries.choose_password(slapd, entry, old=OWN, new="moos am fels neun")

    assert sign_in(client, somebody.account, OWN).status_code == 422
    assert sign_in(client, somebody.account, "moos am fels neun").status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        "müde Bären im Ü",
        "mu\u0308de Ba\u0308ren im U\u0308",
        "drei\u00a0Birnen im Korb",
        "ﬁnster wie ﬂieder",
        "ｆｕｌｌ ｗｉｄｔｈ １２３",
        "Łódź \U0001f9a6 am Fluß",
    ],
)
def test_both_libraries_understand_a_password_alike(
    client: Client, active: Make, slapd: Slapd, typed: str
) -> None:
    somebody = active()
    passwords.replace(
        entry=gateway.person(somebody.account), old=OWN, new=opaque(typed)
    )

    assert opens(somebody.account, opaque(typed))
    assert sign_in(client, somebody.account, typed).status_code == 302


def test_an_outage_is_nobodys_wrong_password(
    client: Client, active: Make, slapd: Slapd
) -> None:
    somebody = active()
    slapd.kill()

    for _ in range(5):
        answer = sign_in(client, somebody.account, OWN)
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert "not your fault" in page_of(answer)

    slapd.start()
    assert sum(Attempts.objects.values_list("failures", flat=True)) == 0
    assert sign_in(client, somebody.account, OWN).status_code == 302


# --- where to, and out again ------------------------------------------------------


@pytest.mark.parametrize("page", ["/recovery/", "/password/change/", "/journey/?a=b"])
def test_whoever_had_to_sign_in_is_back_where_they_were(
    client: Client, active: Make, page: str
) -> None:
    somebody = active()

    assert sign_in(client, somebody.account, OWN, next=page)["Location"] == page


@pytest.mark.parametrize(
    "page",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example",
        "\\\\elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "elsewhere",
        "signin:sign_out",
        "/sign-out/",
        "/sign-in/",
        "/session/stay/",
        "/no/such/page/",
        "/journey/\r\nSet-Cookie: a=b",
        "http://testserver/journey/",
        "",
    ],
)
def test_nobody_is_led_anywhere_else(client: Client, active: Make, page: str) -> None:
    somebody = active()

    assert sign_in(client, somebody.account, OWN, next=page)["Location"] == JOURNEY
    assert client.get("/sign-in/", {"next": page})["Location"] == JOURNEY


def test_the_page_to_come_back_to_survives_a_refusal(
    client: Client, active: Make
) -> None:
    somebody = active()
    answer = sign_in(
        client, somebody.account, "nothing of that kind", next="/recovery/"
    )

    assert 'name="next" value="/recovery/"' in page_of(answer)


def test_signing_in_needs_the_token_and_gives_a_new_key(active: Make) -> None:
    somebody = active()
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, somebody.account, OWN).status_code == 403
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()

    sign_in(client, somebody.account, OWN)

    assert client.session.session_key != session.session_key


def test_signing_out_ends_the_session_on_the_server(
    client: Client, active: Make
) -> None:
    somebody = active()
    sign_in(client, somebody.account, OWN)
    stolen = Client()
    stolen.cookies["sessionid"] = str(client.session.session_key)
    assert client.get("/sign-out/").status_code == 405
    assert who(client) is not None

    assert client.post("/sign-out/")["Location"] == "/"

    assert stolen.get("/recovery/").status_code == 302


# --- documents --------------------------------------------------------------------


def test_a_new_version_of_a_document_is_agreed_to_before_going_on(
    client: Client, active: Make, settings: Any
) -> None:
    somebody = active()
    settings.TERMS_VERSION = "2027-04"
    sign_in(client, somebody.account, OWN)

    assert client.get(JOURNEY)["Location"] == "/consent/"
    assert client.get("/consent/").status_code == 200
    assert client.post("/consent/", {}).status_code == 422
    assert terms.missing(person=somebody.person.pk)
    assert client.post("/consent/", {"agree": "on"})["Location"] == JOURNEY
    assert client.post("/consent/", {"agree": "on"})["Location"] == JOURNEY

    versions = Acceptance.objects.filter(person=somebody.person, document="terms")
    assert set(versions.values_list("version", flat=True)) == {"2026-09-01", "2027-04"}


# --- changing the password --------------------------------------------------------


NEW = "moos am fels neun"


def changed(client: Client, old: str, new: str) -> HttpResponse:
    sent = {"password": old, "new_password": new}
    return client.post("/password/change/", sent)  # type: ignore[return-value]


def test_a_changed_password_holds_and_the_old_one_is_dead(
    client: Client, active: Make
) -> None:
    somebody = active()
    sign_in(client, somebody.account, OWN)

    assert changed(client, OWN, NEW)["Location"] == "/password/changed/"

    assert client.get("/password/changed/").status_code == 200
    assert opens(somebody.account, NEW)
    assert not opens(somebody.account, OWN)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("nothing of that kind", NEW, "This is not your current password."),
        (OWN, "short", "Use at least 12 characters"),
        (OWN, "Sondermann tanzt gern", "Leave out your own names."),
        (OWN, OWN, "You have had this password before"),
        (OWN, "", "Choose a password."),
    ],
)
def test_a_change_that_is_refused_says_why_and_changes_nothing(
    client: Client, active: Make, old: str, new: str, told: str
) -> None:
    somebody = active()
    sign_in(client, somebody.account, OWN)

    answer = changed(client, old, new)

    assert answer.status_code == 422
    assert told in page_of(answer)
    assert opens(somebody.account, OWN)
    assert "tanzt" not in page_of(answer)


def test_guessing_at_an_open_session_runs_into_the_same_waits(
    client: Client, active: Make
) -> None:
    somebody = active()
    sign_in(client, somebody.account, OWN)
    for _ in range(3):
        changed(client, "nothing of that kind", NEW)

    assert changed(client, OWN, NEW).status_code == 429
    assert sign_in(Client(), somebody.account, OWN).status_code == 429


def test_a_change_whose_answer_was_lost_can_be_sent_again(active: Make) -> None:
    somebody = active()
    passwords.replace(entry=gateway.person(somebody.account), old=OWN, new=NEW)

    change.change(person=somebody.person, old=OWN, new=NEW, at=timezone.now())

    assert Event.objects.filter(what="password_changed").count() == 1


def test_password_managers_find_the_page_to_change() -> None:
    assert (
        Client().get("/.well-known/change-password")["Location"] == "/password/change/"
    )
