"""Fills an empty stage: the demo's cohort, and students at points of their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db.models import QuerySet
from django.utils.timezone import localdate, localtime

from accounts.catalogue.cohort import cohort_code_of
from accounts.factors.authenticators import STEP
from accounts.people.models import Kind, Person
from accounts.signin.activation import choose_own_password
from accounts.signin.credentials import InitialPassword, read_initial_password
from onboarding.demo.boxes import fill_boxes
from onboarding.demo.cast import EVERYBODY
from onboarding.demo.second_factor import code_of, needs_one
from onboarding.demo.semester import dates, opening_week, semester_start
from onboarding.demo.staff import PASSWORD, STAFF, Colleague
from onboarding.enrolment.letters import issue
from onboarding.enrolment.models import Cohort, Status
from onboarding.enrolment.opening_week import dates_of
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey

COHORT = Path(__file__).parent / "cohort"
# Where the demo's own people are not, a cohort lends so many of its first ones.
LENT = 4


@dataclass(frozen=True)
class Login:
    """One line of the table that the console shows."""

    account: str
    password: str
    who: str
    # What the colleague's authenticator app shows, where one is asked for.
    code: str = ""


def admit(*, cohort: str, layout: str, at: datetime, say: OutputWrapper) -> None:
    """Import the demo's cohort into an empty stage, or the export named ``cohort``."""
    empty = not _students().exists()
    if cohort:
        # Whoever names a file for an empty stage has looked at it.
        insisting = ["--insist"] if empty else []
        reading = ["--layout", layout] if layout else []
        _import(cohort, *insisting, *reading, say=say)
    elif empty:
        folder = Path(settings.STATE_DIR) / "cohort"
        folder.mkdir(parents=True, exist_ok=True)
        rows, export = _dated("enrolment.csv", at=at)
        file = folder / f"enrolment-{localtime(at):%Y%m%dT%H%M%S}-{rows}.csv"
        file.write_text(export, encoding="utf-8")
        groups = folder / "tutor-groups.csv"
        groups.write_text(_dated("tutor-groups.csv", at=at)[1], encoding="utf-8")
        _import(str(file), "--tutor-groups", str(groups), say=say)
    _settle_semester(at=at)
    fill_boxes(at=at)


def take_places(*, at: datetime) -> dict[str, str]:
    """Let who has a part activate; give the passwords, by account name.

    The one who never started gets a new letter at every start, so that the console
    can show what no file keeps.
    """
    people = _cast()
    asleep, others = people[:1], people[1:]
    _activate([one for one in others if one.activated_at is None], at=at)
    letters = _letters([one for one in asleep if one.activated_at is None], at=at)
    return {one.account_name: PASSWORD for one in others} | {
        one.account_name: letters.get(one.account_name, "(chosen by you)")
        for one in asleep
    }


def logins(passwords: Mapping[str, str], *, at: datetime) -> list[Login]:
    """Say of everybody with a password who it is, and where on the way."""
    people = _students().filter(account_name__in=passwords).order_by("account_name")
    students = [
        Login(one.account_name, passwords[one.account_name], _words(one, at=at))
        for one in people
    ]
    return students + [
        Login(one.account, PASSWORD, f"{one.role.value}: {one.does}", _code(one, at=at))
        for one in STAFF
        if one.does
    ]


def as_table(table: list[Login]) -> str:
    """Lay logins out for a console."""
    heads = Login("User name", "Password", "Who", "Code")
    wide = max(len(one.account) for one in [heads, *table])
    wider = max(len(one.password) for one in [heads, *table])
    return "\n".join(
        f"  {one.account:<{wide}}  {one.password:<{wider}}  {one.code:<6}  {one.who}"
        for one in [heads, *table]
    )


def _code(one: Colleague, *, at: datetime) -> str:
    # The portal is ready some seconds later: the next code is good for longer.
    later = at + timedelta(seconds=STEP)
    return code_of(one.account, at=later) if needs_one(one) else ""


def _import(*arguments: str, say: OutputWrapper) -> None:
    call_command("import_enrolment", *arguments, stdout=say)


def _settle_semester(*, at: datetime) -> None:
    """Let Opening Week be this week, unless somebody has said when it is."""
    today = localdate(at)
    first, last = opening_week(today=today)
    code = cohort_code_of(semester_start(today=today))
    if (dates_of(code).opening_until or date.min) < today:
        Cohort.objects.update_or_create(
            code=code,
            defaults={
                "opening_from": first,
                "opening_until": last,
                "desk_hours_de": "Montag bis Freitag 9 bis 18 Uhr",
                "desk_hours_en": "Monday to Friday, 9:00 to 18:00",
            },
        )


def _students() -> QuerySet[Person]:
    return Person.objects.filter(kind=Kind.STUDENT)


def _cast() -> list[Person]:
    """Give who never started, then who is to be activated; nobody where nobody is."""
    named = _students().filter(account_name__in=EVERYBODY)
    if named.exists():
        return list(named.order_by("account_name"))
    # The first of a cohort that we do not know.
    here = _students().filter(enrolments__status=Status.ENROLLED).distinct()
    return list(here.order_by("account_name")[:LENT])


def _letters(people: list[Person], *, at: datetime) -> dict[str, str]:
    """Issue letters; give what is printed on them, by account name."""
    if not people:
        return {}
    accounts = [one.account_name for one in people]
    issued = issue(accounts=accounts, by=None, at=at, run=f"demo-{uuid4()}")
    return {letter.account_name: letter.initial_password for letter in issued}


def _activate(people: list[Person], *, at: datetime) -> None:
    letters = _letters(people, at=at)
    for person in people:
        letter = read_initial_password(letters[person.account_name])
        if isinstance(letter, InitialPassword):
            choose_own_password(
                account=person.account_name,
                initial=letter.secret,
                new=PASSWORD,
                at=at,
            )
        person.refresh_from_db()


def _dated(name: str, *, at: datetime) -> tuple[int, str]:
    text = (COHORT / name).read_text(encoding="utf-8")
    text = text.format(**dates(today=localdate(at)))
    return len(text.splitlines()) - 1, text


def _words(person: Person, *, at: datetime) -> str:
    study = person.enrolments.order_by("pk").first()
    degree = f", {study.degree} {study.school}" if study else ""
    return f"{person.display_name}{degree}: {_stands(person, at=at)}"


def _stands(person: Person, *, at: datetime) -> str:
    """Say where somebody stands, as the journey page has it."""
    if not person.has_own_password:
        return "new letter" if person.activated_at else "never started"
    way = journey(facts_of(person, at=at))
    one = way.foremost
    if one is None or way.complete:
        return "done with everything"
    if one is way.problem:
        return f"stuck, the help desk has to look: {one.step.title}"
    if one is way.waiting:
        return f"waiting for us: {one.step.title}"
    return f"next: {one.step.title} ({one.now.action})"
