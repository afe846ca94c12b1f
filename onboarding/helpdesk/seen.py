"""Everything the desk knows of one person at this moment, gathered once."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from accounts.catalogue.standing import EXCHANGE
from accounts.connectors.contract import Subject
from accounts.mailbox import addresses
from accounts.people.models import Kind, Person
from accounts.reconciler.subject import Facts as Loaders
from accounts.reconciler.subject import subjects
from onboarding.applications.age import Age, age_of
from onboarding.applications.registration import registrations_of
from onboarding.cards.handout import card_numbers_of
from onboarding.cards.returns import surplus
from onboarding.enrolment.facts import programmes_of
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.letter_orders import Order, order_of
from onboarding.enrolment.models import Enrolment
from onboarding.helpdesk.held import held_of
from onboarding.helpdesk.password import Password, password_of
from onboarding.helpdesk.systems import Line, lines
from onboarding.journey.facts import Facts, facts_of
from onboarding.journey.path import Journey, journey

LOADERS = Loaders(
    programmes=programmes_of,
    card_numbers=card_numbers_of,
    registrations=registrations_of,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One person: the facts that the student's own page is made of, and more."""

    person: Person
    at: datetime
    facts: Facts
    way: Journey
    password: Password
    systems: tuple[Line, ...]
    studies: tuple[Enrolment, ...]
    age: Age
    # Cents that were paid too much and wait to be paid back.
    surplus: int
    # Others of the same name, born on the same day, or with the same number.
    twins: tuple[Person, ...]
    # The names have changed since the e-mail address was chosen.
    may_rename_mail: bool
    # The last letter that the desk ordered.
    order: Order | None = None
    # What the import holds back of this person.
    held: Held | None = None

    @property
    def exchange(self) -> bool:
        """Say whether the person comes from another university for a while."""
        return any(one.degree == EXCHANGE for one in self.studies)

    @property
    def starts_on(self) -> date | None:
        """Give the day on which the studies begin, where that lies ahead."""
        ahead = [one.study_start for one in self.studies]
        first = min(ahead, default=None)
        return first if first and first > self.facts.on else None

    @property
    def renamed(self) -> bool:
        """Say whether the person is called otherwise than in the papers."""
        chosen = self.person.chosen_name
        return bool(chosen) and chosen != self.person.given_names


def seen(person: Person, *, at: datetime) -> Seen:
    """Gather it: as many questions for everybody, and one to the directory."""
    facts = facts_of(person, at=at)
    password = password_of(person, at=at)
    return Seen(
        person=person,
        at=at,
        facts=facts,
        way=journey(facts),
        password=password,
        systems=lines(
            person=person.pk,
            subject=_subject(person, at),
            entry=password.entry,
        ),
        studies=tuple(Enrolment.objects.filter(person=person).order_by("pk")),
        age=age_of(person.birth_date, on=timezone.localdate(at)),
        surplus=surplus(person.pk),
        twins=twins_of(person),
        order=order_of(person),
        held=held_of(person),
        may_rename_mail=bool(facts.mail.address) and addresses.may_choose(person),
    )


def twins_of(person: Person) -> tuple[Person, ...]:
    """Give who may be the same human being: a suspicion, never more.

    Names in the search form and date of birth agree, or the matriculation number does.
    """
    same = Q(pk=None)
    if person.birth_date and person.name_key:
        # By a name, nobody finds whoever has disclosure blocked.
        named = {"name_key": person.name_key, "birth_date": person.birth_date}
        same |= Q(**named, confidential=False)
    if person.matriculation_no:
        same |= Q(matriculation_no=person.matriculation_no)
    students = Person.objects.filter(kind=Kind.STUDENT, merged_into=None)
    return tuple(students.filter(same).exclude(pk=person.pk).order_by("pk"))


def _subject(person: Person, at: datetime) -> Subject | None:
    on = timezone.localdate(at)
    return subjects([person.pk], facts=LOADERS, on=on).get(person.pk)
