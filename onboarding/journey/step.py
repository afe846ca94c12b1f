"""What a step of the journey is; the path is a tuple of them."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from django.utils.functional import Promise

from onboarding.journey.facts import Facts

Text = str | Promise


class Standing(Enum):
    """How far one person has come with one step; computed, never stored."""

    DONE = "done"
    HERE = "here"
    WAITING = "waiting"
    LATER = "later"
    PROBLEM = "problem"


class Strand(Enum):
    """The two lines of the journey; neither waits for the other."""

    ACCOUNT = "account"
    CARD = "card"


class Word(Enum):
    """Whether a step goes by the student's own word, because no system can tell."""

    UNASKED = "unasked"
    # The student may say that it is done.
    ASKED = "asked"
    # The student said so, and may take it back.
    GIVEN = "given"


@dataclass(frozen=True)
class Now:
    """What a page says of a step at this moment.

    ``note`` is one or two sentences; ``url_name`` leads to the step's page where there
    is something to do; ``takes`` says how long that is.
    """

    standing: Standing
    note: Text = ""
    url_name: str = ""
    action: Text = ""
    takes: Text = ""
    word: Word = Word.UNASKED

    @property
    def by_word(self) -> bool:
        """Say whether it counts as done by the student's own word alone."""
        return self.standing is Standing.DONE and self.word is Word.GIVEN


class Step(Protocol):
    """One step: whom it concerns, and how far somebody is with it."""

    @property
    def key(self) -> str:
        """Name the step for tests and addresses."""
        ...

    @property
    def title(self) -> Text:
        """Say what there is to do, beginning with a verb."""
        ...

    @property
    def strand(self) -> Strand:
        """Say on which line it lies."""
        ...

    def applies(self, facts: Facts, /) -> bool:
        """Say whether the step is part of this person's way."""
        ...

    def optional(self, facts: Facts, /) -> bool:
        """Say whether this person's way is complete without it."""
        ...

    def now(self, facts: Facts, /) -> Now:
        """Say how far the person is; pure."""
        ...
