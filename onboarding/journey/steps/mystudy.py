"""The account strand: myStudy, by an account of its own or by the Leuphana account."""

from django.utils.translation import gettext_lazy as _

from accounts.connectors.contract import Mode
from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand, Text
from onboarding.journey.teaching import MyStudyFacts

_PAGE = "journey:mystudy"


class MyStudy:
    """Timetable and courses."""

    key = "mystudy"
    title = _("Open myStudy")
    strand = Strand.ACCOUNT

    def applies(self, facts: Facts, /) -> bool:
        """College and Graduate School only (systems table, row 4)."""
        return facts.mystudy.mode is not Mode.NONE

    def optional(self, facts: Facts, /) -> bool:
        """Doctoral students may do without (DOMAIN, edge case 31)."""
        return facts.doctoral

    def now(self, facts: Facts, /) -> Now:
        """Done once the directory says that an account opens it; that stays so."""
        if facts.mystudy.done:
            return Now(Standing.DONE, note=_login(facts.mystudy), url_name=_PAGE)
        if not facts.own_password:
            return Now(Standing.LATER, note=_("After activation and e-mail."))
        if facts.mystudy.mode is Mode.LEUPHANA or facts.mystudy.user_name:
            return _under_way(facts.mystudy)
        if not facts.mail.proved:
            return Now(
                Standing.LATER,
                note=_("E-mail first, then myStudy: the two belong together."),
            )
        return Now(
            Standing.HERE,
            note=_("Choose a user name and a password for myStudy."),
            url_name=_PAGE,
            action=_("Make your account"),
            takes=_("Takes about 2 minutes."),
        )


def _login(mystudy: MyStudyFacts) -> Text:
    if mystudy.mode is Mode.OWN:
        if mystudy.made_here:
            return _("You sign in with your myStudy account.")
        return _("You had a myStudy account already: it stays your way in.")
    if mystudy.own_account_opens:
        return _("From now on you sign in with your Leuphana account.")
    return _("Your Leuphana account opens it; there is nothing to set up.")


def _under_way(mystudy: MyStudyFacts) -> Now:
    if mystudy.progress.parked:
        return Now(
            Standing.PROBLEM,
            note=_(
                "We could not open myStudy for you. We have been told and are looking"
                " into it; you need not do anything."
            ),
            url_name=_PAGE,
            action=_("Look at it"),
        )
    return Now(Standing.WAITING, note=_waiting(mystudy), url_name=_PAGE)


def _waiting(mystudy: MyStudyFacts) -> Text:
    if mystudy.silent:
        return _(
            "The account directory does not answer at the moment. Your account is"
            " safe; we keep trying, and you may close this page."
        )
    if mystudy.progress.late:
        return _(
            "Opening myStudy takes longer than usual; we keep at it. You may close this"
            " page: it goes on by itself."
        )
    return _("We are opening myStudy for you; that usually takes a few seconds.")
