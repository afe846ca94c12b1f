"""Why the desk may not do something now; each is a sentence for the agent."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.enrolment.letter_runs import Obstacle


class Refused(Exception):
    """Nothing was done."""

    def __str__(self) -> str:
        """Say why, and what to do instead."""
        return _("Nothing was done.")


class TooMuchToday(Refused):
    """The agent has done as much of this today as one agent may."""

    def __init__(self, most: int) -> None:
        """Keep the limit."""
        super().__init__(most)
        self.most = most

    def __str__(self) -> str:
        """Name the limit."""
        return ngettext(
            "You have done this %(most)d time today; that is the most for one agent."
            " Fetch the lead.",
            "You have done this %(most)d times today; that is the most for one agent."
            " Fetch the lead.",
            self.most,
        ) % {"most": self.most}


class NothingToSend(Refused):
    """No mail with a code hangs."""

    def __str__(self) -> str:
        """Say what the person does instead."""
        return _(
            "No code of this person hangs. The person asks for a new one on the own"
            " page; the newest counts."
        )


class NeverHere(Refused):
    """The account is of the staff, of a colleague, or the agent's own."""

    def __str__(self) -> str:
        """Say who looks after such accounts."""
        return _(
            "The help desk repairs no account of a colleague, and nobody the own one."
            " The identity management of the MIZ does."
        )


class OncePerDay(Refused):
    """The account has had its new initial password today."""

    def __str__(self) -> str:
        """Say who may go beyond."""
        return _(
            "This account got a new initial password within the last 24 hours. Fetch"
            " the lead if it needs another one."
        )


class JustDone(Refused):
    """The same was done a moment ago; doing it again would undo it."""

    def __str__(self) -> str:
        """Say what has happened."""
        return _(
            "A slip for this account was made out a short time ago, and it is good."
            " The page says when, and lets it be made out again where it did not print."
        )


class LetterOrdered(Refused):
    """A letter is ordered already, and nobody has printed it yet."""

    def __str__(self) -> str:
        """Say so, and what else there is."""
        return _(
            "A letter for this account is ordered already and waits for the next run"
            " of student administration. A slip may still take its place."
        )


class NoSlipMade(Refused):
    """The directory, or the enrolment, stands in the way."""

    def __init__(self, obstacle: Obstacle) -> None:
        """Keep what is in the way."""
        super().__init__(obstacle)
        self.obstacle = obstacle

    def __str__(self) -> str:
        """Say what, and that nothing was counted."""
        nothing = _("Nothing was counted.")
        return f"{self.obstacle.sentence()} {nothing}"


class CodeNotRight(Refused):
    """The code is not the newest one, or nobody may send one yet."""

    def __str__(self) -> str:
        """Say what counts."""
        return _(
            "This code is not valid, or one was sent less than a minute ago. Only the"
            " newest counts, for fifteen minutes and five tries."
        )
