"""One page about one person: steps and turns, troubles, systems, timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.journal.models import Event
from onboarding.helpdesk import checks
from onboarding.helpdesk.looks import LOOKED, Reason
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.tickets import address_of
from onboarding.journey.history import told
from onboarding.journey.path import Station
from onboarding.journey.step import Standing
from onboarding.journey.summary import summary

LINES_A_PAGE = 20
STANDINGS: Mapping[Standing, Promise] = {
    Standing.DONE: _("Done"),
    Standing.HERE: _("To be done"),
    Standing.WAITING: _("Under way"),
    Standing.LATER: _("Not yet"),
    Standing.PROBLEM: _("Stuck"),
}
TURNS: Mapping[Standing, Promise] = {
    Standing.DONE: _("nobody’s"),
    Standing.HERE: _("the person’s"),
    Standing.WAITING: _("the portal’s"),
    Standing.LATER: _("nobody’s yet"),
    Standing.PROBLEM: _("ours"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: how far, whose turn, on what evidence."""

    station: Station
    since: datetime | None

    @property
    def standing(self) -> Promise:
        """Say how far it is."""
        return STANDINGS[self.station.now.standing]

    @property
    def turn(self) -> Promise:
        """Say whose turn it is."""
        return TURNS[self.station.now.standing]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One act: in the words that its owner reads, and with what the desk adds."""

    at: datetime
    sentence: str
    who: str
    why: str
    # The ticket that it was done for, and where that is.
    ticket: str = ""
    ticket_url: str = ""
    # The closed account that it happened to, where it was not this one.
    account: str = ""


def steps(seen: Seen) -> list[StepLine]:
    """Give the steps of the person's way, with their evidence."""
    rows = summary(person=seen.person, facts=seen.facts, way=seen.way)
    return [StepLine(row.station, row.since) for row in rows]


def timeline(*, accounts: Sequence[int], page: str | None) -> Page[Event]:
    """Give one page of what happened to a person's accounts (ids), newest first."""
    rows = Event.objects.filter(whom__in=accounts).select_related("who", "whom")
    return Paginator(rows.order_by("-at", "-id"), LINES_A_PAGE).get_page(page)


def in_words(event: Event, *, person: int) -> TimeLine:
    """Put one act into words, on a person's (id's) page; here colleagues have names."""
    line = told(event)
    mine = event.who_id in {None, event.whom_id}
    who = str(line.who if mine else event.who)
    ticket = str(event.facts.get("ticket", ""))
    return TimeLine(
        at=event.at,
        sentence=line.sentence,
        who=who,
        why=_why(event),
        ticket=ticket,
        ticket_url=address_of(ticket),
        account=_other_account(event, person),
    )


def _other_account(event: Event, person: int) -> str:
    other = event.whom is not None and event.whom.pk != person
    return event.whom.account_name if other and event.whom else ""


def _why(event: Event) -> str:
    if event.what == LOOKED:
        return str(Reason(event.why).label)
    return checks.in_words(event.facts)
