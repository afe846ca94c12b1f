"""The services of the university, as one reader sees them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.catalogue.service import Account, Group, Link, Service, Target
from accounts.catalogue.shown import service, services
from accounts.people.models import Kind, Person
from onboarding.enrolment.facts import programmes_of

# What is worth a look once everything needed is done, in this order.
BEYOND = ("wifi", "vpn", "qis", "chat", "lux", "printing", "storage")

TITLES: dict[Group, Promise] = {
    Group.NETWORK: _("Account, network and messages"),
    Group.STUDYING: _("Studying"),
    Group.LIBRARY: _("Card, library and printing"),
    Group.HELP: _("Who helps you"),
}
ACCOUNTS: dict[Account, Promise] = {
    Account.LEUPHANA: _("Leuphana account"),
    Account.LEUPHANA_OR_OWN_PASSWORD: _(
        "Leuphana account, if you like with a password of its own for e-mail"
    ),
    Account.MYSTUDY: _(
        "What opens myStudy for you: an account of its own, or your Leuphana account"
    ),
    Account.LIBRARY: _("Library account"),
    Account.LEUPHANA_AND_CARD: _("Leuphana account and Leuphana Card"),
    Account.NONE: _("No account needed"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """What we know of somebody who looks: nothing, for a visitor."""

    schools: frozenset[str] = frozenset()
    faculties: frozenset[str] = frozenset()

    def needs(self, one: Service) -> bool:
        """Say whether a service is for this reader."""
        return one.applies(schools=self.schools, faculties=self.faculties)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the list."""

    title: Promise
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One page elsewhere; without a target, its address has to be asked for."""

    label: Promise
    target: Target | None
    intranet: bool


def reader_of(person: Person | None) -> Reader:
    """Say what decides which services are for somebody; one question for students."""
    if person is None or person.kind != Kind.STUDENT:
        return Reader()
    on = timezone.localdate()
    mine = [
        one for one in programmes_of([person.pk]).get(person.pk, ()) if one.holds(on)
    ]
    return Reader(
        schools=frozenset(one.school for one in mine),
        faculties=frozenset(one.faculty for one in mine if one.faculty),
    )


def sections(reader: Reader) -> list[Section]:
    """Give the list of what is for this reader."""
    mine = [one for one in services() if reader.needs(one)]
    found = (
        Section(title, tuple(one for one in mine if one.group is group))
        for group, title in TITLES.items()
    )
    return [section for section in found if section.services]


def beyond(schools: Iterable[str]) -> list[Service]:
    """Give what comes after the last step, for somebody at these schools."""
    reader = Reader(schools=frozenset(schools))
    known = (service(key) for key in BEYOND)
    return [one for one in known if one is not None and reader.needs(one)]


def ways(one: Service, *, language: str) -> list[Way]:
    """Give the pages of a service elsewhere."""
    return [
        Way(label, link.target(language), link.intranet)
        for label, link in _pages(one)
        if link is not None
    ]


def _pages(one: Service) -> Iterator[tuple[Promise, Link | None]]:
    yield _("Open the service"), one.open
    body = one.group is Group.HELP
    yield (_("Website") if body else _("Further information")), one.more
    yield _("Instructions of the MIZ"), one.instructions
