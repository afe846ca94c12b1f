"""The path: read it aloud. What of it applies to whom, and what is next."""

from dataclasses import dataclass
from functools import cached_property

from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Step, Strand
from onboarding.journey.steps.account import Activation, Recovery
from onboarding.journey.steps.card import Card
from onboarding.journey.steps.deposit import Deposit
from onboarding.journey.steps.library_account import LibraryAccount
from onboarding.journey.steps.mail import Mail
from onboarding.journey.steps.moodle import Moodle
from onboarding.journey.steps.mystudy import MyStudy
from onboarding.journey.steps.registration import Registration

PATH: tuple[Step, ...] = (
    Activation(),
    Recovery(),
    Mail(),
    MyStudy(),
    Moodle(),
    Registration(),
    Card(),
    Deposit(),
    LibraryAccount(),
)


@dataclass(frozen=True)
class Station:
    """One step as one person sees it now."""

    step: Step
    now: Now
    optional: bool


@dataclass(frozen=True)
class Journey:
    """The whole way of one person, as it stands now."""

    stations: tuple[Station, ...]

    @property
    def account(self) -> tuple[Station, ...]:
        """Give the stations of the account strand."""
        return self._of(Strand.ACCOUNT)

    @property
    def card(self) -> tuple[Station, ...]:
        """Give the stations of the card strand."""
        return self._of(Strand.CARD)

    @cached_property
    def next(self) -> Station | None:
        """Give the one thing to do next: what is needed before what is optional."""
        mine = [s for s in self.stations if s.now.standing is Standing.HERE]
        return min(mine, key=lambda station: station.optional, default=None)

    @cached_property
    def waiting(self) -> Station | None:
        """Give what we are setting up at the moment."""
        return self._first(Standing.WAITING)

    @cached_property
    def problem(self) -> Station | None:
        """Give what has gone wrong."""
        return self._first(Standing.PROBLEM)

    @cached_property
    def foremost(self) -> Station | None:
        """Give the one thing: what is in the way, or under way, before what to do."""
        return self.problem or self.waiting or self.next

    @property
    def meanwhile(self) -> Station | None:
        """Give what is needed and to be done while something else is the one thing."""
        if self.next is self.foremost or (self.next and self.next.optional):
            return None
        return self.next

    @property
    def signature(self) -> str:
        """Give all that the drawn way depends on: who is as far shares a drawing."""
        return "|".join(
            f"{s.step.key}:{s.now.standing.value}:{s.now.url_name}"
            f":{s.optional}:{s.now.note}:{s.now.action}:{s.now.takes}:{s.now.word.value}"
            for s in self.stations
        )

    @property
    def done(self) -> int:
        """Count the needed steps that are done."""
        return sum(s.now.standing is Standing.DONE for s in self._needed())

    @property
    def complete(self) -> bool:
        """Say whether everything that is needed is done."""
        return 0 < self.needed == self.done

    @property
    def needed(self) -> int:
        """Count the steps that are needed."""
        return len(self._needed())

    def _needed(self) -> list[Station]:
        return [station for station in self.stations if not station.optional]

    def _of(self, strand: Strand) -> tuple[Station, ...]:
        return tuple(s for s in self.stations if s.step.strand is strand)

    def _first(self, standing: Standing) -> Station | None:
        return next((s for s in self.stations if s.now.standing is standing), None)


def journey(facts: Facts) -> Journey:
    """Compute somebody's way from the facts.

    Who does not study here keeps what is done, and is asked for nothing any more.
    """
    mine = (
        Station(step, step.now(facts), step.optional(facts))
        for step in PATH
        if step.applies(facts)
    )
    return Journey(
        tuple(
            station
            for station in mine
            if facts.studies or station.now.standing is Standing.DONE
        )
    )
