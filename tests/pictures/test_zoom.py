"""What stands in the keyboard's way, or has no room, would be found."""

import pytest

from tests.pictures.zoom import walked, with_large_letters, without_room
from tests.services.chromium import ZOOMED, Browse

pytestmark = pytest.mark.story

PAGE = """
<style>
    body {{ margin: 2rem; background: #fff }}
    :focus-visible {{ outline: 3px solid #000; outline-offset: 2px }}
</style>
<a class="skip" href="#main">Skip</a>
<main id="main" tabindex="-1">{}</main>
"""
SOUND = """
<p><a href="#a">One</a> <button>Two</button></p>
<label>When <input type="date"></label>
<label><input type="radio" name="way"> by day</label>
<label><input type="radio" name="way"> by night</label>
<p style="position: absolute; width: 1px; height: 1px; overflow: hidden">Read out</p>
"""
IN_THE_WAY = {
    '<div style="height: 60rem"></div><a href="#a">Low</a>'
    '<div style="position: fixed; inset: auto 0 0; height: 90%; background: #ccc">Bar'
    "</div>": "covered by",
    '<button style="outline: 0">Bare</button>': "looks the same with the focus",
    '<button style="outline-color: #ddd">Pale</button>': "has no outline to be seen",
    '<div style="width: 4rem; overflow: hidden"><button style="width: 100%">'
    "Cut</button></div>": "has its outline cut off",
    '<p style="display: flex; flex-direction: column-reverse"><a href="#a">Low</a>'
    '<a href="#b">High</a></p>': "comes after",
    '<input onkeydown="event.preventDefault()"><a href="#a">Out</a>': "is not reached",
    "<input data-search>": "The key of the search field does not lead there",
}
NO_ROOM = {
    '<p style="width: 900px">Wide</p>': "The page is wider than the window",
    '<p>Under</p><p style="margin-top: -2.2rem">Over</p>': "lies over",
    '<button style="width: 3rem; white-space: nowrap">Many words</button>': "leaves",
    '<p style="height: 1rem; overflow: hidden">One line<br>and another</p>': "cut off",
}


def test_a_sound_page_has_nothing_to_find(browse: Browse) -> None:
    page = browse(screen=ZOOMED)
    page.set_content(PAGE.format(SOUND))

    assert walked(page) + without_room(page) + with_large_letters(page) == []


def test_what_is_in_the_way_of_the_keyboard_would_be_found(browse: Browse) -> None:
    page = browse(screen=ZOOMED)
    for content, fault in IN_THE_WAY.items():
        page.set_content(PAGE.format(content))
        found = walked(page)
        assert any(fault in one for one in found), (content, found)


def test_a_page_without_a_way_past_its_head_would_be_found(browse: Browse) -> None:
    page = browse(screen=ZOOMED)
    page.set_content('<button>One</button><main id="main" tabindex="-1">Words</main>')

    assert walked(page)[-2:] == [
        "The first stop is no way to the content",
        "The first stop does not lead to the content",
    ]


def test_what_has_no_room_would_be_found(browse: Browse) -> None:
    page = browse(screen=ZOOMED)
    for content, fault in NO_ROOM.items():
        page.set_content(PAGE.format(content))
        found = without_room(page)
        assert any(fault in one for one in found), (content, found)


def test_what_has_no_room_for_large_letters_would_be_found(browse: Browse) -> None:
    page = browse(screen=ZOOMED)
    page.set_content(
        PAGE.format('<p style="width: 20rem; height: 30px; overflow: hidden">Words</p>')
    )

    assert without_room(page) == []
    assert any("is cut off" in one for one in with_large_letters(page))
