"""A sheet of paper recorded afterwards: its lines go the way of the phones' acts.

The paper is like a phone of whoever records it. A line is named by what it says, so
that the same line recorded again has no second effect, whoever types it in again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.cards.handles import handle_of
from onboarding.cards.models import Place, Shift
from onboarding.cards.refusals import ActDiffers
from onboarding.enrolment.models import TutorGroup
from onboarding.handout.models import Phone, PhoneAct, What
from onboarding.handout.outcomes import DONE
from onboarding.handout.receiving import Sent, receive

NAMED = "paper"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet: who got which card when, and what became of the deposit.

    Without a number somebody wanted no card.
    """

    person: Person
    at: datetime
    number: str = ""
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of a line."""

    line: Line
    outcome: str
    # It was recorded before, by this form or another.
    again: bool = False

    @property
    def done(self) -> bool:
        """Say whether it stands, or else waits for the coordinator."""
        return self.outcome == DONE


def record_sheet(
    *, group: TutorGroup, lines: Iterable[Line], by: Person, at: datetime
) -> list[Noted]:
    """Record the lines of a group's sheet, in the order in which they happened.

    Cash of a sheet comes with it, into a till of whoever records it. What cannot be
    done lands among what waits for the coordinator; nothing is lost.
    """
    sheet = _Sheet(group, by, at)
    return [sheet.note(one) for one in sorted(lines, key=lambda one: one.at)]


def paper_key(person: int) -> UUID:
    """Name the paper of a person (id); no phone can take the name on."""
    said = salted_hmac("onboarding.handout.paper", str(person))
    return UUID(bytes=said.digest()[:16])


def is_paper(phone: Phone) -> bool:
    """Say whether this is no phone at all."""
    return phone.pk == paper_key(phone.person_id)


class _Sheet:
    """A sheet that is being recorded."""

    def __init__(self, group: TutorGroup, by: Person, at: datetime) -> None:
        self._group, self._by, self._at = group, by, at
        self._phone = _paper_of(by, at)

    def note(self, line: Line) -> Noted:
        said = f"{self._group.pk}:{line.person.pk}:{line.number}:{line.at.isoformat()}"
        key = uuid5(paper_key(0), said)
        if known := PhoneAct.objects.filter(pk=key).first():
            return Noted(line, known.outcome, again=True)
        body = self._body(line)
        if line.paid:
            body["shift"] = str(self._till(line.at))
        try:
            outcome, new = self._send(key, body)
        except ActDiffers as differs:
            # Somebody else typed the same line at the same moment.
            return Noted(line, differs.code, again=True)
        return Noted(line, outcome, again=not new)

    def _body(self, line: Line) -> dict[str, Any]:
        on = timezone.localdate(line.at)
        told = {"handle": handle_of(line.person, on=on), "at": line.at.isoformat()}
        if not line.number:
            return {"kind": What.DECLINED.value, **told}
        deposit = "paid" if line.paid else "open"
        handed = {"number": line.number, "deposit": deposit}
        return {"kind": What.HAND_OUT.value, **told, **handed}

    def _till(self, at: datetime) -> UUID:
        """Give the till of the paper's cash; it is opened with the first of it."""
        mine = Shift.objects.filter(by=self._by, place=Place.TUTOR)
        still_open = mine.filter(counting=None).order_by("pk").first()
        if still_open is not None:
            return still_open.key
        key = uuid5(self._phone.pk, f"till:{mine.count() + 1}")
        body = {"kind": What.OPEN_SHIFT.value, "shift": str(key), "float_cents": 0}
        self._send(uuid5(key, "open"), {**body, "at": at.isoformat()})
        return key

    def _send(self, key: UUID, body: dict[str, Any]) -> tuple[str, bool]:
        whole = {
            **body,
            "group": self._group.number,
            "phone": str(self._phone.pk),
            "app": NAMED,
            "sent_at": self._at.isoformat(),
        }
        answer = receive(
            Sent(
                id=key,
                phone=self._phone,
                by=self._by,
                roles=frozenset({Role.COORDINATOR}),
                body=whole,
                noted_at=self._at,
            )
        )
        return answer.outcome, answer.new


def _paper_of(person: Person, at: datetime) -> Phone:
    made = {"person": person, "device": NAMED, "enrolled_at": at, "heard_at": at}
    try:
        with transaction.atomic():
            return Phone.objects.get_or_create(id=paper_key(person.pk), defaults=made)[
                0
            ]
    except IntegrityError:
        return Phone.objects.get(pk=paper_key(person.pk))
