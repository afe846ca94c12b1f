"""The brake: many removals at once stop, and wait for a human."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.connectors.contract import PermanentFailure, Step

# In one batch: so many may always go, above that no more than this share of it.
ALWAYS = 10
SHARE_PERCENT = 20


@dataclass(frozen=True, slots=True)
class Held:
    """The steps that may be done, and those that the brake holds."""

    free: tuple[Step, ...]
    held: tuple[Step, ...]


REASON = PermanentFailure("too_many_removals")


def brake(steps: Sequence[Step], *, looked_at: int, insisted: bool = False) -> Held:
    """Hold all removals of a batch where they are suspiciously many."""
    removals = tuple(step for step in steps if step.verb == "remove")
    bound = max(ALWAYS, looked_at * SHARE_PERCENT // 100)
    if insisted or len(removals) <= bound:
        return Held(free=tuple(steps), held=())
    return Held(
        free=tuple(step for step in steps if step.verb != "remove"), held=removals
    )
