"""Mails go over the wire here, as in real life."""

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _over_the_wire(settings: LazySettings) -> None:
    # pytest-django keeps mails in memory otherwise.
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
