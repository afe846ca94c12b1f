"""What the contract takes for granted of a system, and a system may be without."""

from enum import Enum


class Trait(Enum):
    """An adapter names those that its system is without, and says why."""

    # Something is wanted there, so that there are steps to carry out.
    STEPS = "steps"
    # It writes only where nobody else wrote since we looked.
    CONDITIONS = "conditions"
    # It refuses some people for good.
    REFUSALS = "refusals"
    # It is asked over a line, which can be cut, swallow answers and be slow.
    LINE = "line"
