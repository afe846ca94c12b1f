"""Putting together what connectors see of people, many at a time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from accounts.catalogue.entitlement import entitlements
from accounts.catalogue.standing import Programme, Standing
from accounts.connectors.contract import Subject
from accounts.people.models import Kind, Person
from accounts.people.naming import display_name

# A fact loader of a room above: people's ids in, their programmes out.
Programmes = Callable[[Sequence[int]], Mapping[int, tuple[Programme, ...]]]

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


def subjects(
    people: Sequence[int], *, programmes: Programmes, on: date
) -> dict[int, Subject]:
    """Give the students among these people (ids) as connectors see them."""
    studies = programmes(people)
    rows = Person.objects.filter(pk__in=people, kind=Kind.STUDENT)
    return {
        row[0]: _subject(row, studies.get(row[0], ()), on)
        for row in rows.values_list(*_COLUMNS)
    }


def _subject(
    row: tuple[object, ...], studies: tuple[Programme, ...], on: date
) -> Subject:
    one, key, account, given, family, chosen, language, number, activated, until = row
    standing = Standing(
        programmes=studies,
        own_password=activated is not None and until is None,
    )
    return Subject(
        id=int(str(one)),
        person_key=str(key),
        account_name=str(account),
        given_names=str(given),
        family_name=str(family),
        display_name=display_name(
            given_names=str(given), family_name=str(family), chosen_name=str(chosen)
        ),
        language=str(language),
        matriculation_no=str(number),
        standing=standing,
        entitlements=entitlements(standing=standing, on=on),
        activated=activated is not None,
        on=on,
    )
