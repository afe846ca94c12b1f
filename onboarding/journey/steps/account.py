"""The account strand: activate, and a way back in."""

from django.utils.translation import gettext_lazy as _

from onboarding.journey.facts import Facts
from onboarding.journey.step import Now, Standing, Strand, Text


class Activation:
    """The Leuphana account works with the person's own password."""

    key = "activation"
    title = _("Activate your account")
    strand = Strand.ACCOUNT

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody needs it."""
        return True

    def optional(self, _facts: Facts, /) -> bool:
        """Everybody needs it."""
        return False

    def now(self, facts: Facts, /) -> Now:
        """Done once the directory has had the own password and what it opens."""
        if not facts.own_password:
            return Now(
                Standing.HERE,
                note=_("You need your letter with the initial password."),
                url_name="signin:activate",
                action=_("Activate account"),
                takes=_("Takes about 3 minutes."),
            )
        if not facts.opened:
            return _under_way(facts)
        return Now(Standing.DONE, note=_("Your account is ready."))


def _under_way(facts: Facts) -> Now:
    if facts.account.parked:
        return Now(
            Standing.PROBLEM,
            note=_(
                "Your password is in force, but we could not switch on all"
                " services. We have been told and are looking into it; you need not"
                " do anything. If it is urgent, the help desk knows more."
            ),
            url_name="look:help",
            action=_("Ask the help desk"),
        )
    return Now(Standing.WAITING, note=_waiting(facts))


def _waiting(facts: Facts) -> Text:
    if facts.account.stuck:
        return _(
            "Your password is in force. The account directory does not answer"
            " at the moment; we keep trying, and you may close this page."
        )
    if facts.account.late:
        return _(
            "Your password is in force. Switching on your services takes longer than"
            " usual; we keep at it. You may close this page: it goes on by itself."
        )
    return _(
        "Your password is in force. We are switching on your services; that"
        " usually takes a few seconds."
    )


class Recovery:
    """A private address that a code can be sent to."""

    key = "recovery"
    title = _("A way back in")
    strand = Strand.ACCOUNT

    def applies(self, _facts: Facts, /) -> bool:
        """Everybody may have one."""
        return True

    def optional(self, _facts: Facts, /) -> bool:
        """Nobody has to."""
        return True

    def now(self, facts: Facts, /) -> Now:
        """Done once an address is proved; it may be changed at any time."""
        if facts.recovery_address:
            return Now(
                Standing.DONE,
                note=_("If you lose your password, a code reaches you."),
                url_name="signin:recovery",
            )
        if not facts.own_password:
            return Now(Standing.LATER)
        return Now(
            Standing.HERE,
            note=_(
                "Leave a private e-mail address. If you lose your password, you get a"
                " new one without coming to the help desk."
            ),
            url_name="signin:recovery",
            action=_("Add an e-mail address"),
            takes=_("Takes about 2 minutes."),
        )
