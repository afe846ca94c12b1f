"""Why the desk may not do something now; each is a sentence for the agent."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


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
