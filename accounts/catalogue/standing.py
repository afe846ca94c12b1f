"""What a person is here: programmes, and what follows from them on a day."""

from dataclasses import dataclass
from datetime import date

# What stands in the column `degree` for these.
EXCHANGE = "exchange"
DOCTORAL = frozenset({"Dr.", "PhD"})


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme of one person, as the enrolment export has it."""

    school: str
    degree: str
    faculty: str
    study_start: date
    semester_no: int
    status: str
    status_date: date

    def holds(self, on: date) -> bool:
        """Say whether the person is (still) enrolled in it on this day.

        A leaving status counts from its date; before it the person is a student.
        """
        return self.status in {"enrolled", "leave"} or self.status_date > on


@dataclass(frozen=True, slots=True)
class Standing:
    """All that entitlement depends on; computed, never stored."""

    programmes: tuple[Programme, ...]
    # The password in force is the person's own choice.
    own_password: bool

    def studies(self, on: date) -> bool:
        """Say whether the person is a student on this day."""
        return any(programme.holds(on) for programme in self.programmes)

    def schools(self, on: date) -> frozenset[str]:
        """Name the schools the person studies at on this day."""
        return frozenset(p.school for p in self.programmes if p.holds(on))

    def degrees(self, on: date) -> frozenset[str]:
        """Name the degrees the person studies for on this day."""
        return frozenset(p.degree for p in self.programmes if p.holds(on))
