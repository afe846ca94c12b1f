"""The account strand: the Leuphana mailbox, proved by a code that was read in it."""

from django.utils.translation import gettext_lazy as _

from accounts.mailbox.standing import Code, Ready
from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand

_PAGE = "mailbox:mail"


class Mail:
    """The Leuphana mailbox."""

    key = "mail"
    title = _("Set up your e-mail")
    strand = Strand.ACCOUNT

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody gets one."""
        return True

    def optional(self, _facts: Facts, /) -> bool:
        """Everybody needs it."""
        return False

    def now(self, facts: Facts, /) -> Now:
        """Done once a code came back from the mailbox; that stays so."""
        if facts.mail.proved:
            return Now(
                Standing.DONE,
                note=_("Confirmed by a code from your mailbox."),
                url_name=_PAGE,
            )
        if not facts.own_password:
            return Now(
                Standing.LATER, note=_("After activation: your account opens it.")
            )
        if facts.mail.ready is Ready.STUCK:
            return Now(
                Standing.PROBLEM,
                note=_(
                    "Your address is saved, but we could not set up the mailbox. We"
                    " have been told and are looking into it; you need not do anything."
                ),
                url_name=_PAGE,
                action=_("Look at it"),
            )
        return _under_way(facts) or _here(facts)


def _under_way(facts: Facts) -> Now | None:
    if facts.mail.ready is Ready.SILENT:
        note = _(
            "The mail system does not answer at the moment. Your address is saved; we"
            " keep trying, and you may close this page."
        )
    elif facts.mail.ready is Ready.NOT_YET:
        note = _(
            "We are setting up your mailbox. It takes longer than usual; we go on, and"
            " you may close this page."
        )
    elif facts.mail.ready is Ready.SETTING_UP:
        note = _("We are setting up your mailbox; that usually takes 20 seconds.")
    else:
        return None
    return Now(Standing.WAITING, note=note, url_name=_PAGE)


def _here(facts: Facts) -> Now:
    if facts.mail.ready is Ready.TAKEN:
        note, action = (
            _("The university has your address already. Please choose another one."),
            _("Choose another address"),
        )
    elif facts.mail.ready is Ready.NO_ADDRESS:
        note, action = (
            _("Choose your address, then read your first e-mail."),
            _("Choose an address"),
        )
    elif facts.mail.code is Code.BOUNCED:
        note, action = (
            _("Your mailbox refused the code. Perhaps it is full."),
            _("Have another look"),
        )
    else:
        note, action = (
            _("Your mailbox is ready. Read the code that we send there."),
            _("Read your first e-mail"),
        )
    return Now(
        Standing.HERE,
        note=note,
        url_name=_PAGE,
        action=action,
        takes=_("Takes about 3 minutes."),
    )
