"""Troubles with the mailbox and the code that goes there."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.mailbox.standing import Code, Ready
from onboarding.helpdesk.offers import LOOK_AGAIN, RESEND_CODE
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.troubles.trouble import Trouble


def of_the_mailbox(seen: Seen) -> Iterator[Trouble]:
    """Say why there is no mailbox that works."""
    if seen.facts.mail.proved or not seen.facts.own_password:
        return
    match seen.facts.mail.ready:
        case Ready.NO_ADDRESS:
            yield _no_address()
        case Ready.SETTING_UP | Ready.NOT_YET | Ready.SILENT:
            yield _not_ready(seen)
        case Ready.TAKEN:
            yield _taken()
        case Ready.STUCK:
            yield _stuck(seen)
        case Ready.YES:
            yield _code(seen)


def _no_address() -> Trouble:
    return Trouble(
        "no_address",
        _("No e-mail address chosen yet"),
        _("The person has to choose one of the addresses that the portal suggests."),
        _("Please sign in, open “Set up your e-mail” and choose your address."),
        _("Nothing for the desk: it is the person’s turn."),
        mild=True,
    )


def _not_ready(seen: Seen) -> Trouble:
    return Trouble(
        "mailbox_not_ready",
        _("The mailbox is not ready yet"),
        _(
            "The address %(address)s is saved; the mail system does not take mail for"
            " it yet. It is asked again by itself."
        ),
        _(
            "Your address %(address)s is saved. The mail system is still setting up"
            " your mailbox; the page says so as soon as it is ready. You need not do"
            " anything."
        ),
        _("Look again now. After ten minutes: hand on to the MIZ."),
        remedy=LOOK_AGAIN,
        body="miz",
        args={"address": seen.facts.mail.address},
    )


def _taken() -> Trouble:
    return Trouble(
        "address_taken",
        _("The chosen address is somebody else’s"),
        _("The directory has the address already. The person has to choose another."),
        _(
            "Somebody has this address already. Please choose another one; the page"
            " suggests some."
        ),
        _("Nothing for the desk: it is the person’s turn."),
    )


def _stuck(seen: Seen) -> Trouble:
    return Trouble(
        "mailbox_stuck",
        _("The mailbox needs a human"),
        _("The mail system refused to set up %(address)s."),
        _(
            "The mail system refuses to set up your mailbox. You need not do anything;"
            " my colleagues repair it, and the page tells you."
        ),
        _("Look again once. If it stays, hand on to the MIZ."),
        remedy=LOOK_AGAIN,
        body="miz",
        args={"address": seen.facts.mail.address},
    )


def _code(seen: Seen) -> Trouble:
    hangs = seen.facts.mail.code in {Code.DELAYED, Code.BOUNCED}
    said = {
        Code.BOUNCED: _(
            "The mailbox refused the code: it may be full. Please delete something"
            " there; then press “Send a new code”."
        ),
        Code.DELAYED: _(
            "The code has been on its way for a while. I send it again now; please look"
            " in a minute, in the spam folder, too."
        ),
        Code.NONE: _(
            "Your mailbox is ready. Please press “Send the code” on the e-mail page,"
            " then read it at the address of your mailbox."
        ),
    }.get(
        seen.facts.mail.code,
        _(
            "The code went to your Leuphana mailbox %(address)s, not to your private"
            " one. Look there, in the spam folder, too; the newest code counts, for a"
            " quarter of an hour."
        ),
    )
    return Trouble(
        "code_missing",
        _("The code has not come back"),
        _(
            "The mailbox %(address)s takes mail; the code that was sent there has not"
            " been typed in."
        ),
        said,
        _("Send the code again: it goes where it went before.")
        if hangs
        else _("The person asks for a new code on the own page; the newest counts."),
        remedy=RESEND_CODE if hangs else None,
        args={"address": seen.facts.mail.address},
    )
