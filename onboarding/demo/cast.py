"""The demo's own people: who plays which part, scene by scene, with real acts."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlencode
from urllib.request import urlopen
from uuid import uuid4

from django.conf import settings

from accounts.catalogue.systems import MAILBOX, MOODLE, PAIA
from accounts.due import lease as leases
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.mailbox import addresses, proof
from accounts.mystudy import account as mystudy
from accounts.people.lifecycle import come_to_know
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin.codes import open_code
from accounts.signin.models import MailedCode
from onboarding.applications import registration
from onboarding.applications.sections import SECTIONS, Values
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import card_numbers_of, hand_out
from onboarding.cards.numbers import Rule, check_digit
from onboarding.demo.staff import PASSWORD, STAFF
from onboarding.journey.facts import facts_of

NEVER_STARTED, ACTIVATED, UNPROVED, OWING, WAITING, FAILED, ARRIVED = (
    f"lg125000{number}" for number in range(1, 8)
)
EVERYBODY = (NEVER_STARTED, ACTIVATED, UNPROVED, OWING, WAITING, FAILED, ARRIVED)

# So long the worker leaves alone what is to be seen waiting.
A_DAY = timedelta(days=1)
# myStudy's own account has another password than the Leuphana account.
MYSTUDY_PASSWORD = "Lampe-Kiesel-Regen-8"  # noqa: S105
SECONDS = 5
ANSWERS: dict[str, Values] = {
    "name": {"chosen_name": ""},
    "address": {
        "street": "Am Sande 1",
        "address_extra": "",
        "zip": "21335",
        "city": "Lüneburg",
        "country": "Deutschland",
    },
    "terms": {"agree": True},
}

Scene = Callable[[Person, datetime], None]


def choose_address(person: Person, at: datetime) -> None:
    """Take the address that the rule suggests."""
    if addresses.current(person.pk) is None:
        first, *_ = addresses.offer(person).addresses
        addresses.choose(person=person, address=first, at=at)


def wait(person: Person, at: datetime) -> None:
    """Have the mailbox looked at tomorrow, as if it were not ready today."""
    lease = _lease(person, at)
    mine = Sync.objects.filter(person=person, system=MAILBOX)
    # It waits since today, though it is tried again tomorrow.
    mine.update(failing_since=at)
    leases.postpone(
        lease=lease, people=lease.rows, error="not_ready", at=at + A_DAY, longest=A_DAY
    )


def fail(person: Person, at: datetime) -> None:
    """Have the mailbox's set-up refused, so that somebody has to look."""
    lease = _lease(person, at)
    leases.park(lease=lease, people=lease.rows, error="refused:other", at=at)


def prove_mailbox(person: Person, at: datetime) -> None:
    """Read the code and type it in."""
    address = addresses.current(person.pk)
    if address is None or address.proved_at:
        return
    session = f"demo-{uuid4()}"
    if proof.ask_for_code(person=person, session=session, at=at):
        code = MailedCode.objects.get(session=session)
        proof.prove(person=person, typed=open_code(code=code), session=session, at=at)


def make_mystudy_account(person: Person, at: datetime) -> None:
    """Choose a user name and a password for myStudy."""
    if mystudy.of(person.pk) is None:
        mystudy.make(
            person=person,
            mode=facts_of(person, at=at).mystudy.mode,
            user_name=mystudy.suggestion(person),
            password=MYSTUDY_PASSWORD,
            account_password=PASSWORD,
            at=at,
        )


def visit_moodle(person: Person, at: datetime) -> None:
    """Sign in to the stage's Moodle, once."""
    mine = mystudy.of(person.pk)
    if mine is not None and facts_of(person, at=at).moodle.last_seen is None:
        _send(f"{settings.MOODLE_URL}/login/index.php", username=mine.user_name)
        mark(people=[person.pk], systems=[MOODLE], at=at)


def register(person: Person, at: datetime) -> None:
    """Fill in the library's form and send it."""
    if registration.told_by(person.pk) is not None:
        return
    contact: Values = {"email": person.private_email, "phone": ""}
    answers = {**ANSWERS, "contact": contact}
    for one in SECTIONS:
        registration.save(person=person, section=one, values=answers[one.key], at=at)
    registration.submit(person=person, version=1, at=at)


def fetch_card(person: Person, at: datetime) -> None:
    """Get a card at the desk; the deposit stays open."""
    _hand_out(person, Settlement.OPEN, at)


def fetch_card_and_pay(person: Person, at: datetime) -> None:
    """Get a card at the desk, and pay the deposit."""
    _hand_out(person, Settlement.PAID, at)


def link_card(person: Person, at: datetime) -> None:
    """Have the library link card and account, in its own system."""
    number = card_numbers_of([person.pk]).get(person.pk)
    if number and not facts_of(person, at=at).card.works_since:
        _send(f"{settings.PAIA_URL}/", card=number, state="0")
        mark(people=[person.pk], systems=[PAIA], at=at)


# One act after the other; in between, everything that is due is worked off.
ACTS: tuple[Mapping[str, tuple[Scene, ...]], ...] = (
    {
        UNPROVED: (choose_address,),
        OWING: (choose_address, register, fetch_card),
        WAITING: (choose_address, wait),
        FAILED: (choose_address, fail),
        ARRIVED: (choose_address, register, fetch_card_and_pay),
    },
    {
        OWING: (prove_mailbox,),
        ARRIVED: (prove_mailbox, make_mystudy_account),
    },
)
# What happens in Moodle and in the library: on the stage's own alone.
ELSEWHERE: tuple[Mapping[str, tuple[Scene, ...]], ...] = (
    {ARRIVED: (visit_moodle, link_card)},
)


def play(act: Mapping[str, tuple[Scene, ...]], *, at: datetime) -> None:
    """Play one act with those who are here and have activated; again changes nothing.

    Each goes on from there as somebody at the browser likes.
    """
    here = Person.objects.filter(account_name__in=act)
    for person in here.order_by("account_name"):
        # On another's servers somebody may have to stay where they are.
        with suppress(proof.NotReady, mystudy.NotNow):
            for scene in act[person.account_name] if person.has_own_password else ():
                scene(person, at)


def _lease(person: Person, at: datetime) -> leases.Lease:
    return leases.claim(
        system=MAILBOX, at=at, limit=1, seconds=SECONDS, only=[person.pk]
    )


def _hand_out(person: Person, how: Settlement, at: datetime) -> None:
    if card_numbers_of([person.pk]):
        return
    rule = Rule.in_force()
    serial = person.account_name[-4:].zfill(rule.lengths[0] - len(rule.prefix) - 1)
    digits = f"{rule.prefix}{serial}"
    act = Act(id=uuid4(), person=person, by=_at_the_desk(at), at=at)
    hand_out(act=act, number=digits + check_digit(digits), how=how)


def _at_the_desk(at: datetime) -> Person:
    (one,) = [one for one in STAFF if one.role is Role.LIBRARY_DESK]
    return come_to_know(
        account_name=one.account,
        display_name=f"{one.given_name} {one.family_name}",
        language="de",
        at=at,
    )


def _send(url: str, **form: str) -> None:
    with urlopen(url, urlencode(form).encode(), timeout=SECONDS):  # noqa: S310 - ours
        pass
