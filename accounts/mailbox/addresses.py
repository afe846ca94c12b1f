"""Choosing an address, and another one after a change of name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.catalogue.systems import MAILBOX, NAMES
from accounts.directory import gateway
from accounts.directory.errors import DirectoryError
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.journal.record import record
from accounts.mailbox.alias import Names, fits, suggestions
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.post.send import ask_for

# How the connector says that the directory has the address for somebody else.
TAKEN = "address_taken"


class AddressRefused(Exception):
    """The address cannot be chosen: by this person, or by anybody any more."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody may choose from; the first is what the rule says."""

    addresses: tuple[str, ...]
    # The university gave the person this one before there was a portal.
    kept: str = ""


def current(person: int) -> MailAddress | None:
    """Give the address that a person (id) uses."""
    return MailAddress.objects.filter(person=person, retired_at=None).first()


def offer(person: Person) -> Offer:
    """Suggest addresses that nobody has or had."""
    kept = _before_the_portal(person)
    found = suggestions(names_of(person), taken=_taken_by_others(person))
    addresses = dict.fromkeys([*filter(None, [kept]), *map(at_domain, found)])
    return Offer(addresses=tuple(addresses), kept=kept)


def may_choose(person: Person) -> bool:
    """Say whether an address is to be chosen: the first, or one for a new name."""
    address = current(person.pk)
    return address is None or is_lost(address) or _names_changed(person, address)


def is_lost(address: MailAddress) -> bool:
    """Say whether the directory refused the address, so that another is needed."""
    return (
        address.proved_at is None
        and Sync.objects.filter(
            person=address.person_id, system=MAILBOX, last_error__endswith=TAKEN
        ).exists()
    )


def choose(*, person: Person, address: str, at: datetime) -> MailAddress:
    """Take an address for good; choosing the same twice is choosing once.

    Raises AddressRefused where it is none of those that are offered, or somebody was
    quicker. The one before stays with the person, and mail to it still arrives.
    """
    wanted = address.strip().lower()
    kept = _before_the_portal(person)
    # Asked before the transaction: nobody waits for the directory in one.
    if not _is_theirs(person, wanted, kept):
        raise AddressRefused
    try:
        with transaction.atomic():
            return _chosen(person, wanted, kept, at)
    except IntegrityError:
        # Two at the same moment: the database has let one through.
        raise AddressRefused from None


def names_of(person: Person) -> Names:
    """Give what the person's address is made of."""
    return Names(
        given_names=person.given_names,
        family_name=person.family_name,
        chosen_name=person.chosen_name,
    )


def at_domain(local: str) -> str:
    """Give the whole address."""
    return f"{local}@{settings.MAIL_DOMAIN}"


def _chosen(person: Person, wanted: str, kept: str, at: datetime) -> MailAddress:
    # One choice at a time for each person.
    Person.objects.select_for_update().get(pk=person.pk)
    before = current(person.pk)
    if before is not None and before.address == wanted and not is_lost(before):
        return before
    if not may_choose(person) or (before and before.address == wanted):
        raise AddressRefused
    if before is not None:
        _retire(before, at)
    address = _taken_up(person, wanted, before, at)
    if kept and kept != wanted:
        _keep(person, kept, at)
    mark(people=[person.pk], systems=NAMES, at=at)
    record(
        what="mail_address_changed" if before else "mail_address_chosen",
        at=at,
        whom=person.pk,
        who=person.pk,
        facts={"address": wanted},
    )
    if before is not None and before.proved_at:
        _tell(address, at)
    return address


def _taken_up(
    person: Person,
    wanted: str,
    before: MailAddress | None,
    at: datetime,
) -> MailAddress:
    """Give the row of the new address; one of the person's own may come back."""
    # It is the same mailbox, and its owner has proved to read it.
    proved = before.proved_at if before else None
    again = MailAddress.objects.filter(
        person=person, address=wanted, refused_at=None
    ).first()
    if again is None:
        return MailAddress.objects.create(
            person=person,
            address=wanted,
            chosen_at=at,
            proved_at=proved,
            made_by_rule=fits(wanted.partition("@")[0], names_of(person)),
        )
    again.retired_at, again.chosen_at, again.proved_at = None, at, proved
    again.save(update_fields=["retired_at", "chosen_at", "proved_at"])
    return again


def _retire(address: MailAddress, at: datetime) -> None:
    address.retired_at = at
    if is_lost(address):
        address.refused_at = at
    address.save(update_fields=["retired_at", "refused_at"])


def _keep(person: Person, address: str, at: datetime) -> None:
    """Note an address from before the portal, so that its mail goes on arriving."""
    MailAddress.objects.get_or_create(
        address=address,
        defaults={
            "person": person,
            "chosen_at": at,
            "retired_at": at,
            "made_by_rule": False,
        },
    )


def _is_theirs(person: Person, wanted: str, kept: str) -> bool:
    local, _, domain = wanted.partition("@")
    here = current(person.pk)
    if (kept and wanted == kept) or (here and wanted == here.address):
        return True
    if domain != settings.MAIL_DOMAIN or not fits(local, names_of(person)):
        return False
    # The rule makes one number of each form: no other was ever offered.
    return local in suggestions(names_of(person), taken=_taken_by_others(person))


def _names_changed(person: Person, address: MailAddress) -> bool:
    """Say whether the name that the address was made of is no longer the person's."""
    local = address.address.partition("@")[0]
    return address.made_by_rule and not fits(local, names_of(person))


def _taken_by_others(person: Person) -> Callable[[str], bool]:
    def taken(local: str) -> bool:
        address = at_domain(local)
        row = MailAddress.objects.filter(address=address).first()
        if row is not None:
            theirs = row.person_id == person.pk and row.refused_at is None
            return not theirs or is_lost(row)
        try:
            return bool(gateway.holders(address) - {person.account_name})
        except DirectoryError:
            # It can be asked later: the worker finds out before anything is promised.
            return False

    return taken


def _before_the_portal(person: Person) -> str:
    """Give the address that the directory has for this person, where we gave none."""
    if current(person.pk) is not None:
        return ""
    try:
        entry = gateway.person(person.account_name)
    except DirectoryError:
        return ""
    known = entry.values.get("mail", frozenset()) if entry else frozenset()
    ours = (one.lower() for one in sorted(known))
    return next((one for one in ours if one.endswith(at_domain(""))), "")


def _tell(address: MailAddress, at: datetime) -> None:
    assert address.person_id is not None  # noqa: S101 - chosen by somebody
    ask_for(
        person=address.person_id,
        message="mail_address_changed",
        address=address.address,
        occasion=f"mail_address_changed:{address.pk}:{at.timestamp():.3f}",
        at=at,
    )
