"""Twenty people at the counter, each helped with the keyboard alone in five steps."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.catalogue.systems import MAILBOX, MOODLE
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.mailbox import addresses, proof
from accounts.mailbox.models import MailAddress
from accounts.mystudy.models import MyStudyAccount
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin import throttle
from accounts.signin.activation import choose_own_password
from onboarding.cards import stock
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.cards.ledger import post
from onboarding.cards.models import Kind, Shift
from onboarding.enrolment.models import Enrolment
from tests.cast import a_colleague
from tests.onboarding.cards.conftest import a_number
from tests.services.campus import Campus
from tests.services.chromium import ZOOMED, Language
from tests.stories.conftest import Visit
from tests.stories.counter import MOST_STEPS, Agent, Stage, Story, help_everybody
from tests.stories.newcomers import a_newcomer, an_active_student, until
from tests.stories.visitor import OWN
from tests.stories.weekdays import (
    code_in_the_mailbox,
    syncs_of,
    with_a_mailbox,
    with_a_proved_mailbox,
)

pytestmark = [pytest.mark.story, pytest.mark.long]

LATER = timedelta(hours=1)
CARD, NEW_CARD = (a_number(serial) for serial in (37301, 37302))
ASKED = "The systems were asked to look again. This page shows their answers by itself."
PHOTO = "The photo ID shows this person."


# --- account and password ------------------------------------------------------------


def wrong_account_typed(agent: Agent, _stage: Stage) -> None:
    mia = a_newcomer(given_names="Mia", family_name="Ostermann")

    agent.finds("ostermann, mia")
    agent.opens()
    agent.reads("letter_unused", mia.account)

    activates(mia.account, mia.secret)


def locked(agent: Agent, _stage: Stage) -> None:
    person = an_active_student(given_names="Idris", family_name="Öztürk")
    mistypes(person)

    agent.finds("oeztuerk")
    agent.opens("phone")
    agent.reads("waiting")
    agent.presses("Unlock: take the next try at once")
    agent.sees("The portal takes the next try at once.")

    assert throttle.waits(account=person.account_name, at=timezone.now()) == 0


# --- who somebody is -----------------------------------------------------------------


def name_changed(agent: Agent, stage: Stage) -> None:
    person = with_a_proved_mailbox(an_active_student(family_name="Lindgren"))
    before = MailAddress.objects.get(person=person).address
    Person.objects.filter(pk=person.pk).update(family_name="Lindgren-Abé")

    agent.finds(before)
    agent.opens()
    agent.reads("name_changed", before)
    agent.hands_on("name_changed", "Student Service")

    person.refresh_from_db()
    new = addresses.offer(person).addresses[0]
    addresses.choose(person=person, address=new, at=timezone.now())
    assert set(mine(person)) == {before, new}


def chosen_name_set(agent: Agent, _stage: Stage) -> None:
    person = an_active_student(
        given_names="Maximilian", family_name="Quast", chosen_name="Robin"
    )

    agent.finds("maximilian quast")
    agent.opens()
    agent.sees(f"Robin Quast {person.account_name}")
    agent.reads("chosen_name", "Robin Quast")


def not_in_the_import(agent: Agent, _stage: Stage) -> None:
    agent.finds("Ylva Unbekanntsen")

    agent.sees(
        "Whoever enrolled a short time ago comes with the next export of student"
        " administration."
    )


def withdrawn(agent: Agent, _stage: Stage) -> None:
    person = an_active_student(family_name="Abendroth")
    gone = timezone.localdate() - timedelta(days=1)
    Enrolment.objects.filter(person=person).update(status="withdrawn", status_date=gone)

    agent.finds(person.matriculation_no or "")
    agent.opens()
    agent.reads("withdrawn")
    agent.hands_on("withdrawn", "Student Service")

    assert acts_on(person) == ["handed_on", "record_looked_at"]


def under_age(agent: Agent, _stage: Stage) -> None:
    born = timezone.localdate().year - 16
    person = an_active_student(family_name="Jungmann", birth_date=f"{born}-06-01")

    agent.finds(person.account_name)
    agent.opens()
    agent.reads("under_age")
    agent.hands_on("under_age", "The library, with its service desk")


def exchange(agent: Agent, _stage: Stage) -> None:
    person = an_active_student(given_names="Siobhán", family_name="Ní Bhriain")
    Enrolment.objects.filter(person=person).update(degree="exchange")

    agent.finds("ni bhriain siobhan")
    agent.opens()
    agent.reads("exchange")


# --- e-mail, myStudy, Moodle ---------------------------------------------------------


def mailbox_not_ready(agent: Agent, stage: Stage) -> None:
    person = an_active_student(family_name="Petersdotter")
    stage.campus.dovecot.kill()
    (address, *_) = addresses.offer(person).addresses
    addresses.choose(person=person, address=address, at=timezone.now())
    hangs(person, MAILBOX)

    agent.finds("petersdotter")
    agent.opens()
    agent.reads("mailbox_not_ready", address)
    stage.campus.dovecot.start()
    agent.presses("Look again now, in all systems")
    agent.sees(ASKED)

    until(lambda: all(one.settled for one in syncs_of(person, MAILBOX)))


def code_not_arriving(agent: Agent, stage: Stage) -> None:
    person = with_a_mailbox(an_active_student(family_name="Quentin"))
    (address,) = mine(person)
    stage.campus.post.child.kill()
    proof.ask_for_code(person=person, session="of a phone", at=timezone.now())
    codes = Mail.objects.filter(person=person, occasion__startswith="code:")
    until(lambda: codes.exclude(last_error="").exists())
    codes.update(due_at=timezone.now() + LATER)
    stage.campus.post.start()

    agent.finds(address)
    agent.opens("phone")
    agent.reads("code_missing", address)
    agent.presses("Send the code again")
    agent.sees("The code is on its way once more.")

    code = code_in_the_mailbox(stage.campus, address)
    proof.prove(person=person, typed=code, session="of a phone", at=timezone.now())


def mystudy_exists_already(agent: Agent, _stage: Stage) -> None:
    person = with_a_proved_mailbox(an_active_student(family_name="Tutorius"))
    MyStudyAccount.objects.create(
        person=person, user_name="t.tutorius", made_at=timezone.now(), made_here=False
    )

    agent.finds("tutorius")
    agent.opens()
    agent.reads("mystudy_exists", "t.tutorius")
    agent.hands_on("mystudy_exists", "myStudy and Moodle support")

    assert MyStudyAccount.objects.filter(person=person).count() == 1


def moodle_down(agent: Agent, stage: Stage) -> None:
    person = with_a_proved_mailbox(an_active_student(family_name="Murmann"))
    stage.campus.moodle.door.close()
    MyStudyAccount.objects.create(
        person=person, user_name="m.murmann", made_at=timezone.now()
    )
    mark(people=[person.pk], systems=[MOODLE], at=timezone.now())
    hangs(person, MOODLE)

    agent.finds("murman")
    agent.opens()
    agent.reads("moodle_down")
    stage.campus.moodle.door.open()
    agent.presses_named(f"{agent.say('Look now')} : Moodle")
    agent.sees(ASKED)

    until(lambda: all(one.settled for one in syncs_of(person, MOODLE)))


# --- card and money ------------------------------------------------------------------


def card_lost(agent: Agent, stage: Stage) -> None:
    person = with_a_card(an_active_student(family_name="Verlorn"))

    agent.finds(CARD)
    agent.opens()
    agent.reads("card_in_hand")
    agent.hands_on("card_in_hand", "The library, with its service desk")

    desk = stage.agent("librarydesk")
    desk.searches(person.account_name)
    desk.follows("Replace the card")
    desk.chooses("why", "lost")
    desk.types(NEW_CARD, "Number of the new card")
    desk.chooses("deposit", "paid")
    desk.keys.ticks(PHOTO)
    desk.presses("Continue")
    desk.presses("Record it")
    desk.sees("Recorded")
    assert desk.steps <= MOST_STEPS
    assert [where(one) for one in (CARD, NEW_CARD)] == ["lost", "person"]


def deposit_paid_twice(agent: Agent, stage: Stage) -> None:
    person = an_active_student(family_name="Zweimal")
    pays_too_much(person)

    agent.finds("zweimal")
    agent.opens()
    agent.reads("paid_twice", "10,00" if stage.language == "de" else "10.00")
    agent.hands_on("paid_twice", "The library, with its service desk")

    desk = stage.agent("librarydesk")
    desk.searches(person.account_name)
    desk.follows("Pay money back")
    desk.keys.ticks(PHOTO)
    desk.presses("Continue")
    desk.presses("Record it")
    desk.sees("Recorded")
    assert desk.steps <= MOST_STEPS


AT_THE_COUNTER: dict[str, tuple[Language, tuple[Story, ...]]] = {
    "account": ("en", (wrong_account_typed, locked)),
    "studies": (
        "de",
        (
            name_changed,
            chosen_name_set,
            not_in_the_import,
            withdrawn,
            under_age,
            exchange,
        ),
    ),
    "systems": (
        "en",
        (mailbox_not_ready, code_not_arriving, mystudy_exists_already, moodle_down),
    ),
    "cards": ("de", (card_lost, deposit_paid_twice)),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("about", AT_THE_COUNTER)
def test_everybody_at_the_counter_is_helped(
    campus: Campus, visit_campus: Visit, colleagues: None, about: str
) -> None:
    language, stories = AT_THE_COUNTER[about]
    help_everybody(stories, Stage(campus, visit_campus, language))


def test_somebody_is_helped_at_200_percent(
    campus: Campus, visit_campus: Visit, colleagues: None
) -> None:
    help_everybody([locked], Stage(campus, visit_campus, "de", ZOOMED))


# --- what people come with -----------------------------------------------------------


def activates(account: str, secret: str) -> None:
    choose_own_password(account=account, initial=secret, new=OWN, at=timezone.now())


def mistypes(person: Person, times: int = 8) -> None:
    """Type a wrong password again and again, until one waits for half a minute."""
    moment = timedelta(seconds=0.1)
    waits = [throttle.wait_after(tried) + moment for tried in range(1, times)]
    at = timezone.now() - sum(waits, moment)
    throttle.clear(account=person.account_name, at=at)
    for wait in [*waits, timedelta()]:
        with throttle.one_try(account=person.account_name, at=at):
            pass
        at += wait


def hangs(person: Person, system: str) -> None:
    """Wait until a system has not answered, and is not asked again soon."""
    rows = Sync.objects.filter(person=person, system=system)
    until(lambda: rows.filter(failures__gt=0, leased_until=None).exists())
    rows.update(due_at=timezone.now() + LATER)


def mine(person: Person) -> list[str]:
    rows = MailAddress.objects.filter(person=person)
    return list(rows.values_list("address", flat=True))


def acts_on(person: Person) -> list[str]:
    """Name what the help desk did to somebody, by name."""
    rows = Event.objects.filter(whom=person, who__account_name="helpdesk")
    return sorted(rows.values_list("what", flat=True))


def with_a_card(person: Person) -> Person:
    act = Act(id=uuid4(), person=person, by=a_colleague(), at=timezone.now())
    hand_out(act=act, number=CARD, how=Settlement.PAID)
    return person


def where(number: str) -> str:
    move = stock.where(number)
    return move.target if move else ""


def pays_too_much(person: Person) -> None:
    by, at = a_colleague(), timezone.now()
    shift = Shift.objects.create(
        key=uuid4(),
        place="desk",
        by=by,
        series="L26",
        float_cents=0,
        opened_at=at,
        noted_at=at,
    )
    act = Act(id=uuid4(), person=person, by=by, at=at)
    post(act=act, kind=Kind.SURPLUS_IN, cents=1000, shift=shift)
