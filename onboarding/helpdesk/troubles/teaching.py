"""Troubles with myStudy and Moodle."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.catalogue.systems import MOODLE
from accounts.connectors.contract import Mode
from onboarding.helpdesk.offers import LOOK_AGAIN
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.troubles.trouble import Trouble

SUPPORT = "mystudy-support"


def of_mystudy(seen: Seen) -> Iterator[Trouble]:
    """Say what keeps the person out of myStudy."""
    mystudy = seen.facts.mystudy
    if mystudy.mode is Mode.NONE:
        return
    if mystudy.user_name and not mystudy.made_here:
        yield Trouble(
            "mystudy_exists",
            _("myStudy has an account already"),
            _(
                "The account %(name)s was made elsewhere, for a job in teaching, say."
                " There must not be a second one."
            ),
            _(
                "You have an account in myStudy already: %(name)s. Please use that one,"
                " with its own password. myStudy support sets a new password if you do"
                " not know it."
            ),
            _("Make no second account. For its password, hand on to myStudy support."),
            body=SUPPORT,
            args={"name": mystudy.user_name},
        )
    elif mystudy.progress.parked:
        yield Trouble(
            "mystudy_stuck",
            _("myStudy needs a human"),
            _("The account for myStudy could not be set right."),
            _(
                "Something is wrong with your myStudy account. We repair it, and the"
                " page tells you."
            ),
            _("Look again once. If it stays, hand on to myStudy support."),
            remedy=LOOK_AGAIN,
            body=SUPPORT,
        )
    elif not mystudy.done and not seen.facts.mail.proved:
        yield Trouble(
            "mystudy_waits",
            _("myStudy waits for the mailbox"),
            _("First the code has to come back from the mailbox, then myStudy opens."),
            _("E-mail first, then myStudy: your mailbox has to be confirmed before."),
            _("Help with the mailbox; the rest follows."),
            mild=True,
        )


def of_moodle(seen: Seen) -> Iterator[Trouble]:
    """Say what keeps the person out of Moodle."""
    for line in seen.systems:
        if line.key != MOODLE or line.well:
            continue
        if line.parked:
            yield Trouble(
                "moodle_stuck",
                _("Moodle needs a human"),
                _("%(sentence)s"),
                _(
                    "Moodle has a problem with your login. My colleagues repair it; the"
                    " page tells you."
                ),
                _("Look again once. If it stays, hand on to myStudy support."),
                remedy=LOOK_AGAIN,
                body=SUPPORT,
                args={"sentence": line.sentence},
            )
        elif line.failures:
            yield Trouble(
                "moodle_down",
                _("Moodle does not answer"),
                _("Moodle itself is away, not this account. The portal keeps asking."),
                _(
                    "Moodle does not answer at the moment. That is not your fault and"
                    " not your account: please try again later. Nothing is lost."
                ),
                _(
                    "Wait. If it lasts, tell myStudy support; do nothing to the"
                    " account."
                ),
                remedy=LOOK_AGAIN,
                body=SUPPORT,
            )
