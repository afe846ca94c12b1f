"""The brake: many removals at once stop, and wait for a human."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.connectors.contract import PermanentFailure, Step, Verb

# So many may always go; beyond, no more than this share of everybody in the system may
# be about to lose something.
ALWAYS = 10
SHARE_PERCENT = 20

REASON = "too_many_removals"
HELD = PermanentFailure(REASON)


@dataclass(frozen=True, slots=True)
class Braked:
    """The steps that may be done, and those that the brake holds."""

    free: tuple[Step, ...]
    held: tuple[Step, ...]


def brake(
    steps: Sequence[Step], *, everybody: int, to_come: Iterable[int], before: int
) -> Braked:
    """Hold all removals of a batch where there are suspiciously many.

    ``to_come`` counts the removals that wait in further batches and is read only as
    far as needed; ``before`` counts those that the brake holds already. So it stops
    before the first of a thousand, not after the two hundredth.
    """
    removals = tuple(step for step in steps if takes_away(step))
    many = len(removals) + before
    if not removals or many <= ALWAYS:
        return Braked(free=tuple(steps), held=())
    bound = max(ALWAYS, everybody * SHARE_PERCENT // 100)
    waiting = iter(to_come)
    while many <= bound:
        try:
            many += next(waiting)
        except StopIteration:
            return Braked(free=tuple(steps), held=())
    rest = tuple(step for step in steps if not takes_away(step))
    return Braked(free=rest, held=removals)


def takes_away(step: Step | None) -> bool:
    """Say whether somebody would lose something by this step."""
    return step is not None and step.verb in {Verb.REMOVE, Verb.WITHDRAW}
