"""The tests: real servers, whose addresses the fixtures put in."""

from onboarding.settings.base import *  # noqa: F403
from onboarding.settings.base import INSTALLED_APPS, ROOT, STATE_DIR

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
DEMO = True
DEMO_MAIL_DIR = STATE_DIR / "mail"
INSTALLED_APPS = [*INSTALLED_APPS, "onboarding.demo.apps.DemoConfig"]
MOODLE_PAGE_URL = "https://moodle.leuphana.example/"
TICKET_URL_TEMPLATE = "https://tickets.leuphana.example/{number}"
SERVICES_FILE = str(ROOT / "onboarding/demo/services.toml")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
