"""The demo that `make run` shows: plain HTTP on loopback, mail on a page."""

from onboarding.settings import environment as env
from onboarding.settings.base import *  # noqa: F403
from onboarding.settings.base import (
    INSTALLED_APPS,
    MOODLE_PAGE_URL,
    ROOT,
    STATE_DIR,
    TICKET_URL_TEMPLATE,
)

DEMO = True
SECRET_KEY = env.secret("SECRET_KEY")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [*INSTALLED_APPS, "onboarding.demo.apps.DemoConfig"]
DEMO_MAIL_DIR = STATE_DIR / "mail"
MOODLE_PAGE_URL = MOODLE_PAGE_URL or "https://moodle.leuphana.example/"
TICKET_URL_TEMPLATE = TICKET_URL_TEMPLATE or "https://tickets.leuphana.example/{number}"
SERVICES_FILE = env.text("SERVICES_FILE", str(ROOT / "onboarding/demo/services.toml"))
