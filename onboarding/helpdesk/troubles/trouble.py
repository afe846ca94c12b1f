"""What a trouble is: why something is stuck, what to say, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import override

from onboarding.cards.amounts import euros
from onboarding.helpdesk.offers import Remedy
from onboarding.journey.acts import BODIES

Args = Mapping[str, object]


class Cents(int):
    """An amount, written as each language writes it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble that somebody has now, in the desk's words.

    ``say`` is for the student, in both languages beside each other. ``remedy`` is what
    ends it from here, ``body`` (a key of the catalogue's contacts) who else has to act.
    """

    key: str
    title: Promise
    why: Promise
    say: Promise
    next_step: Promise
    remedy: Remedy | None = None
    body: str = ""
    args: Args = field(default_factory=dict)
    # Good to know, but nothing is stuck.
    mild: bool = False

    @property
    def body_name(self) -> Promise | str:
        """Name whoever else has to act."""
        return BODIES.get(self.body, "")

    @property
    def because(self) -> str:
        """Answer why this is stuck, in the reader's language."""
        return _filled(self.why, self.args)

    @property
    def german(self) -> str:
        """Give the sentence to say in German."""
        return self._said("de")

    @property
    def english(self) -> str:
        """Give the sentence to say in English."""
        return self._said("en")

    def _said(self, language: str) -> str:
        with override(language):
            return _filled(self.say, self.args)


def _filled(text: Promise, args: Args) -> str:
    return str(text) % {name: _shown(value) for name, value in args.items()}


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, Cents):
        return euros(value)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value)
