"""The journal of one person, in words: who did what, when, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.journal.models import Event
from accounts.journal.record import Fact
from onboarding.journey.acts import (
    ADMINISTRATION,
    BODIES,
    PLACES,
    PORTAL,
    TOLD,
    WISHES,
    YOU,
    Told,
)
from onboarding.journey.path import PATH
from onboarding.journey.step import Text

LINES_A_PAGE = 25
# A row of a version that knew more.
_WORDLESS = Told(_("Something was noted for which this page has no words."))
# Facts that are keys have words.
_WORDS: Mapping[str, Mapping[str, Text]] = {
    "step": {step.key: step.title for step in PATH},
    "wish": WISHES,
    "body": BODIES,
}


@dataclass(frozen=True)
class Line:
    """One act, in words."""

    at: datetime
    sentence: str
    who: Promise
    why: str = ""


class _Facts(dict[str, Fact | Text]):
    """An act's facts; what it does not say is left open."""

    def __missing__(self, _name: str) -> str:
        return "…"


def history(*, person: int, page: str | None) -> Page[Event]:
    """Give one page of what happened to a person (id), newest first.

    Two questions, however long it is. ``told`` puts a row into words.
    """
    mine = Event.objects.filter(whom=person).order_by("-at", "-id")
    return Paginator(mine, LINES_A_PAGE).get_page(page)


def told(event: Event) -> Line:
    """Put one act into words; colleagues are named by what they do here."""
    how = TOLD.get(event.what, _WORDLESS)
    facts = _Facts(
        {
            name: _WORDS.get(name, {}).get(fact, fact)
            for name, fact in event.facts.items()
        }
    )
    sentence = str(how.sentence) % facts
    why = str(how.why.get(event.why, "")) % facts
    return Line(event.at, sentence, _who(event, how), why)


def _who(event: Event, how: Told) -> Promise:
    if event.who_id is None:
        # What student administration told is its word, whoever brought it in.
        return ADMINISTRATION if how.desk is ADMINISTRATION else PORTAL
    if event.who_id == event.whom_id:
        return YOU
    return PLACES.get(event.facts.get("place", ""), how.desk)
