"""Troubles with what the import holds back."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.enrolment.held_models import Held
from onboarding.enrolment.releasing import correctable
from onboarding.helpdesk.offers import letting_in
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.troubles.trouble import Trouble


def of_quarantine(seen: Seen) -> Iterator[Trouble]:
    """Say what the import holds back of a student."""
    if seen.held:
        yield trouble(seen.held, known=True)


def trouble(held: Held, *, known: bool) -> Trouble:
    """Say why, and what to say; ``known`` where the portal has the person."""
    return _in_part(held) if known else _all_of_it(held)


def _args(held: Held) -> Mapping[str, object]:
    return {"day": held.held_at}


def _next_step(held: Held) -> Promise:
    if correctable(held):
        return _("Compare with the photo ID, and let the person in.")
    return _("Hand on to the Student Service; the next export takes the person in.")


def _all_of_it(held: Held) -> Trouble:
    return Trouble(
        "quarantined",
        _("Held back by the import"),
        _(
            "Since %(day)s the import holds this person back: the rows cannot be used"
            " as they are. There is no account and no letter yet."
        ),
        _(
            "Student administration has told us about you, but something in the data is"
            " not written as our systems need it. Please show me your photo ID; or the"
            " Student Service puts it right. You have done nothing wrong."
        ),
        _next_step(held),
        args=_args(held),
    )


def _in_part(held: Held) -> Trouble:
    return Trouble(
        "quarantined",
        _("Held back by the import"),
        _(
            "Since %(day)s the import holds back what student administration says of"
            " this person: it cannot be used as it is. Everything is as it was before."
        ),
        _(
            "Student administration has told us something new about you, but it is not"
            " written as our systems need it. Please show me your photo ID; or the"
            " Student Service puts it right. What you have stays."
        ),
        _next_step(held),
        remedy=letting_in(held) if correctable(held) else None,
        body="student-service",
        args=_args(held),
    )
