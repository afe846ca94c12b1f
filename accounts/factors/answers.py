"""What is said when the second factor was not proved."""

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.factors.authenticators import CodeRefused, Shut
from accounts.factors.keeping import NotAllowed, WrongWayBack
from accounts.factors.passkeys import PasskeyRefused
from accounts.signin.answers import MISTAKEN, TOO_SOON
from accounts.signin.throttle import Waiting

REFUSALS = (Waiting, CodeRefused, Shut, PasskeyRefused, WrongWayBack, NotAllowed)


def to_factor(form: Form, refusal: Exception) -> int:
    """Put the answer into the form; give the HTTP status."""
    match refusal:
        case Waiting(seconds=seconds):
            form.add_error(None, _wait(seconds))
            return TOO_SOON
        case CodeRefused():
            # It is never good again: nobody has to delete it.
            form.data = {}
            form.add_error(None, _sentence(refusal))
            return MISTAKEN
        case _:
            form.add_error(None, _sentence(refusal))
            return MISTAKEN


def _sentence(refusal: Exception) -> str:
    match refusal:
        case CodeRefused():
            return _(
                "This code is not good, or was used already. Wait for the next one in"
                " the app; if it is refused too, compare the clock of the device."
            )
        case Shut():
            return _(
                "There were too many wrong codes, so the app opens nothing any more."
                " Change your password if it was not you, and ask the lead of the help"
                " desk for a way back."
            )
        case PasskeyRefused():
            return _("This passkey was not accepted. Please try once more.")
        case WrongWayBack():
            return _(
                "This code is not good: it was used, has ended after a day, or a newer"
                " one has replaced it."
            )
        case _:
            return _("Another device was set up meanwhile. Please sign in again.")


def _wait(seconds: int) -> str:
    return ngettext(
        "Please wait %(seconds)d second, then try again. This try did not count.",
        "Please wait %(seconds)d seconds, then try again. This try did not count.",
        seconds,
    ) % {"seconds": seconds}
