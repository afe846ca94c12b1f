"""Reminders to those who have not started: whom a mail reaches, and whom only a letter.

An address of the enrolment export is used for nothing before its owner has proved it
(DECISIONS 35), and whoever has never signed in could prove none. So a mail reaches only
who had an account before and proved an address then; everybody else needs a letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.post.render import write
from accounts.post.send import Text, Writer, ask_for_many
from accounts.signin.models import RecoveryAddress
from onboarding.enrolment.facts import studies
from onboarding.journey.step import Standing
from onboarding.watch.crowd import crowd
from onboarding.watch.scope import Scope

MESSAGE = "start_reminder"


@dataclass(frozen=True, slots=True)
class Reach:
    """Who has no own password yet (ids), by what reaches them."""

    by_mail: tuple[int, ...]
    # Whom a mail reaches, and who was reminded today already.
    reminded: int
    # Of those whom no mail reaches: with a letter that is valid still, and without.
    with_letter: int
    without_letter: int
    # Whose records are for the lead alone; they are not counted above.
    for_the_lead: int

    @property
    def by_letter(self) -> int:
        """Give how many only a letter reaches."""
        return self.with_letter + self.without_letter


def reach(scope: Scope, *, lead: bool, at: datetime) -> Reach:
    """Tell apart whom a mail reaches; as many queries for any number of people."""
    members = [
        one
        for one in crowd(scope, at=at)
        if one.way.standings.get("activation") is Standing.HERE
    ]
    mine = {one.person for one in members if lead or not one.confidential}
    proved = set(_proved(scope)) & mine
    reminded = proved & set(_reminded(timezone.localdate(at)))
    lettered = scope.people().filter(initial_password_until__gt=at)
    valid = set(lettered.values_list("pk", flat=True)) & (mine - proved)
    return Reach(
        by_mail=tuple(sorted(proved - reminded)),
        reminded=len(reminded),
        with_letter=len(valid),
        without_letter=len(mine) - len(proved) - len(valid),
        for_the_lead=len(members) - len(mine),
    )


def remind(people: Iterable[int], *, at: datetime) -> None:
    """Ask for one mail to each of these people (ids), at most one a day."""
    day = timezone.localdate(at)
    ask_for_many(
        occasions={one: f"{MESSAGE}:{one}{_on(day)}" for one in people},
        message=MESSAGE,
        at=at,
    )


def _reminded(day: date) -> Iterable[int]:
    rows = Mail.objects.filter(message=MESSAGE, occasion__endswith=_on(day))
    return rows.values_list("person_id", flat=True)


def _on(day: date) -> str:
    return f":{day.isoformat()}"


def _proved(scope: Scope) -> Iterable[int]:
    """Give who proved an address at which mail is read: see ``mailbox.reach``."""
    mailbox = MailAddress.objects.filter(
        person=OuterRef("pk"), proved_at__isnull=False, retired_at=None
    )
    private = RecoveryAddress.objects.filter(person=OuterRef("pk"))
    reached = scope.people().filter(Q(Exists(mailbox)) | Q(Exists(private)))
    return reached.values_list("pk", flat=True)


def preview(person: Person) -> Text:
    """Write the mail as this person would get it."""
    return write(message=MESSAGE, person=person)


def _written(mail: Mail) -> Text | None:
    # Whoever has started meanwhile need not be told; whoever has left must not be.
    here = studies(mail.person.pk, on=timezone.localdate())
    return preview(mail.person) if here and not mail.person.has_own_password else None


WRITERS: dict[str, Writer] = {MESSAGE: _written}
