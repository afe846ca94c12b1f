"""The card strand: the Leuphana Card in hand."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.cards.route import Route
from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand

_PAGE = "cards:card"


class Card:
    """Somebody recorded that the person got a card."""

    key = "card"
    title = gettext_lazy("Get your Leuphana Card")
    strand = Strand.CARD

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody gets one."""
        return True

    def optional(self, _facts: Facts, /) -> bool:
        """Everybody needs it."""
        return False

    def now(self, facts: Facts, /) -> Now:
        """Done with the hand-out; until then it tells the way."""
        if facts.card.has_card:
            return Now(
                Standing.DONE, note=_("You have your Leuphana Card."), url_name=_PAGE
            )
        if facts.way.route is Route.TUTOR:
            return _from_tutor(facts)
        return _from_library(facts)


def _from_tutor(facts: Facts) -> Now:
    note = _("You get it from the tutor of group %(group)d in Opening Week.") % {
        "group": facts.group
    }
    if not facts.way.begun(facts.on):
        return Now(Standing.LATER, note=note, url_name=_PAGE)
    return Now(
        Standing.HERE, note=note, url_name=_PAGE, action=_("Look where and when")
    )


def _from_library(facts: Facts) -> Now:
    if not facts.card.registered_at:
        note = _("After the registration, at the library service desk.")
        return Now(Standing.LATER, note=note, url_name=_PAGE)
    return Now(
        Standing.HERE,
        note=_("It waits for you at the library service desk."),
        url_name=_PAGE,
        action=_("Look when, and what to bring"),
    )
