"""The account strand: Moodle, with the login of myStudy."""

from django.utils.translation import gettext_lazy as _

from accounts.connectors.contract import Mode
from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand, Word
from onboarding.journey.teaching import MoodleFacts

_PAGE = "journey:moodle"


class Moodle:
    """Learning platform of College and Graduate School."""

    key = "moodle"
    title = _("Open Moodle")
    strand = Strand.ACCOUNT

    def applies(self, facts: Facts, /) -> bool:
        """College and Graduate School only (systems table, row 5)."""
        return facts.mystudy.mode is not Mode.NONE

    def optional(self, facts: Facts, /) -> bool:
        """Doctoral students may do without (DOMAIN, edge case 31)."""
        return facts.doctoral

    def now(self, facts: Facts, /) -> Now:
        """Done once Moodle has seen the person, or by word where nobody asks it."""
        if facts.moodle.last_seen is not None:
            return _seen(facts)
        if self.key in facts.ticks:
            return Now(
                Standing.DONE,
                note=_("You said that you have been there."),
                url_name=_PAGE,
                word=Word.GIVEN,
            )
        if not facts.mystudy.done:
            return Now(Standing.LATER, note=_("After myStudy: it uses the same login."))
        if not facts.moodle.asked:
            return Now(
                Standing.HERE,
                note=_("Sign in once with your Leuphana account.")
                if facts.mystudy.mode is Mode.LEUPHANA
                else _("Sign in once with your login of myStudy."),
                url_name=_PAGE,
                action=_("Open Moodle"),
                takes=_("Takes about 2 minutes."),
                word=Word.ASKED,
            )
        return _under_way(facts.moodle) or Now(
            Standing.HERE,
            note=_("Sign in once with your Leuphana account; Moodle then tells us.")
            if facts.mystudy.mode is Mode.LEUPHANA
            else _("Sign in once with your login of myStudy; Moodle then tells us."),
            url_name=_PAGE,
            action=_("Open Moodle"),
            takes=_("Takes about 2 minutes."),
        )


def _seen(facts: Facts) -> Now:
    if not facts.moodle.login_changed:
        note = _("Confirmed by Moodle.")
    elif facts.mystudy.mode is Mode.LEUPHANA:
        note = _(
            "Confirmed by Moodle. From now on you sign in there with your Leuphana"
            " account."
        )
    else:
        note = _(
            "Confirmed by Moodle. From now on you sign in there with your myStudy"
            " account."
        )
    return Now(Standing.DONE, note=note, url_name=_PAGE)


def _under_way(moodle: MoodleFacts) -> Now | None:
    """Say what hinders somebody whom Moodle does not know yet."""
    if moodle.there or moodle.progress.settled:
        return None
    if moodle.progress.parked:
        return Now(
            Standing.PROBLEM,
            note=_(
                "Moodle does not take you in. We have been told and are looking into"
                " it; you need not do anything."
            ),
            url_name=_PAGE,
            action=_("Look at it"),
        )
    note = (
        _(
            "Moodle does not answer at the moment. We keep trying, and you may close"
            " this page."
        )
        if moodle.silent
        else _("We are setting you up in Moodle; that usually takes a minute.")
    )
    return Now(Standing.WAITING, note=note, url_name=_PAGE)
