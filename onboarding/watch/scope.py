"""Which part of the students a board is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet

from accounts.catalogue.cohort import begins, ends
from accounts.catalogue.standing import Programme
from accounts.people.models import Kind, Person
from onboarding.enrolment.models import Enrolment

# Stands in an address for leaving nobody out.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """A cohort, a school, a tutor group; whatever is empty leaves nobody out."""

    cohort: str = ""
    school: str = ""
    # The group's number.
    group: int | None = None

    @property
    def query(self) -> str:
        """Give what addresses of the same part end with."""
        named = {"cohort": self.cohort, "school": self.school, "group": self.group}
        return f"?{urlencode({name: value or ALL for name, value in named.items()})}"

    @property
    def slug(self) -> str:
        """Give what names of files of this part hold; nothing for everybody."""
        school = self.school.replace(" ", "-").lower()
        group = f"group-{self.group}" if self.group is not None else ""
        return "-".join(one for one in (self.cohort, school, group) if one)

    def people(self) -> QuerySet[Person]:
        """Give the students of this part, whether or not they still study."""
        students = Person.objects.filter(kind=Kind.STUDENT)
        if self.group is not None:
            students = students.filter(group_place__group__number=self.group)
        if self.cohort or self.school:
            students = students.filter(Exists(self._enrolments()))
        return students

    def schools(self, programmes: Iterable[Programme]) -> frozenset[str]:
        """Say which schools' boards count somebody of this part."""
        return frozenset(one.school for one in programmes if self._holds(one))

    def _holds(self, one: Programme) -> bool:
        if self.school and one.school != self.school:
            return False
        start = one.study_start
        return not self.cohort or begins(self.cohort) <= start < ends(self.cohort)

    def _enrolments(self) -> QuerySet[Enrolment]:
        theirs = Enrolment.objects.filter(person=OuterRef("pk"))
        if self.school:
            theirs = theirs.filter(school=self.school)
        if self.cohort:
            first, next_one = begins(self.cohort), ends(self.cohort)
            theirs = theirs.filter(study_start__gte=first, study_start__lt=next_one)
        return theirs
