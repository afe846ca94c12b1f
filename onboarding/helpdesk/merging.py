"""Merging two accounts of one human being: one stays, the other one is closed.

Two agents answer for it. Cards, money, programmes and registration move in one
transaction; the name and the addresses of the closed account are never given again, and
its record stays to be read.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.journal.record import Fact, record
from accounts.people import lifecycle
from accounts.people.models import Person
from onboarding.applications.models import LibraryRegistration
from onboarding.cards.acts import Act
from onboarding.cards.merging import (
    both_have_cards,
    move_card,
    move_money,
    move_wish,
)
from onboarding.cards.models import Place
from onboarding.enrolment.merging import keep_as_it_was, move_place, move_studies
from onboarding.helpdesk import approvals, limits
from onboarding.helpdesk.agents import Agent, Barrier, barrier, is_colleague
from onboarding.helpdesk.finding import find
from onboarding.helpdesk.merged import merged_by
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.refusals import NeverHere, Refused


class NotThisOne(Refused):
    """There is no second account that could be merged with the first."""

    def __str__(self) -> str:
        """Say what is needed."""
        return _(
            "No other student account is found by this key that you may open. Type the"
            " whole user name or matriculation number of the second account."
        )


class AskedFirst(Refused):
    """The second account has a name of the agent's family, and nobody has asked yet."""

    def __str__(self) -> str:
        """Say where it is asked."""
        return _(
            "The second account has a family name that you have, too. Open its record"
            " first: you are asked there whether it is family."
        )


class MergedBefore(Refused):
    """One of the two is closed already."""

    def __str__(self) -> str:
        """Say so."""
        return _("One of the two accounts has been merged and closed already.")


class TwoCards(Refused):
    """Both accounts have a card in hand."""

    def __str__(self) -> str:
        """Say who helps."""
        return _(
            "Both accounts have a card in hand, and a person has one. The library"
            " service desk takes one of them back first."
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts: which one stays, and which one is closed."""

    stays: Person
    closes: Person


def second_account(*, typed: str, person: Person, agent: Agent) -> Person:
    """Give the other account by a whole key; raises NotThisOne."""
    found = find(typed, lead=agent.lead)
    others = [one for one in found.people if one.pk != person.pk]
    exactly = typed.strip().lower()
    keys = [one for one in others if exactly in _keys(one)]
    if len(keys) != 1 or barrier(person=keys[0], agent=agent) is not Barrier.NONE:
        raise NotThisOne
    return keys[0]


def proposed(one: Person, other: Person) -> Person:
    """Say which of two should stay: the activated one, else the older one."""
    return min(one, other, key=_rank)


def ask(
    *, person: Person, pair: Pair, check: dict[str, Fact], by: Person, at: datetime
) -> Approval:
    """Ask a second agent for a merge, at one person's record; raises Refused."""
    check_mergeable(pair)
    facts = {**check, **_names(pair)}
    return approvals.ask(kind=approvals.MERGE, person=person, facts=facts, by=by, at=at)


def merge_approved(*, person: Person, agent: Agent, at: datetime) -> Person:
    """Merge what a second agent agreed to; gives the account that stays.

    Pressed twice it is done once, and answered alike. Raises Refused,
    DirectoryUnavailable; then nothing is changed.
    """
    try:
        return _merge_approved(person=person, agent=agent, at=at)
    except Refused:
        stays = merged_by(agent, asked_at=person)
        if stays is None:
            raise
        return stays


def _merge_approved(*, person: Person, agent: Agent, at: datetime) -> Person:
    with transaction.atomic():
        limits.quick(by=agent.person, at=at)
        approval = approvals.use(
            kind=approvals.MERGE, person=person, by=agent.person, at=at
        )
        accounts = [str(approval.facts[name]) for name in ("stays", "closes")]
        rows = Person.objects.select_for_update().filter(account_name__in=accounts)
        people = {one.account_name: one for one in rows.order_by("pk")}
        pair = Pair(*(people[name] for name in accounts))
        for one in people.values():
            if barrier(person=one, agent=agent) is not Barrier.NONE:
                raise NotThisOne
        check_mergeable(pair)
        join(pair, approval=approval, by=agent.person, at=at)
    return pair.stays


def check_mergeable(pair: Pair) -> None:
    """Refuse what cannot be merged now.

    Raises MergedBefore, TwoCards, NotThisOne, NeverHere, DirectoryError.
    """
    if pair.stays.pk == pair.closes.pk:
        raise NotThisOne
    if is_colleague(pair.stays) or is_colleague(pair.closes):
        raise NeverHere
    if pair.stays.merged_into_id or pair.closes.merged_into_id:
        raise MergedBefore
    if both_have_cards(pair.stays, pair.closes):
        raise TwoCards


def join(pair: Pair, *, approval: Approval, by: Person, at: datetime) -> None:
    """Make one of two accounts, in the caller's transaction; both were looked at."""
    stays, closes = pair.stays, pair.closes
    act = Act(
        id=uuid5(NAMESPACE_URL, f"merge:{approval.pk}"),
        person=stays,
        by=by,
        at=at,
        place=Place.HELP,
    )
    move_card(act=act, closed=closes)
    move_wish(act=act, closed=closes)
    surplus = move_money(act=act, closed=closes)
    keep_as_it_was(closed=closes)
    move_studies(closed=closes, stays=stays)
    left = move_place(closed=closes, stays=stays)
    _move_registration(pair)
    lifecycle.close(person=closes.pk, into=stays.pk)
    facts: dict[str, Fact] = {
        **_names(pair),
        "check": approval.facts.get("check", ""),
        "approval": approval.pk,
        "surplus": surplus,
        "left_group": left,
    }
    for one, what in ((stays, "account_merged"), (closes, "account_closed")):
        record(what=what, at=at, whom=one.pk, who=by.pk, facts=facts)
    mark(people=[stays.pk, closes.pk], systems=systems.NAMES, at=at)


def _move_registration(pair: Pair) -> None:
    mine = LibraryRegistration.objects.filter(person=pair.stays)
    if not mine.exists():
        theirs = LibraryRegistration.objects.filter(person=pair.closes)
        theirs.update(person=pair.stays)


def _names(pair: Pair) -> dict[str, Fact]:
    return {"stays": pair.stays.account_name, "closes": pair.closes.account_name}


def _keys(one: Person) -> set[str]:
    return {one.account_name, one.matriculation_no, one.account_name.removeprefix("lg")}


def _rank(one: Person) -> tuple[bool, datetime, int]:
    return one.activated_at is None, one.activated_at or one.created_at, one.pk
