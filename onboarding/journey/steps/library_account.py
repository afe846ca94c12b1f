"""The card strand: the library account works."""

from django.utils.translation import gettext_lazy as _

from accounts.catalogue import systems
from onboarding.cards.library_words import AccountState
from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand, Word

_PAGE = "journey:library_account"
_TROUBLE = frozenset(
    {AccountState.EXPIRED, AccountState.FEES, AccountState.EXPIRED_AND_FEES}
)


class LibraryAccount:
    """The library says that the account works, or the student does."""

    key = "library_account"
    title = _("Try your library account")
    strand = Strand.CARD

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody with a card."""
        return True

    def optional(self, _facts: Facts, /) -> bool:
        """Everybody needs it."""
        return False

    def now(self, facts: Facts, /) -> Now:
        """Done by the library's word; where it says nothing, by the student's."""
        if facts.card.works_since:
            return Now(
                Standing.DONE, note=_("Confirmed by the library."), url_name=_PAGE
            )
        if self.key in facts.ticks:
            return Now(
                Standing.DONE,
                note=_("You said that it works."),
                url_name=_PAGE,
                word=Word.GIVEN,
            )
        if not (facts.card.registered_at and facts.card.has_card):
            return Now(
                Standing.LATER, note=_("After registration and card."), url_name=_PAGE
            )
        return _here(facts)


def _here(facts: Facts) -> Now:
    if systems.PAIA not in systems.NAMES:
        note, word = _("Sign in once, and change the start password."), Word.ASKED
    elif AccountState.read(facts.card.account_state) in _TROUBLE:
        note = _("The library says that something is in the way of your account.")
        word = Word.UNASKED
    else:
        # Its turn, and it may take a day: nothing that anybody should wait before.
        note = _("The library links card and account, usually within a day.")
        return Now(Standing.LATER, note=note, url_name=_PAGE)
    return Now(
        Standing.HERE,
        note=note,
        url_name=_PAGE,
        action=_("Look how"),
        takes=_("Takes about 3 minutes."),
        word=word,
    )
