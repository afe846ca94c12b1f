"""The card strand: library registration, card, deposit, library account."""

from django.utils.translation import gettext_lazy as _

from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand


class Registration:
    """Known to the library."""

    key = "registration"
    title = _("Register with the library")
    strand = Strand.CARD
    optional = False

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody may borrow books."""
        return True

    def now(self, _facts: Facts, /) -> Now:
        """Not part of the portal yet."""
        return Now(Standing.LATER, note=_("This opens here soon."))


class Card:
    """The Leuphana Card in hand."""

    key = "card"
    title = _("Get your Leuphana Card")
    strand = Strand.CARD
    optional = False

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody gets one."""
        return True

    def now(self, facts: Facts, /) -> Now:
        """Not part of the portal yet; the way to the card is told already."""
        if facts.group is None:
            return Now(
                Standing.LATER, note=_("You will get it at the library service desk.")
            )
        return Now(
            Standing.LATER,
            note=_("You will get it from the tutor of your group in Opening Week."),
        )


class Deposit:
    """Ten euros that come back with the card."""

    key = "deposit"
    title = _("Pay the deposit of €10.00")
    strand = Strand.CARD
    optional = False

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody with a card."""
        return True

    def now(self, _facts: Facts, /) -> Now:
        """Not part of the portal yet."""
        return Now(
            Standing.LATER,
            note=_("You get it back when you return the card."),
        )


class LibraryAccount:
    """The library account works."""

    key = "library_account"
    title = _("Try your library account")
    strand = Strand.CARD
    optional = False

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody with a card."""
        return True

    def now(self, _facts: Facts, /) -> Now:
        """Not part of the portal yet."""
        return Now(Standing.LATER, note=_("After registration and card."))
