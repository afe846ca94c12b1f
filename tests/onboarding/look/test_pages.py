from http import HTTPStatus

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from onboarding.look.errors import directory_silent
from onboarding.look.middleware import led_to_the_button, quiet_headers

PUBLIC = ["/first-steps/", "/help/", "/terms/", "/privacy/", "/accessibility/"]


def quietly(request: HttpRequest, **headers: str) -> HttpResponse:
    return quiet_headers(lambda _request: HttpResponse(headers=headers))(request)


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["de", "en"])
def test_anybody_reads_the_public_pages_and_no_table_is_asked(
    client: Client, path: str, language: str
) -> None:
    # No database in this test: a query would be an error.
    page = client.get(path, headers={"accept-language": language})

    assert page.status_code == HTTPStatus.OK
    html = page.content.decode()
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert settings.HELP_DESK_MAIL in html or path not in {"/help/", "/first-steps/"}


def test_the_documents_say_which_version_holds(client: Client) -> None:
    assert settings.TERMS_VERSION in client.get("/terms/").content.decode()
    assert settings.PRIVACY_VERSION in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "405", "500", "503"])
def test_a_page_for_mistakes_needs_nothing_to_be_drawn(name: str) -> None:
    with override("en"):
        html = render_to_string(f"{name}.html")

    assert html.count("<h1") == 1
    assert "csrfmiddlewaretoken" not in html


def test_a_directory_that_is_silent_is_said_as_such() -> None:
    with override("en"):
        page = directory_silent(RequestFactory().get("/sign-in/"))

    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert int(page["Retry-After"]) > 0
    assert "The account directory does not answer." in page.content.decode()
    assert 'href="/sign-in/"' in page.content.decode()


@pytest.mark.parametrize(
    ("referer", "again"),
    [
        ("http://testserver/library/7/?recorded=1", "/library/7/"),
        ("http://elsewhere.example/library/7/", "/library/7/record/"),
        ("", "/library/7/record/"),
    ],
)
def test_what_was_sent_in_vain_is_tried_again_where_its_button_is(
    referer: str, again: str
) -> None:
    sent = RequestFactory().post("/library/7/record/", headers={"referer": referer})

    assert f'href="{again}"' in directory_silent(sent).content.decode()


@pytest.mark.parametrize(
    ("act", "page"),
    [
        ("/sign-out/", "/"),
        ("/i18n/setlang/", "/"),
        ("/mail/code/send/", "/mail/code/"),
        ("/library/7/record/", "/library/7/"),
    ],
)
def test_whoever_looks_at_the_address_of_a_button_is_led_to_it(
    act: str, page: str
) -> None:
    def refuse(_request: HttpRequest) -> HttpResponse:
        return HttpResponseNotAllowed(["POST"])

    with override("en"):
        shown = led_to_the_button(refuse)(RequestFactory().get(act))
        sent = led_to_the_button(refuse)(RequestFactory().put(act))

    assert (shown.status_code, shown["Allow"]) == (405, "POST")
    assert f'href="{page}"><span class="kern-label">To the page' in (
        shown.content.decode()
    )
    assert (sent.status_code, sent.content) == (405, b"")


def test_a_personal_page_is_kept_nowhere() -> None:
    request = RequestFactory().get("/journey/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"

    assert quietly(request)["Cache-Control"] == "no-store"
    assert quietly(RequestFactory().post("/activate/"))["Cache-Control"] == "no-store"


def test_a_public_page_is_kept_by_the_browser_alone() -> None:
    page = quietly(RequestFactory().get("/help/"))

    assert page["Cache-Control"] == "private, no-cache"
    assert "camera=()" in page["Permissions-Policy"]
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_page_may_say_otherwise() -> None:
    page = quietly(RequestFactory().get("/"), **{"Permissions-Policy": "camera=(self)"})

    assert page["Permissions-Policy"] == "camera=(self)"


def test_a_telephone_can_dial_the_help_desk(client: Client) -> None:
    page = client.get("/help/").content.decode()

    assert 'href="tel:+4941310000"' in page
