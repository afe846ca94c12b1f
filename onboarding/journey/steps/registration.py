"""The card strand: known to the library."""

from django.utils.translation import gettext_lazy as _

from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand

_PAGE = "applications:registration"


class Registration:
    """The library has the person's registration."""

    key = "registration"
    title = _("Register with the library")
    strand = Strand.CARD

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody may borrow books."""
        return True

    def optional(self, _facts: Facts, /) -> bool:
        """Everybody needs it."""
        return False

    def now(self, facts: Facts, /) -> Now:
        """Done once the form is sent; it waits for nothing, not even the account."""
        if facts.card.registered_at:
            return Now(
                Standing.DONE,
                note=_("The library has what it needs from you."),
                url_name=_PAGE,
            )
        if facts.card.begun:
            note = _(
                "What you have filled in so far is saved. The library gets it once you"
                " send it."
            )
            action = _("Go on where you stopped")
        else:
            note = _("With it your card becomes your library card, too.")
            action = _("Register")
        return Now(
            Standing.HERE,
            note=note,
            url_name=_PAGE,
            action=action,
            takes=_("Takes about 5 minutes."),
        )
