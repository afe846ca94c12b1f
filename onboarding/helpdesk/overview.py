"""One page about one person: steps and turns, troubles, systems, timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.due.progress import overall_of
from accounts.journal.models import Event
from onboarding.helpdesk import checks
from onboarding.helpdesk.approvals import DECLINED
from onboarding.helpdesk.looks import LOOKED, Reason
from onboarding.helpdesk.merged import CLOSED
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.tickets import address_of
from onboarding.journey.history import told
from onboarding.journey.path import Station
from onboarding.journey.step import Standing, Strand
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
# What is foremost is one of these.
_VERDICTS: Mapping[Standing, Promise] = {
    Standing.PROBLEM: _("Stuck at “%(step)s”. It is our turn."),
    Standing.WAITING: _("“%(step)s” is under way. It is the portal’s turn."),
    Standing.HERE: _("Next: “%(step)s”. It is the person’s turn."),
}
_PERSON = _("the person")
_COMPLETE = _("Everything is done.")
_NOTHING_ASKED = _("The portal asks nothing of the person at the moment.")


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
    # Who agreed to a merge as the second agent.
    agreed: str = ""


def steps(seen: Seen) -> list[StepLine]:
    """Give the steps of the person's way, with their evidence."""
    rows = summary(person=seen.person, facts=seen.facts, way=seen.way)
    return [StepLine(row.station, row.since) for row in rows]


def rails(lines: Sequence[StepLine]) -> list[tuple[str, list[StepLine]]]:
    """Give the steps of each strand, for one look."""
    return [
        (strand.value, [one for one in lines if one.station.step.strand is strand])
        for strand in Strand
    ]


def verdict(seen: Seen) -> str:
    """Say in one sentence how far the person is, and whose turn it is."""
    way = seen.way
    if not seen.facts.studies:
        return str(_NOTHING_ASKED)
    if way.foremost is None:
        return str(_COMPLETE if way.complete else _NOTHING_ASKED)
    sentence = _VERDICTS[way.foremost.now.standing]
    return str(sentence) % {"step": way.foremost.step.title}


def timeline(*, accounts: Sequence[int], page: str | None) -> Page[Event]:
    """Give one page of what happened to a person's accounts (ids), newest first.

    The first account is the record's own. That another one was closed is said by the
    merge; in this record it would read as if this one were closed.
    """
    rows = Event.objects.filter(whom__in=accounts).select_related("who", "whom")
    rows = rows.exclude(whom__in=accounts[1:], what=CLOSED)
    return Paginator(rows.order_by("-at", "-id"), LINES_A_PAGE).get_page(page)


def version(person: int) -> str:
    """Tell one state of a person's (id's) record from the next, for open pages."""
    newest = Event.objects.filter(whom=person).order_by("-at", "-id")
    last = newest.values_list("pk", flat=True).first()
    return f"{overall_of(person).version}_{last}"


def in_words(event: Event, *, person: int, agreed: str = "") -> TimeLine:
    """Put one act into words, on a person's (id's) page; here colleagues have names."""
    line = told(event)
    who = _PERSON if event.who_id == event.whom_id else event.who or line.who
    ticket = str(event.facts.get("ticket", ""))
    return TimeLine(
        at=event.at,
        sentence=line.sentence,
        who=str(who),
        why=_why(event),
        ticket=ticket,
        ticket_url=address_of(ticket),
        account=_other_account(event, person),
        agreed=agreed,
    )


def _other_account(event: Event, person: int) -> str:
    other = event.whom is not None and event.whom.pk != person
    return event.whom.account_name if other and event.whom else ""


def _why(event: Event) -> str:
    if event.what == LOOKED:
        return str(Reason(event.why).label)
    if event.what == DECLINED and event.why in checks.Doubt.values:
        return f"{checks.Doubt(event.why).label}; {checks.in_words(event.facts)}"
    return checks.in_words(event.facts)
