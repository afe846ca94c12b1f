"""What two agents answer for: one asks, another one decides, the first one does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.journal.models import Event
from accounts.journal.record import Fact, record
from accounts.people.models import Person
from accounts.signin.guard import roles_of
from onboarding.helpdesk import checks
from onboarding.helpdesk.agents import DESK, Agent, Barrier, barrier, perhaps_one
from onboarding.helpdesk.limits import queue
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.refusals import Refused
from onboarding.helpdesk.systems import NAMES

NEW_PASSWORD, MERGE, MANY = "new_password", "merge", "many"
RECOVERY = "recovery"
MANY_LOOKS, MANY_REMINDERS = "many_looks", "many_reminders"
# The lead answers for mails to many (DOMAIN, roles).
_FOR_THE_LEAD = frozenset({MANY_REMINDERS})
DECLINED = "approval_declined"
# What is asked, in a sentence that may name facts of the request.
WORDS: dict[str, Promise] = {
    NEW_PASSWORD: gettext_lazy("A new initial password for this account"),
    RECOVERY: gettext_lazy("Another private address for getting back in"),
    MERGE: gettext_lazy(
        "Merging two accounts of one person: %(closes)s is closed, %(stays)s stays"
    ),
    MANY: gettext_lazy("One act for %(count)s people"),
    MANY_LOOKS: gettext_lazy("Systems look again at %(count)s people: %(systems)s"),
    MANY_REMINDERS: gettext_lazy("A reminder by mail to %(count)s people (the lead)"),
}
_WORDLESS = gettext_lazy("Something for which this page has no words")


class NotYours(Refused):
    """Who decides is the asker, is concerned, or has no business with this record."""

    def __str__(self) -> str:
        """Say who may."""
        return _(
            "Somebody else of the desk decides this: neither who asked, nor whom it is"
            " about; the lead, where only the lead opens the record."
        )


class TooLate(Refused):
    """The request was decided, replaced, or waited too long."""

    def __str__(self) -> str:
        """Say so."""
        return _(
            "This request is open no longer: somebody decided it, or it waited too"
            " long. Whoever needs it asks again."
        )


class AskedByAnother(Refused):
    """A colleague has asked for the same."""

    def __init__(self, who: str) -> None:
        """Keep the colleague's name."""
        super().__init__(who)
        self.who = who

    def __str__(self) -> str:
        """Name the colleague."""
        return _(
            "%(who)s has asked for the same, and goes on with it. Decide it under"
            " “Waiting for a second agent”, or let it lapse."
        ) % {"who": self.who}


class NotApproved(Refused):
    """No second agent has agreed, or not to this, or too long ago."""

    def __str__(self) -> str:
        """Say so."""
        return _("A second agent has to agree first. Ask for it.")


class _Facts(dict[str, Fact]):
    def __missing__(self, _name: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Request:
    """A request in words."""

    approval: Approval
    sentence: str
    check: str
    # This agent may decide it.
    mine_to_decide: bool
    # Why somebody declined, where that was said.
    doubt: str = ""

    @property
    def goes_on_at(self) -> str:
        """Give the page on which the asker does what was agreed to; empty: none yet."""
        one = self.approval
        if not one.approved:
            return ""
        if one.person_id is None:
            return reverse("watch:asked", args=[one.pk])
        return reverse(f"helpdesk:{one.kind}", args=[one.person_id])


def ask(
    *,
    kind: str,
    person: Person | None,
    facts: Mapping[str, Fact],
    by: Person,
    at: datetime,
) -> Approval:
    """Ask a second agent; the same twice is one request.

    Other facts than before make it a new request. Raises AskedByAnother.
    """
    with transaction.atomic():
        queue(person or by)
        open_one = standing(kind=kind, person=person, at=at) if person else None
        if open_one and open_one.asked_by_id != by.pk:
            raise AskedByAnother(open_one.asked_by.display_name)
        if open_one and open_one.facts == dict(facts):
            return open_one
        if person:
            Approval.objects.filter(
                kind=kind, person=person, used_at=None, lapsed_at=None
            ).update(lapsed_at=at)
        asked = Approval.objects.create(
            kind=kind, person=person, facts=dict(facts), asked_by=by, asked_at=at
        )
        whom = person.pk if person else None
        record(what="approval_asked", at=at, whom=whom, who=by.pk, facts=_told(asked))
    return asked


def decide(
    *, approval: int, by: Person, approved: bool, at: datetime, why: str = ""
) -> Approval:
    """Approve or decline a request (number) as the second agent.

    Why somebody declines is one of ``Doubt``, or is not said. Raises
    NotYours, TooLate, DirectoryUnavailable.
    """
    with transaction.atomic():
        one = _open(at).select_for_update(of=("self",)).filter(pk=approval).first()
        if one is None or one.decided_at is not None:
            raise TooLate
        if not _may_decide(one, by):
            raise NotYours
        one.decided_by, one.decided_at, one.approved = by, at, approved
        one.save(update_fields=["decided_by", "decided_at", "approved"])
        what = "approval_given" if approved else DECLINED
        why = "" if approved else why
        facts = _told(one)
        record(what=what, at=at, whom=one.person_id, who=by.pk, why=why, facts=facts)
    return one


def use(
    *,
    kind: str,
    person: Person | None,
    by: Person,
    at: datetime,
    facts: Mapping[str, Fact] | None = None,
) -> Approval:
    """Use what was approved, once; the act goes by the facts of what is given back.

    Where ``facts`` are given, exactly these were approved. Call it in the transaction
    of the act. Raises NotApproved.
    """
    with transaction.atomic():
        mine = _open(at).filter(kind=kind, person=person, asked_by=by, approved=True)
        if facts is not None:
            mine = mine.filter(facts=dict(facts))
        one = mine.select_for_update(of=("self",)).order_by("-pk").first()
        if one is None:
            raise NotApproved
        one.used_at = at
        one.save(update_fields=["used_at"])
    return one


def give_back(approval: Approval) -> None:
    """Let something be used again that nothing came of."""
    Approval.objects.filter(pk=approval.pk).update(used_at=None)


def standing(*, kind: str, person: Person, at: datetime) -> Approval | None:
    """Give the open request of this kind: waiting, or approved and not used yet."""
    return _open(at).filter(kind=kind, person=person).order_by("-pk").first()


def declined(*, kind: str, person: Person, at: datetime) -> Approval | None:
    """Give the request of this kind that was declined a short time ago, if the last."""
    asked = Approval.objects.filter(kind=kind, person=person)
    last = asked.select_related("asked_by", "decided_by").order_by("-pk").first()
    if last is None or last.approved is not False or last.good_until <= at:
        return None
    return last


def doubts(requests: Iterable[Approval]) -> dict[int, str]:
    """Say why these were declined, by number, where that was said; one question."""
    no = [one for one in requests if one.approved is False]
    people = Q(whom__in=[one.person_id for one in no if one.person_id])
    said = Event.objects.filter(
        people | Q(whom=None), what=DECLINED, at__in=[one.decided_at for one in no]
    )
    rows = said.exclude(why="").values_list("facts__approval", "why") if no else ()
    return {number: str(checks.Doubt(why).label) for number, why in rows}


def of_many(*, kind: str, by: Person, at: datetime) -> QuerySet[Approval]:
    """Give an agent's open requests for many, the newest first."""
    mine = _open(at).filter(kind=kind, person=None, asked_by=by)
    return mine.order_by("-pk")


def declined_of_many(*, kind: str, by: Person, at: datetime) -> QuerySet[Approval]:
    """Give an agent's requests for many that were declined lately, the newest first."""
    since = at - settings.APPROVAL_LASTS
    mine = Approval.objects.filter(kind=kind, person=None, asked_by=by, approved=False)
    return (
        mine.filter(decided_at__gt=since).select_related("decided_by").order_by("-pk")
    )


def waiting(*, agent: Agent, at: datetime) -> list[Request]:
    """Give what waits for a second agent, oldest first, as far as this one sees it."""
    undecided = list(_open(at).filter(decided_at=None))
    concerned = _concerned(undecided)
    between = {
        one.pk: {barrier(person=person, agent=agent) for person in concerned[one.pk]}
        for one in undecided
    }
    return [
        in_words(one, agent, own=Barrier.OWN in between[one.pk])
        for one in undecided
        if Barrier.LEAD_ONLY not in between[one.pk]
    ]


def decided(*, agent: Agent, at: datetime) -> list[Request]:
    """Give what this agent asked for and somebody has decided a short time ago."""
    lately = Approval.objects.filter(
        asked_by=agent.person,
        decided_at__gt=at - settings.APPROVAL_LASTS,
        used_at=None,
        lapsed_at=None,
    )
    rows = list(lately.select_related("person", "asked_by", "decided_by"))
    said = doubts(rows)
    return [replace(in_words(one, agent), doubt=said.get(one.pk, "")) for one in rows]


def open_for_many(number: int, *, at: datetime) -> Approval | None:
    """Give an open request (number) that is about many."""
    return _open(at).filter(pk=number, person=None).first()


def count(*, agent: Agent, at: datetime) -> int:
    """Count what this agent might decide."""
    return sum(one.mine_to_decide for one in waiting(agent=agent, at=at))


def sentence(approval: Approval) -> str:
    """Say what is asked."""
    facts = _Facts(approval.facts)
    if "systems" in facts:
        keys = str(facts["systems"]).split(", ")
        facts["systems"] = ", ".join(str(NAMES.get(one, one)) for one in keys)
    return str(WORDS.get(approval.kind, _WORDLESS)) % facts


def in_words(one: Approval, agent: Agent, *, own: bool = False) -> Request:
    """Put a request into words, as this agent meets it; ``own`` where it is about them.

    Whoever asked under another account of theirs is no second agent.
    """
    concerned = own or perhaps_one(one.asked_by, agent.person)
    mine = not concerned and (agent.lead or one.kind not in _FOR_THE_LEAD)
    undecided = one.decided_at is None
    check = checks.in_words(one.facts)
    return Request(one, sentence(one), check, mine and undecided)


def _open(at: datetime) -> QuerySet[Approval]:
    since = at - settings.APPROVAL_LASTS
    fresh = Q(decided_at=None, asked_at__gt=since) | Q(
        approved=True, decided_at__gt=since
    )
    open_ones = Approval.objects.filter(fresh, used_at=None, lapsed_at=None)
    return open_ones.select_related("person", "asked_by", "decided_by")


def _may_decide(one: Approval, by: Person) -> bool:
    roles = roles_of(person=by, live=True)
    agent = Agent(by, DESK[1] in roles)
    if roles.isdisjoint(DESK) or perhaps_one(one.asked_by, by):
        return False
    if one.kind in _FOR_THE_LEAD and not agent.lead:
        return False
    return all(
        barrier(person=person, agent=agent) is Barrier.NONE
        for person in _concerned([one])[one.pk]
    )


def _concerned(requests: Iterable[Approval]) -> dict[int, list[Person]]:
    """Give whom each request is about, by number; a merge is about two."""
    rows = list(requests)
    names = {name for one in rows for name in _named(one)}
    others = {
        one.account_name: one
        for one in (Person.objects.filter(account_name__in=names) if names else ())
    }
    told: dict[int, list[Person]] = {}
    for one in rows:
        people = [others[name] for name in _named(one) if name in others]
        first = [one.person] if one.person else []
        told[one.pk] = first + [two for two in people if two.pk != one.person_id]
    return told


def _named(one: Approval) -> list[str]:
    """Give the accounts that a request for a merge names."""
    if one.kind != MERGE:
        return []
    return [str(one.facts[name]) for name in ("stays", "closes") if name in one.facts]


def _told(one: Approval) -> dict[str, Fact]:
    told = {
        name: one.facts[name] for name in ("check", "document") if name in one.facts
    }
    return {**told, "kind": one.kind, "approval": one.pk}
