"""``make manage CMD=second_factor_codes``: what the demo's authenticator apps show."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from onboarding.demo.second_factor import code_of, needs_one, secret_of
from onboarding.demo.staff import STAFF


class Command(BaseCommand):
    """Prints each colleague's code of the moment, and the key for an app of yours."""

    help = __doc__

    def handle(self, *_: Any, **__: Any) -> None:
        """Print a table; a code is good for half a minute, and once."""
        moment = now()
        self.stdout.write(f"  {'User name':<15}{'Code':<8}Key for an app")
        for one in filter(needs_one, STAFF):
            code = code_of(one.account, at=moment)
            self.stdout.write(f"  {one.account:<15}{code:<8}{secret_of(one.account)}")
