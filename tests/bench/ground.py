"""A portal to measure: private servers and a database of its own."""

import warnings

import django
from django.core.management import call_command
from django.db import connection

from tests.services import surroundings  # noqa: F401 - chooses the servers' addresses


def lay() -> None:
    """Set Django up; the servers' addresses are chosen already."""
    # ldap3 asks pyasn1 for names that pyasn1 would rather see spelt otherwise.
    warnings.simplefilter("ignore", DeprecationWarning)
    django.setup()


def empty_database() -> None:
    """Give the portal its tables, with nobody in them."""
    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    connection.close()
