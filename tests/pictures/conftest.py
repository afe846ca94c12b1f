"""The camera, on a portal that runs."""

import pytest

from onboarding.demo.servers.slapd import Slapd
from tests.pictures.browsing import Camera
from tests.pictures.campus_world import campus_world
from tests.pictures.world import make_world
from tests.services.campus import Campus
from tests.services.chromium import Browse
from tests.services.portal import Portal


@pytest.fixture
def camera(portal: Portal, slapd: Slapd, browse: Browse) -> Camera:
    """Give a browser and a university in which every page has something to show."""
    return Camera(browse=browse, world=make_world(slapd), home=portal.url)


@pytest.fixture
def campus_camera(campus: Campus, browse: Browse) -> Camera:
    """Give a browser where Moodle and the library's systems are asked, too."""
    return Camera(browse=browse, world=campus_world(), home=campus.portal.url)
