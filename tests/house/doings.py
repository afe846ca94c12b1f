"""What the staff do, as pages let them: each is one story in a few presses."""

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.post.models import Mail
from accounts.signin import codes
from accounts.signin.models import MailedCode, Purpose, RecoveryAddress
from onboarding.cards.models import Card
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.applying import apply
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.held_models import Held
from onboarding.helpdesk.models import Approval
from tests.cast import a_colleague, a_first_year, export, export_row
from tests.onboarding.cards.pages import hidden
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall
from tests.onboarding.helpdesk.conftest import proved
from tests.onboarding.helpdesk.people import with_a_letter

CHECK = {"check_made": "in_person", "document": "passport"}
NEW = "ada@new.example"


@dataclass
class World:
    """A hall with Ada in it, and whoever of the staff is needed."""

    slapd: Slapd
    hall: Hall = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give everybody a role; nobody is signed in yet."""
        cache.clear()
        staff.seat(self.slapd)
        self.hall = make_hall(students=2)
        self.people["tutor01"] = self.hall.tutor

    @property
    def ada(self) -> Person:
        return self.hall.students[0]

    def colleague(self, role: Role) -> Person:
        account = next(one.account for one in staff.STAFF if one.role is role)
        if account not in self.people:
            # Two agents of one name would be taken for one human being.
            self.people[account] = a_colleague(
                account_name=account, family_name=account
            )
        return self.people[account]

    def at(self, role: Role) -> Client:
        """Give the browser of whoever has this role, the password just proved."""
        account = self.colleague(role).account_name
        if account not in self.browsers:
            client = Client(headers={"accept-language": "en"})
            client.force_login(self.people[account])
            proved(client)
            self.browsers[account] = client
        return self.browsers[account]

    @property
    def agent(self) -> Client:
        return self.at(Role.HELP_DESK)

    def record(self, person: Person | None = None) -> str:
        """Open a record for a reason; give its address."""
        at = f"/help-desk/{(person or self.ada).pk}/"
        self.agent.post(f"{at}reason/", {"reason": "counter"})
        return at

    def agreed(self) -> None:
        """Have the lead agree to the newest request."""
        self._decide("approve")

    def declined(self) -> None:
        self._decide("decline")

    def _decide(self, decision: str) -> None:
        asked = Approval.objects.latest("pk")
        address = f"/help-desk/approvals/{asked.pk}/"
        self.at(Role.HELP_DESK_LEAD).post(address, {"decision": decision})


def confirmed(client: Client, path: str, said: dict[str, Any], to: str = "") -> Any:
    """Fill a form in, and press the button of the page that asks once more."""
    return client.post(to or path, hidden(client.post(path, said)))


# --- the help desk --------------------------------------------------------------------


def resend(world: World) -> None:
    codes.ask_for_code(
        person=world.ada,
        purpose=Purpose.PROVE_ADDRESS,
        address=NEW,
        session="",
        at=timezone.now(),
    )
    Mail.objects.update(last_error="refused")
    world.agent.post(f"{world.record()}resend-code/")


def move(world: World) -> None:
    other = make_hall(number=42, tutor="tutor02", students=0, first_serial=20_000)
    world.agent.post(f"{world.record()}move/", {"group": other.group.pk})


def guarded(world: World) -> None:
    _guard(world, "yes")


def open_again(world: World) -> None:
    guarded(world)
    _guard(world, "no")


def _guard(world: World, on: str) -> None:
    lead, at = world.at(Role.HELP_DESK_LEAD), f"/help-desk/{world.ada.pk}/"
    lead.post(f"{at}reason/", {"reason": "counter"})
    lead.post(f"{at}guard/", {"guarded": on})


def a_slip(world: World) -> None:
    person, _ = with_a_letter()
    world.hall.students[0] = person
    said = {**CHECK, "cause": "no_letter"}
    world.agent.post(f"{world.record()}new-password/", said)


def another_address(world: World) -> None:
    had = {"address": "ada@old.example", "proved_at": timezone.now()}
    RecoveryAddress.objects.update_or_create(person=world.ada, defaults=had)
    at = f"{world.record()}recovery/"
    world.agent.post(at, CHECK)
    world.agreed()
    world.agent.post(at, {"address": NEW})
    digits = codes.open_code(code=MailedCode.objects.latest("pk"))
    world.agent.post(at, {"code": digits})


def declined(world: World) -> None:
    world.agent.post(f"{world.record()}recovery/", CHECK)
    world.declined()


def merged(world: World) -> None:
    stays, closes = world.hall.students
    at = f"{world.record(stays)}merge/"
    other = {"other": closes.account_name}
    world.agent.post(at, other)
    said = {**other, **CHECK, "stays": stays.account_name, "press": "ask"}
    world.agent.post(at, said)
    world.agreed()
    world.agent.post(at, {"press": "approved"})


def held_back(**facts: str) -> Held:
    cyrillic = {"family_name": "S\u043endermann", "given_names": "Orhan"}
    row = export_row(**cyrillic, **facts)
    reading = Reading(io.BytesIO(export(row)), name="", today=timezone.localdate())
    with Cohort(reading) as cohort:
        apply(cohort=cohort, by=None, at=timezone.now())
    return Held.now().get(person_key=row["person_key"])


def look_at_held(world: World) -> str:
    at = f"/help-desk/held/{held_back().pk}/"
    world.agent.post(f"{at}reason/", {"reason": "counter"})
    return at


def let_in(world: World) -> None:
    said = {"family_name": "Sondermann", "check": "in_person"}
    world.agent.post(f"{look_at_held(world)}release/", said)


# --- many at once ---------------------------------------------------------------------

STUCK = "/watch/people/system/directory/parked/look-again/"


def for_many(world: World, path: str) -> None:
    page = world.agent.get(path).content.decode()
    said = dict(re.findall(r'name="(act|seal)" value="([^"]+)"', page))
    world.agent.post(path, {**said, "press": "do"})


def look_at_many(world: World) -> None:
    Sync.objects.create(
        person=world.ada, system=DIRECTORY, failures=1, last_error="!refused"
    )
    for_many(world, STUCK)


def remind(world: World) -> None:
    now = timezone.now()
    person = a_first_year(initial_password_until=now + timedelta(days=30))
    RecoveryAddress.objects.create(person=person, address=NEW, proved_at=now)
    world.hall.students[0] = person
    for_many(world, "/watch/reminder/")


# --- registrar ------------------------------------------------------------------------


def uploaded(world: World) -> str:
    files = {"export": SimpleUploadedFile("export.csv", export(export_row()))}
    sent = world.at(Role.REGISTRAR).post("/registrar/imports/new/", files)
    return str(sent.headers["Location"])


def confirm(world: World) -> None:
    path = f"{uploaded(world)}confirm/"
    world.at(Role.REGISTRAR).post(path, {"unknown-origin": "on"})


def discard(world: World) -> None:
    world.at(Role.REGISTRAR).post(f"{uploaded(world)}discard/")


def settle_semester(world: World) -> None:
    said = {"opening_from": "2026-10-05", "opening_until": "2026-10-09"}
    hours = {"desk_hours_de": "werktags", "desk_hours_en": "weekdays"}
    path = "/registrar/semesters/2026ws/"
    world.at(Role.REGISTRAR).post(path, {**said, **hours})


def switch(world: World) -> None:
    said = {"mode": "leuphana", "from_date": timezone.localdate().isoformat()}
    world.at(Role.REGISTRAR).post("/registrar/mystudy/2026ws/", said)


def letters(world: World) -> None:
    person, _ = with_a_letter()
    world.hall.students[0] = person
    desk = world.at(Role.REGISTRAR)
    said = {"kind": "csv", "accounts": person.account_name}
    run = desk.post("/registrar/letters/", said).headers["Location"]
    b"".join(desk.post(f"{run}file/"))


# --- coordinator, library desk, Finance -----------------------------------------------

BOARD = "/handout/board"


def move_by_the_board(world: World) -> None:
    other = make_hall(number=42, tutor="tutor02", students=0, first_serial=20_000)
    at = f"{BOARD}/students/{world.ada.pk}/"
    world.at(Role.COORDINATOR).post(at, {"group": other.group.pk})


def lend(world: World) -> None:
    a_colleague(account_name="tutor02")
    today = timezone.localdate().isoformat()
    said = {"account": "tutor02", "first": today, "last": today}
    world.at(Role.COORDINATOR).post(f"{BOARD}/groups/41/", said)


def end_a_turn(world: World) -> None:
    lend(world)
    turn = world.hall.group.turns.get()
    world.at(Role.COORDINATOR).post(f"{BOARD}/groups/41/turns/{turn.pk}/end/")


def shut_out(world: World) -> None:
    phone = PhoneInHand(world.at(Role.TUTOR))
    phone.enrols()
    world.at(Role.COORDINATOR).post(f"{BOARD}/phones/{phone.key}/")


def hand_out(world: World, *, deposit: str = "paid") -> None:
    at = f"/library/{world.ada.pk}/"
    number = make_hall(
        number=43, tutor="tutor03", students=0, first_serial=30_000
    ).numbers[0]
    said = {"photo_id": "on", "card_number": number, "deposit": deposit}
    confirmed(world.at(Role.LIBRARY_DESK), at, said, f"{at}record/")


def waive(world: World) -> None:
    hand_out(world, deposit="open")
    said = {"account": world.ada.account_name, "reason": "scholarship"}
    confirmed(world.at(Role.FINANCE), "/finance/waive/", said)


def decide_cash(world: World) -> None:
    now = timezone.localtime()
    hours = [now + timedelta(hours=one) for one in (-1, 1)]
    begins, ends = (f"{one:%Y-%m-%dT%H:%M}" for one in hours)
    said = {"tutors": "on", "begins_at": begins, "ends_at": ends}
    confirmed(world.at(Role.FINANCE), "/finance/tutors-cash/", said)


def set_aside(world: World) -> None:
    card = Card.objects.get(number=world.hall.numbers[0])
    said = {"to": "blocked", "why": "missing"}
    confirmed(world.at(Role.LIBRARY_DESK), f"/library/cards/{card.pk}/", said)


def count_the_till(world: World) -> None:
    hand_out(world)
    confirmed(world.at(Role.LIBRARY_DESK), "/library/closing/", {"counted": "10"})
