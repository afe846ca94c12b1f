"""Putting together what connectors see of people, many at a time."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.catalogue.entitlement import entitlements
from accounts.catalogue.standing import Programme, Standing
from accounts.connectors.contract import MailNow, Registration, Subject
from accounts.mailbox.models import MailAddress
from accounts.mystudy.account import user_names_of
from accounts.mystudy.modes import modes
from accounts.people.models import Kind, Person
from accounts.people.naming import display_name

# Fact loaders of the rooms above: people's ids in, what is known of them out.
Programmes = Callable[[Sequence[int]], Mapping[int, tuple[Programme, ...]]]
CardNumbers = Callable[[Sequence[int]], Mapping[int, str]]
Registrations = Callable[[Sequence[int]], Mapping[int, Registration]]


def _nobodys(_: Sequence[int]) -> Mapping[int, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Facts:
    """The fact loaders of the rooms above, written out by the worker."""

    programmes: Programmes
    card_numbers: CardNumbers = _nobodys
    registrations: Registrations = _nobodys


_COLUMNS = (
    "id",
    "person_key",
    "account_name",
    "given_names",
    "family_name",
    "chosen_name",
    "language",
    "matriculation_no",
    "activated_at",
    "initial_password_until",
)


def subjects(people: Sequence[int], *, facts: Facts, on: date) -> dict[int, Subject]:
    """Give the students among these people (ids) as connectors see them."""
    studies = facts.programmes(people)
    mail, ways = mail_of(people), modes()
    user_names = user_names_of(people)
    cards, told = facts.card_numbers(people), facts.registrations(people)
    rows = Person.objects.filter(pk__in=people, kind=Kind.STUDENT)
    return {
        row[0]: _subject(
            row,
            studies.get(row[0], ()),
            on,
            mail=mail.get(row[0]),
            mystudy=user_names.get(row[0], ""),
            mystudy_mode=ways.for_programmes(studies.get(row[0], ()), on=on),
            card_number=cards.get(row[0], ""),
            registration=told.get(row[0]),
        )
        for row in rows.values_list(*_COLUMNS)
    }


def mail_of(people: Sequence[int]) -> dict[int, MailNow]:
    """Give the addresses of these people (ids), of those who have one, at one go."""
    rows = MailAddress.objects.filter(person__in=people, refused_at=None)
    current: dict[int, tuple[str, bool]] = {}
    former: defaultdict[int, set[str]] = defaultdict(set)
    columns = ("person_id", "address", "proved_at", "retired_at")
    for one, address, proved_at, retired_at in rows.values_list(*columns):
        assert one is not None  # noqa: S101 - asked for by person
        if retired_at is None:
            current[one] = (address, proved_at is not None)
        else:
            former[one].add(address)
    return {
        one: MailNow(address=address, former=frozenset(former[one]), proved=proved)
        for one, (address, proved) in current.items()
    }


def _subject(
    row: tuple[Any, ...], studies: tuple[Programme, ...], on: date, **told: Any
) -> Subject:
    one, key, account, given, family, chosen, language, number, activated, until = row
    standing = Standing(
        programmes=studies,
        own_password=activated is not None and until is None,
    )
    return Subject(
        id=one,
        person_key=key,
        account_name=account,
        given_names=given,
        family_name=family,
        display_name=display_name(
            given_names=given, family_name=family, chosen_name=chosen
        ),
        language=language,
        matriculation_no=number,
        standing=standing,
        entitlements=entitlements(standing=standing, on=on),
        activated=activated is not None,
        initial_until=until,
        on=on,
        **told,
    )
