"""Who may hand out for which group when: the tutor file, and the coordinator's word."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.enrolment.models import Cohort, TutorGroup
from onboarding.handout.models import Turn


def groups_of(account: str, *, at: datetime) -> tuple[TutorGroup, ...]:
    """Give the groups that an account hands out for at this time, by number."""
    return tuple(_led(account, at=at).order_by("number"))


def may_hand_out(
    account: str, *, group: TutorGroup, week: Cohort | None, at: datetime
) -> bool:
    """Say whether somebody's turn for a group held at this time, in this week."""
    own = {group.tutor_account, group.deputy_account}
    if week is not None and not week.closed(at=at) and account.lower() in own:
        return True
    return _lent(account, week, at=at).filter(group=group).exists()


def opening_week(on: date) -> Cohort | None:
    """Give the semester whose Opening Week this day lies in."""
    return Cohort.opening_on(on)


def is_over(*, at: datetime) -> bool:
    """Say whether an Opening Week lies behind us, or its lists are closed."""
    on = timezone.localdate(at)
    week = opening_week(on)
    if week is not None:
        return week.closed(at=at)
    return Cohort.objects.filter(opening_until__lt=on).exists()


def lend(
    *,
    group: TutorGroup,
    account: str,
    days: tuple[date, date],
    by: Person,
    at: datetime,
) -> Turn:
    """Let somebody hand out for a group, from the first of two days to the last."""
    first, last = days
    with transaction.atomic():
        turn = Turn.objects.create(
            group=group, account=account.lower(), first=first, last=last, by=by, at=at
        )
        _note("turn_given", turn, by=by, at=at)
    return turn


def end(*, turn: int, by: Person, at: datetime) -> None:
    """Take a turn back from now on; one that is over stays as it was."""
    with transaction.atomic():
        open_now = Turn.objects.filter(pk=turn, ended_at=None)
        if open_now.update(ended_at=at, ended_by=by):
            _note("turn_ended", Turn.objects.get(pk=turn), by=by, at=at)


def turns_of(groups: Sequence[int], *, on: date) -> QuerySet[Turn]:
    """Give the turns of groups (ids) that hold on a day or later."""
    mine = Turn.objects.filter(group__in=groups, last__gte=on, ended_at=None)
    return mine.select_related("group").order_by("group__number", "first", "pk")


def accounts_of(
    groups: Iterable[TutorGroup], *, at: datetime
) -> dict[int, frozenset[str]]:
    """Give who hands out for each group (id) on the day; one question for all."""
    on = timezone.localdate(at)
    held = Turn.objects.filter(first__lte=on, last__gte=on)
    held = held.filter(Q(ended_at=None) | Q(ended_at__gt=at))
    accounts = {
        one.pk: {one.tutor_account.lower(), one.deputy_account.lower()} - {""}
        for one in groups
    }
    for group, account in held.values_list("group_id", "account"):
        accounts.setdefault(group, set()).add(account)
    return {group: frozenset(names) for group, names in accounts.items()}


def _led(account: str, *, at: datetime) -> QuerySet[TutorGroup]:
    name = account.lower()
    week = opening_week(timezone.localdate(at))
    lent = Q(pk__in=_lent(account, week, at=at).values("group"))
    if week is None or week.closed(at=at):
        return TutorGroup.objects.filter(lent)
    own = Q(tutor_account=name) | Q(deputy_account=name)
    return TutorGroup.objects.filter(own | lent)


def _lent(account: str, week: Cohort | None, *, at: datetime) -> QuerySet[Turn]:
    on = timezone.localdate(at)
    turns = Turn.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at),
        account=account.lower(),
        first__lte=on,
        last__gte=on,
    )
    if week is not None and week.closed(at=at):
        # Who is asked after the lists were closed may go on.
        turns = turns.filter(at__gte=week.closed_at)
    return turns


def _note(what: str, turn: Turn, *, by: Person, at: datetime) -> None:
    whom = Person.objects.filter(account_name=turn.account).first()
    facts = {"group": turn.group.number}
    record(what=what, at=at, whom=whom.pk if whom else None, who=by.pk, facts=facts)
