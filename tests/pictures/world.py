"""A university in which every page has something to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.post.render import write
from accounts.signin import terms
from accounts.signin.models import RecoveryAddress
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import intake, letter_runs
from onboarding.enrolment.letters import issue
from onboarding.enrolment.models import CohortFile, Enrolment, School
from onboarding.enrolment.uploads import Upload, receive
from tests.cast import a_colleague, a_student, enrolled, export, export_row
from tests.pictures.arrived_world import arrive
from tests.pictures.asked_world import HANDLE
from tests.pictures.factor_world import PROVING_FACTORS, factor_people, prepare
from tests.pictures.hall_world import hall_world
from tests.pictures.help_world import help_world
from tests.pictures.library_world import library_world
from tests.pictures.mail_world import mail_students
from tests.pictures.teaching_world import teaching_students

MAIL = "20260915T080000-1"
FAR = timedelta(days=1)
PROVING = "cem@mail.example"
PLANNED = "planned"


@dataclass(frozen=True)
class World:
    """Sessions by who has them, and what addresses are made of."""

    sessions: Mapping[str, str]
    values: Mapping[str, str]

    def path(self, path: str) -> str:
        return path.format(**self.values)


def make_world(slapd: Slapd) -> World:
    """Fill the directory and the database; no worker is needed, and none disturbs."""
    cache.clear()
    staff.seat(slapd)
    people = _colleagues()
    # While few are here, one who leaves is a large share: that is what brakes hold.
    files = _files(people["registrar"])
    people |= {**_students(), **mail_students(slapd, active)}
    people |= teaching_students(slapd, active, people["registrar"])
    library = library_world(active)
    people |= library.people
    in_the_hall, hall_values = hall_world()
    people |= in_the_hall
    at_the_desk = help_world(people)
    people |= at_the_desk.people
    people |= factor_people(people)
    runs = _runs(people["registrar"])
    _mail(people["student"])
    return World(
        sessions={who: session_of(person, who) for who, person in people.items()},
        values={
            **files,
            **runs,
            **at_the_desk.values,
            **library.values,
            **hall_values,
            "mail": MAIL,
            "planned": PLANNED,
        },
    )


def _students() -> dict[str, Person]:
    """Give students at every point of their way."""
    now = timezone.now()
    ready = active(chosen_name="Cem")
    _look(ready)
    proved = active(given_names="Thu Trang", family_name="Nguyễn")
    _look(proved)
    RecoveryAddress.objects.create(person=proved, address=PROVING, proved_at=now)
    waiting = active(given_names="Noor", family_name="")
    _look(waiting, generation=2)
    delayed = active(family_name="Freifrau von und zu Hohenstein-Wolkenburg")
    _look(delayed, generation=2, failures=3, last_error="the directory is silent")
    parked = active(family_name="Öz")
    _look(parked, generation=2, failures=1, last_error="!two entries claim the number")
    left = active(family_name="Yıldız")
    _look(left)
    _leaves(left)
    professional = active(given_names="Birgit", family_name="Asmussen")
    Enrolment.objects.filter(person=professional).update(
        school=School.PROFESSIONAL, degree="MBA"
    )
    gone = arrive(active(given_names="Jonathan"), at=now - 3 * FAR, serial=37290)
    _leaves(gone)
    agreeing = a_student(activated_at=now)
    enrolled(agreeing)
    return {
        "student": ready,
        "proved": proved,
        "waiting": waiting,
        "delayed": delayed,
        "parked": parked,
        "left": left,
        "professional": professional,
        "gone": gone,
        "agreeing": agreeing,
        "arrived": arrive(active(given_names="Anneliese"), at=now - 3 * FAR),
    }


def active(**facts: object) -> Person:
    """Create an activated first-year who has agreed to the terms."""
    person = a_student(activated_at=timezone.now(), **facts)
    enrolled(person)
    terms.accept(person=person.pk, at=timezone.now())
    return person


def _leaves(person: Person) -> None:
    Enrolment.objects.filter(person=person).update(
        status="exmatriculated", status_date=timezone.localdate() - FAR
    )


def _look(person: Person, *, generation: int = 1, **facts: object) -> None:
    # Due tomorrow: what stands here is not worked off meanwhile.
    Sync.objects.create(
        person=person,
        system=DIRECTORY,
        generation=generation,
        settled_generation=1,
        settled_at=timezone.now(),
        due_at=timezone.now() + FAR if generation > 1 else None,
        failing_since=timezone.now() - FAR if facts else None,
        **facts,
    )


def _colleagues() -> dict[str, Person]:
    (one,) = [one for one in staff.STAFF if one.role is Role.REGISTRAR]
    registrar = a_colleague(
        account_name=one.account,
        given_names=one.given_name,
        family_name=one.family_name,
    )
    return {"registrar": registrar, "colleague": a_colleague()}


def _files(registrar: Person) -> dict[str, str]:
    """Give one export in every state."""
    known = a_student()
    enrolled(known)
    gone = a_student(family_name="Demirci", given_names="Elif")
    enrolled(gone)
    rows = (
        export_row(given_names="Elif", family_name="Şahin"),
        export_row(confidential="1"),
        export_row(school="Hogwarts", study_start="soon"),
        _row_of(known, programme="Digital Media"),
        _row_of(gone, status="withdrawn"),
    )
    waiting = _upload(registrar, "enrolment-20260915T060000-5.csv", *rows)
    now = timezone.now()
    moving = _upload(registrar, "enrolment-20260914T060000-1.csv", export_row())
    CohortFile.objects.filter(pk=moving.pk).update(
        confirmed_at=now, rows_done=640, rows_total=1000, leased_until=now + FAR
    )
    applied = _upload(registrar, "enrolment-20260913T060000-1.csv", export_row())
    CohortFile.objects.filter(pk=applied.pk).update(
        confirmed_at=now, applied_at=now, content=None
    )
    failed = _upload(registrar, "enrolment-20260912T060000-1.csv", export_row())
    CohortFile.objects.filter(pk=failed.pk).update(
        failed_at=now, failure=[intake.CHANGED_MEANWHILE.kept()], content=None
    )
    files = {"waiting": waiting, "moving": moving, "applied": applied, "failed": failed}
    return {f"{name}_file": str(file.pk) for name, file in files.items()}


def _row_of(person: Person, **facts: str) -> dict[str, str]:
    known = ("person_key", "matriculation_no", "account_name", "given_names")
    same = {name: getattr(person, name) for name in (*known, "family_name")}
    return export_row(**{**same, **facts})


def _upload(by: Person, name: str, *rows: dict[str, str]) -> CohortFile:
    now = timezone.now()
    file = receive(upload=Upload(name=name, chunks=[export(*rows)]), by=by.pk, at=now)
    intake.preview_now(file=file, at=now)
    return file


def _runs(registrar: Person) -> dict[str, str]:
    """Give runs of letters: one that ended, one under way, one broken off."""
    now = timezone.now()
    nobody = a_student()
    enrolled(nobody)
    ended = letter_runs.new_name()
    letters = issue(
        accounts=[nobody.account_name, "lg404404"], by=registrar.pk, at=now, run=ended
    )
    list(letters)
    begun = letter_runs.new_name()
    a_moment_ago = now - timedelta(minutes=1)
    letter_runs.begin(run=begun, total=4, by=registrar.pk, at=a_moment_ago)
    broken = letter_runs.new_name()
    letter_runs.begin(
        run=broken, total=4, by=registrar.pk, at=now - 2 * letter_runs.LONGEST
    )
    return {"ended_run": ended, "begun_run": begun, "broken_run": broken}


def _mail(person: Person) -> None:
    text = write(message="password_changed", person=person)
    mail = EmailMessage()
    mail["Subject"], mail["To"] = text.subject, PROVING
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["Date"] = timezone.now()
    mail.set_content(text.plain)
    mail.add_alternative(text.html, subtype="html")
    folder = Path(settings.DEMO_MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{MAIL}.eml").write_bytes(bytes(mail))


def session_of(person: Person, who: str) -> str:
    """Sign somebody in; give the session's key."""
    client = Client()
    client.force_login(person)
    session = client.session
    if who in PROVING_FACTORS:
        prepare(session, who)
    if who == "proved":
        session["proving"] = PROVING
    if who.startswith("helpdesk"):
        # Typed as late as nobody is asked for it once more.
        session["password_at"] = int(timezone.now().timestamp()) + 86_400
        session["handle"] = HANDLE
    if who == "registrar":
        session[f"letters:{PLANNED}"] = {"kind": "pdf", "accounts": []}
    if who == "librarydesk":
        # Whom disclosure is blocked for was found by the whole user name.
        blocked = Person.objects.filter(confidential=True)
        session["typed_exactly"] = list(blocked.values_list("pk", flat=True))
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)
