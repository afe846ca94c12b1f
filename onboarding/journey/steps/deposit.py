"""The card strand: euros that come back with the card."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.cards.amounts import deposit, euros
from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand

_PAGE = "cards:deposit"


class Deposit:
    """The deposit is paid or waived."""

    key = "deposit"
    title = gettext_lazy("Pay the deposit")
    strand = Strand.CARD

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody with a card."""
        return True

    def optional(self, _facts: Facts, /) -> bool:
        """Everybody needs it."""
        return False

    def now(self, facts: Facts, /) -> Now:
        """Done once the ledger has nothing open; due with the card."""
        if not facts.card.has_card:
            price = {"price": euros(deposit(on=facts.on))}
            note = _(
                "%(price)s, due once you have the card. You get it back when you"
                " return the card."
            )
            return Now(Standing.LATER, note=note % price, url_name=_PAGE)
        if facts.card.settled:
            note = _("Waived.") if facts.card.waived else _("There is nothing to pay.")
            if facts.card.receipt:
                note = _("Paid. You get it back when you return the card.")
            return Now(Standing.DONE, note=note, url_name=_PAGE)
        return Now(
            Standing.HERE,
            note=_("Please pay %(owed)s at the library service desk.")
            % {"owed": euros(facts.card.owed)},
            url_name=_PAGE,
            action=_("Look where"),
        )
