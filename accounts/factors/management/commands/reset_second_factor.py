"""``manage.py reset_second_factor``: a way back where no lead is left to give one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.factors.keeping import help_back
from accounts.people.models import Person


class Command(BaseCommand):
    """Removes somebody's second factors; prints the code for setting up a new one."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user name."""
        parser.add_argument("account", help="the user name, as the directory has it")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it for whoever has a second factor here."""
        account = options["account"]
        person = Person.objects.filter(account_name=account).first()
        if person is None or not person.factors.exists():
            message = f"{account} has set up no second factor here."
            raise CommandError(message)
        code = help_back(person=person, by=None, check="console", at=timezone.now())
        self.stdout.write(f"The code, good for a day and once: {code}")
