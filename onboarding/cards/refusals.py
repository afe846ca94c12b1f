"""Why something is not recorded: sentences for whoever stands at the desk."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from onboarding.cards.models import LedgerEntry, Move, Place, Spot


class Refused(Exception):
    """Nothing was recorded; the text says why, ``code`` says it to programs."""

    code = "refused"


class OwnRecord(Refused):
    """Nobody records anything for themselves."""

    code = "own_record"

    def __str__(self) -> str:
        """Say who may."""
        return _("This is your own record. Please ask a colleague to record it.")


class NotEnrolled(Refused):
    """Who does not study here gets no card."""

    code = "not_enrolled"

    def __str__(self) -> str:
        """Say who can tell, and what brings the person back."""
        return _(
            "This person is not enrolled here on that day. Nothing was recorded: please"
            " keep the card, and give back what was paid. Student administration can"
            " say why; who is enrolled again comes with the next import."
        )


class AlreadyHasCard(Refused):
    """The person has a card."""

    code = "already_has_card"

    def __init__(self, move: Move) -> None:
        """Know since when, and from whom."""
        super().__init__(move.pk)
        self.move = move

    def __str__(self) -> str:
        """Say who was first, and that no money was recorded either."""
        return _(
            "A card was recorded on %(when)s by %(who)s, %(where)s. Nothing more was"
            " recorded now: please keep this card, and give back what was paid."
        ) % _who_when(self.move)


class CardTaken(Refused):
    """Somebody else has this card."""

    code = "card_taken"

    def __init__(self, move: Move) -> None:
        """Know since when, and from whom; not to whom."""
        super().__init__(move.pk)
        self.move = move

    def __str__(self) -> str:
        """Name nobody but who recorded it."""
        return _(
            "This card is already with another person, since %(when)s, recorded by"
            " %(who)s, %(where)s. Nothing was recorded: please take another card."
        ) % _who_when(self.move)


class AlreadySettled(Refused):
    """The deposit has been paid or waived."""

    code = "already_settled"

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

    code = "nothing_open"

    def __str__(self) -> str:
        """Say what comes first."""
        return _("There is no open deposit: it begins with the card.")


class ActDiffers(Refused):
    """The same act was sent before, and said something else."""

    code = "act_differs"

    def __str__(self) -> str:
        """Say what to do."""
        return _(
            "This was recorded a moment ago with other details. Please look at what"
            " stands there now."
        )


class NotInBox(Refused):
    """The card does not lie in the box of this group."""

    code = "not_in_box"

    def __str__(self) -> str:
        """Say what to do."""
        return _(
            "This card is not in the box of this group. Nothing was recorded: please"
            " take a card out of the box."
        )


class NotGivenOut(Refused):
    """The card is where no card is given out from."""

    code = "not_given_out"

    def __init__(self, move: Move) -> None:
        """Know where it is."""
        super().__init__(move.pk)
        self.move = move

    def __str__(self) -> str:
        """Say where it is."""
        return _(
            "This card is recorded as: %(spot)s. Nothing was recorded: please take"
            " another card."
        ) % {"spot": str(Spot(self.move.target).label)}


class MeantForAnother(Refused):
    """The card was made for somebody else."""

    code = "meant_for_another"

    def __str__(self) -> str:
        """Name nobody."""
        return _(
            "This card was made for another person. Nothing was recorded: please take"
            " another card."
        )


class CardMoved(Refused):
    """Somebody else has moved the card at the same moment."""

    code = "card_moved"

    def __str__(self) -> str:
        """Say what to do."""
        return _("Somebody else has just recorded this card. Please look again.")


class CannotMove(Refused):
    """From where the card is, it does not get there."""

    code = "cannot_move"

    def __init__(self, *, source: str, target: str) -> None:
        """Know both ends."""
        super().__init__(source, target)
        self.source, self.target = source, target

    def __str__(self) -> str:
        """Say where it is."""
        if not self.source:
            return _("This number is in no delivery.")
        return _(
            "This card is recorded as: %(source)s. From there it cannot become:"
            " %(target)s."
        ) % {
            "source": str(Spot(self.source).label),
            "target": str(Spot(self.target).label),
        }


class NoCard(Refused):
    """The person has no card."""

    code = "no_card"

    def __str__(self) -> str:
        """Say so."""
        return _("No card is recorded for this person.")


class NothingToUndo(Refused):
    """There is no hand-out that this act could take back."""

    code = "nothing_to_undo"

    def __str__(self) -> str:
        """Say what may be the matter."""
        return _(
            "There is nothing to take back: it was taken back already, or the card has"
            " gone elsewhere since."
        )


class TooLate(Refused):
    """The ten minutes are over."""

    code = "too_late"

    def __str__(self) -> str:
        """Say who can."""
        return _(
            "This was recorded more than ten minutes ago. The coordinator can correct"
            " it."
        )


class MayNotWaive(Refused):
    """Who hands cards out on the way decides nothing about money."""

    code = "may_not_waive"

    def __str__(self) -> str:
        """Say who may."""
        return _("Only the library service desk and Finance can waive a deposit.")


class FeesOpen(Refused):
    """The library still gets money from this person."""

    code = "fees_open"

    def __str__(self) -> str:
        """Say what comes first."""
        return _(
            "Library fees are open. The deposit is paid back once they are settled."
        )


class NothingToRefund(Refused):
    """No money of this person is here."""

    code = "nothing_to_refund"

    def __str__(self) -> str:
        """Say so."""
        return _("There is nothing to pay back.")


class CardStillOut(Refused):
    """The deposit is for the card in hand."""

    code = "card_still_out"

    def __str__(self) -> str:
        """Say what comes first."""
        return _("First the card comes back, then the deposit is paid back.")


class NoShift(Refused):
    """Cash without a till."""

    code = "no_shift"

    def __str__(self) -> str:
        """Say what comes first."""
        return _("There is no till open. Count the float first.")


class AlreadyCounted(Refused):
    """The till is closed."""

    code = "already_counted"

    def __str__(self) -> str:
        """Say so."""
        return _("This till has been counted already.")


class NotCounted(Refused):
    """The till is still open."""

    code = "not_counted"

    def __str__(self) -> str:
        """Say what comes first."""
        return _("This till has to be counted first.")


class TakenOver(Refused):
    """Somebody has signed for the cash."""

    code = "taken_over"

    def __str__(self) -> str:
        """Say so."""
        return _("The cash of this till has been taken over already.")


class OwnCash(Refused):
    """Nobody takes over from themselves."""

    code = "own_cash"

    def __str__(self) -> str:
        """Say who can."""
        return _("Cash is taken over by a second person, signed in as themselves.")


class OwnBox(Refused):
    """Nobody takes a box over from themselves."""

    code = "own_box"

    def __str__(self) -> str:
        """Say who can."""
        return _("A box is taken back by a second person, signed in as themselves.")


def _who_when(act: Move | LedgerEntry) -> dict[str, str]:
    when = date_format(timezone.localtime(act.at), "DATETIME_FORMAT")
    return {
        "when": when,
        "who": act.by.display_name,
        "where": str(Place(act.place).label),
    }
