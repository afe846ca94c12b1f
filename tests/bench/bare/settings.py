"""A Django project with nothing in it but sessions, a user and one small page."""

from onboarding.settings import base

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = base.DATABASES
AUTH_USER_MODEL = base.AUTH_USER_MODEL
DEFAULT_AUTO_FIELD = base.DEFAULT_AUTO_FIELD
# Django's own, whatever the portal has.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "tests.bench.bare.page"
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "accounts.people.apps.PeopleConfig",
    "accounts.journal.apps.JournalConfig",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {"page.html": "<h1>{{ user }}</h1><p>{{ user.account_name }}</p>"},
                )
            ]
        },
    }
]
