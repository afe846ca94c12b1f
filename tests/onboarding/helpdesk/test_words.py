"""An agent reads names instead of codes, and numbers and dates as people write them."""

import pytest
from django.template import Context, Template
from django.utils import translation

from accounts.catalogue.entitlement import ALL
from onboarding.helpdesk import born
from onboarding.helpdesk.systems import _service_named


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_service_of_the_directory_has_the_name_of_its_page(language: str) -> None:
    with translation.override(language):
        named = {_service_named(one) for one in ALL}

    assert named & set(ALL) == set()
    assert len(named) == len(ALL)


@pytest.mark.parametrize(
    ("language", "words"), [("de", "27. Februar 2006"), ("en", "27 February 2006")]
)
def test_a_date_of_birth_is_compared_in_words(language: str, words: str) -> None:
    with translation.override(language):
        assert born.in_words("2006-02-27") == words
        assert [born.in_words(odd) for odd in ("2006", "")] == ["2006", ""]


@pytest.mark.parametrize(("language", "words"), [("de", "1.500"), ("en", "1,500")])
def test_a_board_of_thousands_can_be_read(language: str, words: str) -> None:
    figure = Template('{% include "watch/figure.html" with value=1500 words="all" %}')

    with translation.override(language):
        assert f"<strong>{words}</strong>" in figure.render(Context())
