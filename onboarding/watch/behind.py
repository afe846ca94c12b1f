"""Which people a number of the board counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.catalogue import systems
from onboarding.helpdesk.failures import kind_of
from onboarding.journey.step import Standing
from onboarding.watch import work
from onboarding.watch.crowd import STEPS, Member, crowd
from onboarding.watch.scope import Scope
from onboarding.watch.work import Lack

# The first word of an address of people; then what it is about, then how that stands.
WHOLE, STEP, SYSTEM, ERROR = "all", "step", "system", "error"
EVERYBODY, NOT_BEGUN, COMPLETE, STUCK = "everybody", "not-begun", "complete", "stuck"
LATELY = "lately"
_WHOLE: Mapping[str, Callable[[Member, datetime], bool]] = {
    EVERYBODY: lambda _one, _at: True,
    NOT_BEGUN: lambda one, _at: not one.begun,
    LATELY: lambda one, at: one.begun_lately(at),
    COMPLETE: lambda one, _at: one.way.complete,
    STUCK: lambda one, _at: one.way.stuck,
}
WORDS: Mapping[str, Promise] = {
    EVERYBODY: _("Everybody"),
    NOT_BEGUN: _("Not begun yet"),
    LATELY: _("Activated within the last hour"),
    COMPLETE: _("Everything done"),
    STUCK: _("Needs a human"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the board: of which kind, about what, and how that stands."""

    kind: str
    about: str
    how: str

    @property
    def known(self) -> bool:
        """Say whether the board has such a number."""
        match self.kind:
            case "all":
                return self.how in _WHOLE and self.about == "way"
            case "step":
                return self.about in STEPS and self.how in {
                    one.value for one in Standing
                }
            case "system":
                return self.about in systems.NAMES and self.how in set(Lack)
            case "error":
                return self.about in systems.NAMES
            case _:
                return False


def people(number: Number, scope: Scope, *, at: datetime) -> frozenset[int]:
    """Give the people (ids) behind a number; as many queries for any of them."""
    if number.kind == SYSTEM:
        rows = work.rows_of(scope.people()).filter(
            work.of(Lack(number.how), at=at), system=number.about
        )
        return frozenset(rows.values_list("person_id", flat=True))
    if number.kind == ERROR:
        return _by_error(number, scope)
    test = _WHOLE[number.how] if number.kind == WHOLE else _standing(number)
    return frozenset(one.person for one in crowd(scope, at=at) if test(one, at))


def _by_error(number: Number, scope: Scope) -> frozenset[int]:
    rows = work.rows_of(scope.people()).filter(system=number.about)
    noted = rows.exclude(last_error="").values_list("person_id", "last_error")
    return frozenset(one for one, error in noted if kind_of(error) == number.how)


def _standing(number: Number) -> Callable[[Member, datetime], bool]:
    step, how = number.about, Standing(number.how)
    return lambda one, _at: one.way.standings.get(step) is how
