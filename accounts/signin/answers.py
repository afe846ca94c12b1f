"""What people are told when it did not work.

Before a secret is proved right there is one answer, whatever the reason: unknown name,
wrong, ended, locked, no password yet. Only after it, the reason is told.
"""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.directory.errors import (
    DirectoryError,
    DirectoryRefused,
    DirectoryUnavailable,
    EntryMissing,
    PasswordRefused,
    Reason,
)
from accounts.signin.activation import AlreadyActive, Merged, TooWeak
from accounts.signin.policy import rules
from accounts.signin.throttle import Waiting

MISTAKEN = 422
TOO_SOON = 429
UNAVAILABLE = 503
# Seconds after which looking again makes sense.
RETRY_AFTER = 30

# What a try at a password may end with; a page says it, and keeps what was typed.
REFUSALS = (Waiting, TooWeak, AlreadyActive, Merged, DirectoryError)
log = logging.getLogger(__name__)


def to_activation(form: Form, refusal: Exception) -> int:
    """Put the answer to an activation into the form; give the HTTP status."""
    if isinstance(refusal, PasswordRefused) and refusal.reason is Reason.WRONG:
        form.add_error(
            None,
            _(
                "This did not work. Compare user name and initial password with your"
                " letter. It may also be that a newer letter has replaced it, that the"
                " initial password has expired, or that the account is active already:"
                " then sign in with your own password, or get a new letter at the help"
                " desk."
            ),
        )
        return MISTAKEN
    return _other(form, refusal)


def to_sign_in(form: Form, refusal: Exception) -> int:
    """Put the answer to a sign-in into the form; give the HTTP status."""
    if isinstance(refusal, PasswordRefused):
        form.add_error(
            None,
            _(
                "This did not work. Check user name and password. It may also be that"
                " the account is not active yet: then activate it with your letter. If"
                " you have lost the password, get a new one."
            ),
        )
        return MISTAKEN
    return _other(form, refusal)


def to_change(form: Form, refusal: Exception) -> int:
    """Put the answer to a change of password into the form; give the HTTP status."""
    if isinstance(refusal, PasswordRefused) and refusal.reason is Reason.WRONG:
        form.add_error("password", _("This is not your current password."))
        return MISTAKEN
    return _other(form, refusal)


def to_proof(form: Form, refusal: Exception) -> int:
    """Put the answer to a proof of the own password into the form; give the status."""
    if isinstance(refusal, PasswordRefused):
        form.add_error("password", _("This is not your password."))
        return MISTAKEN
    return _other(form, refusal)


def to_recovery(form: Form, refusal: Exception) -> int:
    """Put the answer to a new password by code into the form; give the status."""
    if isinstance(refusal, PasswordRefused) and refusal.reason is Reason.WRONG:
        # Somebody gave the account another password at the same moment.
        return _other(form, DirectoryUnavailable("the password changed meanwhile"))
    return _other(form, refusal)


def password_rules() -> dict[str, object]:
    """Give what a page needs to say the rules of a new password up front."""
    return {
        "rules": rules(),
        "password_least": settings.PASSWORD_LEAST,
        "password_most": settings.PASSWORD_MOST,
    }


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], status: int
) -> HttpResponse:
    """Show a page with the status that fits; say when to try again."""
    response = render(request, template, dict(context), status=status)
    if status == UNAVAILABLE:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _other(form: Form, refusal: Exception) -> int:
    match refusal:
        case Waiting(seconds=seconds):
            form.add_error(None, _wait(seconds))
            return TOO_SOON
        case TooWeak(weaknesses=weaknesses):
            for weakness in weaknesses:
                form.add_error("new_password", weakness.sentence())
        case AlreadyActive() | Merged():
            form.add_error(None, _not_this_way(refusal))
        case PasswordRefused(reason=reason):
            form.add_error("new_password", _directorys(reason))
        case EntryMissing():
            form.add_error(None, _gone())
        case DirectoryError():
            form.add_error(None, _not_done(refusal))
            return UNAVAILABLE
        case _:
            raise refusal
    return MISTAKEN


def _not_done(refusal: DirectoryError) -> str:
    if isinstance(refusal, DirectoryRefused):
        log.error("the directory refuses: %s", refusal.result)
        return _(
            "The account directory refuses to do this at the moment. That is not your"
            " fault, nothing was changed, and it does not count as a try. Please try"
            " again in a few minutes; if it happens again, the help desk has a look"
            " with you."
        )
    log.warning("no answer from the directory: %s", type(refusal).__name__)
    return _(
        "The account directory does not answer. That is not your fault, and it does not"
        " count as a try. Please try again in a few minutes, with the same entries."
    )


def _gone() -> str:
    return _(
        "The account directory does not know this account any more. Please come to the"
        " help desk."
    )


def _not_this_way(refusal: AlreadyActive | Merged) -> str:
    if isinstance(refusal, AlreadyActive):
        return _(
            "This account is active already, and what you typed as the initial"
            " password is your own password. Nothing was changed: sign in with it."
        )
    return _(
        "This account is closed: it was merged with your other one, %(account)s. Sign"
        " in with that user name and its password. Everything you had is there."
    ) % {"account": refusal.account_name}


def _wait(seconds: int) -> str:
    return ngettext(
        "Please wait %(seconds)d second, then try again. This try did not count.",
        "Please wait %(seconds)d seconds, then try again. This try did not count.",
        seconds,
    ) % {"seconds": seconds}


def _directorys(reason: Reason) -> str:
    sentences = {
        Reason.TOO_SHORT: _("The directory wants a longer password."),
        Reason.TOO_WEAK: _("The directory finds this password too easy to guess."),
        Reason.USED_BEFORE: _("You have had this password before; choose another one."),
        Reason.TOO_SOON: _("The password was changed a moment ago; wait a little."),
    }
    return sentences.get(reason, _("The directory does not take this password."))
