"""Why something is not recorded: sentences for whoever stands at the desk."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from onboarding.cards.models import HandOut, LedgerEntry, Place


class Refused(Exception):
    """Nothing was recorded; the text says why."""


class OwnRecord(Refused):
    """Nobody records anything for themselves."""

    def __str__(self) -> str:
        """Say who may."""
        return _("This is your own record. Please ask a colleague to record it.")


class AlreadyHasCard(Refused):
    """The person has a card."""

    def __init__(self, hand_out: HandOut) -> None:
        """Know since when, and from whom."""
        super().__init__(hand_out.pk)
        self.hand_out = hand_out

    def __str__(self) -> str:
        """Say who was first, and that no money was recorded either."""
        return _(
            "A card was recorded on %(when)s by %(who)s, %(where)s. Nothing more was"
            " recorded now: please keep this card, and give back what was paid."
        ) % _who_when(self.hand_out)


class CardTaken(Refused):
    """Somebody else has this card."""

    def __init__(self, hand_out: HandOut) -> None:
        """Know since when, and from whom; not to whom."""
        super().__init__(hand_out.pk)
        self.hand_out = hand_out

    def __str__(self) -> str:
        """Name nobody but who recorded it."""
        return _(
            "This card is already with another person, since %(when)s, recorded by"
            " %(who)s, %(where)s. Nothing was recorded: please take another card."
        ) % _who_when(self.hand_out)


class AlreadySettled(Refused):
    """The deposit has been paid or waived."""

    def __init__(self, entry: LedgerEntry) -> None:
        """Know since when, and by whom."""
        super().__init__(entry.pk)
        self.entry = entry

    def __str__(self) -> str:
        """Say who was first."""
        return _(
            "The deposit was settled on %(when)s by %(who)s, %(where)s. Nothing more"
            " was recorded now: please give back what was paid."
        ) % _who_when(self.entry)


class NothingOpen(Refused):
    """There is no deposit to settle."""

    def __str__(self) -> str:
        """Say what comes first."""
        return _("There is no open deposit: it begins with the card.")


class ActDiffers(Refused):
    """The same act was sent before, and said something else."""

    def __str__(self) -> str:
        """Say what to do."""
        return _(
            "This was recorded a moment ago with other details. Please look at what"
            " stands there now."
        )


def _who_when(act: HandOut | LedgerEntry) -> dict[str, str]:
    when = date_format(timezone.localtime(act.at), "DATETIME_FORMAT")
    return {
        "when": when,
        "who": act.by.display_name,
        "where": str(Place(act.place).label),
    }
