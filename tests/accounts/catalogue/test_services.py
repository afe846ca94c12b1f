"""The services of the university: every row, and the file that says where they are."""

from contextlib import suppress
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.catalogue.contacts import CONTACTS
from accounts.catalogue.offer import SERVICES
from accounts.catalogue.service import Account, Link, Service, Target
from accounts.catalogue.services_file import OFFERED, ServicesFileRefused, read
from accounts.catalogue.shown import check_services_file, service, services
from onboarding.settings.base import ROOT

COLLEGE, NOBODY = frozenset({"College"}), frozenset[str]()


def one(key: str, text: str) -> Service:
    (found,) = [one for one in read(text) if one.key == key]
    return found


def test_every_row_of_the_table_is_offered_with_its_account() -> None:
    assert {one.key: one.account for one in SERVICES} == {
        "account": Account.LEUPHANA,
        "wifi": Account.LEUPHANA,
        "vpn": Account.LEUPHANA,
        "mystudy": Account.MYSTUDY,
        "moodle": Account.MYSTUDY,
        "qis": Account.LEUPHANA,
        "card": Account.NONE,
        "email": Account.LEUPHANA_OR_OWN_PASSWORD,
        "chat": Account.LEUPHANA,
        "lux": Account.LIBRARY,
        "printing": Account.LEUPHANA_AND_CARD,
        "storage": Account.LEUPHANA,
        "other": Account.NONE,
        "brochure": Account.NONE,
    }
    assert {
        one.key for one in SERVICES if one.instructions and one.instructions.intranet
    }
    assert len({one.key for one in CONTACTS if one.key.startswith("dean")}) == 5


def test_every_key_is_one_and_who_helps_exists() -> None:
    assert len(OFFERED) == len(SERVICES) + len(CONTACTS)
    assert {one.support for one in OFFERED.values()} <= {one.key for one in CONTACTS}


@pytest.mark.parametrize(
    ("schools", "hidden"),
    [
        ({"College"}, {"graduate-school", "professional-school"}),
        ({"Graduate School"}, {"college", "professional-school"}),
        (
            {"Professional School"},
            {"mystudy", "moodle", "mystudy-support", "college", "graduate-school"},
        ),
        ({"College", "Professional School"}, {"graduate-school"}),
        (set(), set()),
    ],
)
def test_rows_are_for_whom_they_apply(schools: set[str], hidden: set[str]) -> None:
    mine = frozenset(schools)

    not_mine = {
        one.key
        for one in OFFERED.values()
        if not one.applies(schools=mine, faculties=NOBODY)
    }

    assert not_mine == hidden


def test_a_student_has_the_dean_of_the_own_faculty_also_by_its_old_name() -> None:
    had = frozenset({"Culture and Society"})

    deans = [
        one.key
        for one in CONTACTS
        if one.key.startswith("dean") and one.applies(schools=COLLEGE, faculties=had)
    ]

    assert deans == ["dean-humanities"]


def test_a_page_in_another_language_says_so() -> None:
    german = Link(de="https://x.example/de")

    assert german.target("de") == Target("https://x.example/de")
    assert german.target("en") == Target("https://x.example/de", foreign="de")
    assert Link().target("de") is None


def test_the_file_says_where_pages_are_and_keeps_the_rest() -> None:
    text = """
    [wifi]
    instructions = { de = "https://intranet.example/wlan" }
    open = "https://wifi.example/"
    [qis]
    name = { de = "myCampus (QIS)", en = "myCampus" }
    support = "info-portal"
    [info-portal]
    mail = "info@x.example"
    """
    wifi, qis = one("wifi", text), one("qis", text)

    # It stays in the intranet, as nobody said otherwise.
    assert wifi.instructions == Link(de="https://intranet.example/wlan", intranet=True)
    assert wifi.open == Link(de="https://wifi.example/", en="https://wifi.example/")
    assert wifi.why == OFFERED["wifi"].why
    assert qis.support == "info-portal"
    assert one("info-portal", text).mail == "info@x.example"
    with override("de"):
        assert str(qis.title) == "myCampus (QIS)"
    with override("en"):
        assert str(qis.title) == "myCampus"


def test_what_a_university_does_not_have_is_not_shown() -> None:
    assert "chat" not in {one.key for one in read("[chat]\nhidden = true")}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[wifi", "not valid TOML"),
        ("[beer]\nopen = 'https://x.example'", "“beer” is no service"),
        ("wifi = 3", "must be a table"),
        ("[wifi]\nurl = 'https://x.example'", "wifi.url is not known"),
        ("[wifi]\nopen = 'x.example'", "“x.example” is no address"),
        ("[wifi]\nopen = 'javascript:alert(1)'", "is no address"),
        ("[wifi]\nopen = 'https://x.example/\"><b>'", "is no address"),
        ("[wifi]\nopen = 3", "wifi.open must be an address"),
        ("[wifi]\nopen = { fr = 'https://x.example' }", "must be an address"),
        ("[wifi]\nopen = { de = 3 }", "“3” is no address"),
        ("[wifi]\nopen = { intranet = 'yes' }", "intranet must be true or false"),
        ("[wifi]\nname = { de = 'WLAN' }", "must be words in both languages"),
        ("[wifi]\nnote = { de = '', en = 'x' }", "must be words in both languages"),
        ("[wifi]\nsupport = 'wifi'", "wifi.support must be one of"),
        ("[wifi]\nsupport = []", "wifi.support must be one of"),
        ("[miz]\nmail = 'nobody'", "must be an e-mail address"),
        ("[miz]\nmail = 'A <a@x.example>'", "must be an e-mail address"),
        ("[wifi]\nhidden = 1", "must be true or false"),
    ],
)
def test_what_is_wrong_with_the_file_is_said_in_words(text: str, word: str) -> None:
    with pytest.raises(ServicesFileRefused) as refused:
        read(text)

    assert [word in fault for fault in refused.value.faults] == [True]
    assert refused.value.faults[0].endswith(".")


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["de", "en", "intranet", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def _toml(value: object) -> str:
    match value:
        case None:
            return "[]"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            inside = "".join(sign for sign in value if sign.isprintable())
            return f'"{inside.replace(chr(92), "").replace(chr(34), "")}"'
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            pairs = (f"{name} = {_toml(inner)}" for name, inner in value.items())
            return f"{{ {', '.join(pairs)} }}"
    raise TypeError


@given(
    entry=st.sampled_from(
        ["open", "more", "name", "note", "support", "mail", "hidden", "odd"]
    ),
    value=_values,
)
def test_no_file_breaks_more_than_itself(entry: str, value: object) -> None:
    with suppress(ServicesFileRefused):
        read(f"[wifi]\n{entry} = {_toml(value)}")


def test_the_demos_own_file_is_good_and_documents_every_kind_of_entry() -> None:
    text = (ROOT / "onboarding/demo/services.toml").read_text(encoding="utf-8")

    assert read(text)
    for entry in ("open", "more", "instructions", "mail", "note", "name"):
        assert f"\n{entry} = " in text


def test_a_bad_file_is_named_at_the_start_and_breaks_no_page(tmp_path: Path) -> None:
    file = tmp_path / "services.toml"
    file.write_text("[wifi]\nopen = 'nowhere'", encoding="utf-8")

    with override_settings(SERVICES_FILE=str(file)):
        (error,) = check_services_file()
        wifi = service("wifi")

    assert "wifi.open" in str(error.msg)
    assert wifi is not None
    assert wifi.open is None


def test_a_file_that_is_not_there_is_named_at_the_start() -> None:
    with override_settings(SERVICES_FILE="/nonexistent/services.toml"):
        (error,) = check_services_file()

    assert "/nonexistent/services.toml cannot be read" in str(error.msg)


def test_other_settings_fill_what_the_file_leaves_open() -> None:
    with override_settings(
        SERVICES_FILE="",
        MAIL_WEB_URL="https://mail.x.example/",
        HELP_DESK_MAIL="help@x.example",
    ):
        by_key = {one.key: one for one in services()}

    mail = by_key["email"].open
    assert mail is not None
    assert mail.de == "https://mail.x.example/"
    assert by_key["miz"].mail == "help@x.example"
