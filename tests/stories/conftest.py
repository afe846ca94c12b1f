"""What stories begin with."""

from typing import Protocol

import pytest
from playwright.sync_api import expect

from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from tests.services.campus import Campus
from tests.services.chromium import PHONE, Browse, Language, Scheme, Screen
from tests.services.portal import Portal
from tests.stories.newcomers import Newcomer, a_newcomer
from tests.stories.visitor import Visitor

# Other tests may keep the machine busy; nothing waits so long on a quiet one.
expect.set_options(timeout=15_000)


class Visit(Protocol):
    """Lets somebody come to the portal with a window of their own."""

    def __call__(
        self,
        *,
        screen: Screen = PHONE,
        language: Language = "de",
        scheme: Scheme = "light",
        javascript: bool = True,
    ) -> Visitor: ...


@pytest.fixture
def visit(portal: Portal, browse: Browse) -> Visit:
    return visiting(portal.url, browse)


@pytest.fixture
def visit_campus(campus: Campus, browse: Browse) -> Visit:
    return visiting(campus.portal.url, browse)


def visiting(home: str, browse: Browse) -> Visit:
    def visit(
        *,
        screen: Screen = PHONE,
        language: Language = "de",
        scheme: Scheme = "light",
        javascript: bool = True,
    ) -> Visitor:
        page = browse(
            screen=screen, language=language, scheme=scheme, javascript=javascript
        )
        return Visitor(page=page, language=language, home=home)

    return visit


@pytest.fixture
def newcomer(portal: Portal) -> Newcomer:
    """Give a student whose letter came today."""
    return a_newcomer()


@pytest.fixture
def colleagues(slapd: Slapd) -> None:
    """Seat one colleague per role in the directory; ``staff.PASSWORD`` is theirs."""
    staff.seat(slapd)
