import re
from enum import Enum

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override


@pytest.fixture(autouse=True)
def _english() -> object:
    with override("en"):
        yield


def drawn(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


class Signing(forms.Form):
    account = forms.CharField(
        label="User name",
        help_text="It stands in your letter.",
        error_messages={"required": "Enter your user name."},
    )
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    mail = forms.EmailField(label="Private e-mail", required=False)
    way = forms.ChoiceField(
        label="Way",
        choices=[("a", "Tutor"), ("b", "Library")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="I agree.")


def test_a_field_has_its_label_hint_and_error_tied_to_it() -> None:
    html = Signing({})["account"].as_field_group()

    assert '<label class="kern-label" for="id_account">User name' in html
    assert 'id="id_account_helptext"' in html
    assert 'id="id_account_error"' in html
    assert 'aria-describedby="id_account_helptext id_account_error"' in html
    assert 'aria-invalid="true"' in html


def test_what_may_be_left_out_is_marked_and_the_browser_refuses_nothing() -> None:
    form = Signing()

    assert "(optional)" in form["mail"].as_field_group()
    assert "(optional)" not in form["account"].as_field_group()
    assert " required" not in str(form)


def test_a_password_can_be_shown_and_is_not_sent_back() -> None:
    html = Signing({"password": "kiesel"})["password"].as_field_group()

    assert "data-reveal" in html
    assert "kiesel" not in html


def test_one_of_several_is_asked_with_a_legend() -> None:
    html = Signing()["way"].as_field_group()

    assert "<fieldset" in html
    assert '<label class="kern-label" for="id_way_1">Library</label>' in html


def test_the_summary_leads_to_each_field_in_the_words_that_stand_there() -> None:
    form = Signing({"mail": "no address", "password": "x"})
    form.add_error(None, "They do not fit together.")

    html = drawn("{% error_summary %}", form=form)

    assert '<a href="#id_account">Enter your user name.</a>' in html
    assert 'href="#id_way_0"' in html
    assert "<li>They do not fit together.</li>" in html
    assert "data-errors" in html


def test_a_form_without_mistakes_has_no_summary() -> None:
    assert drawn("{% error_summary %}", form=Signing()).strip() == ""
    assert drawn("{% error_summary %}").strip() == ""


def test_a_notice_says_what_it_is_given_and_escapes_it() -> None:
    html = drawn(
        '{% notice "warning" title level=2 %}<p>{{ text }}</p>{% endnotice %}',
        title="Until <Monday>",
        text="<script>",
    )

    assert "notice--warning" in html
    assert '<h2 class="notice__title">Until &lt;Monday&gt;</h2>' in html
    assert "<p>&lt;script&gt;</p>" in html


class Standing(Enum):
    DONE = "done"
    HERE = "here"
    WAITING = "waiting"
    LATER = "later"
    PROBLEM = "problem"


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.DONE, "Done"),
        (Standing.HERE, "Your turn"),
        (Standing.WAITING, "We are on it"),
        (Standing.LATER, "Not yet"),
        (Standing.PROBLEM, "There is a problem"),
    ],
)
def test_a_station_says_in_words_how_it_stands(standing: Standing, said: str) -> None:
    html = drawn('{% station now "Open your e-mail" %}{% endstation %}', now=standing)

    assert words(html).replace("! ", "") == f"Open your e-mail {said}"
    assert ('aria-current="step"' in html) == (standing is Standing.HERE)


def test_an_optional_station_is_nobodys_turn() -> None:
    html = drawn('{% station "here" "A way back in" extra=True %}{% endstation %}')

    assert words(html) == "A way back in Whenever you like (optional)"
    assert "aria-current" not in html


def test_pages_of_a_list_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/imports/", {"kind": "new", "page": "2"})
    page = Paginator(range(30), 10).get_page(2)

    source = Template("{% pagination page %}")
    html = source.render(RequestContext(request, {"page": page}))

    assert 'rel="next" href="?kind=new&amp;page=3"' in html
    assert '<span aria-current="page">' in html


def test_a_list_of_one_page_has_no_pages() -> None:
    page = Paginator(range(3), 10).get_page(1)

    assert drawn("{% pagination page %}", page=page).strip() == ""


def test_the_rule_of_length_knows_the_numbers_in_force(settings: object) -> None:
    settings.PASSWORD_LEAST, settings.PASSWORD_MOST = 15, 64  # type: ignore[attr-defined]

    live = drawn('{% rule "length" %}15 to 64 characters{% endrule %}')
    ours = drawn('{% rule "common" %}None that everybody uses{% endrule %}')

    assert 'data-rule="length" data-least="15" data-most="64"' in live
    assert "data-rule" not in ours


def test_what_is_drawn_once_is_drawn_in_each_language() -> None:
    assert "Copied" in drawn('{% copyable "lg1300001" %}')
    with override("de"):
        assert "Copied" not in drawn('{% copyable "lg1300001" %}')
    assert "lg1300002" in drawn('{% copyable "lg1300002" %}')
