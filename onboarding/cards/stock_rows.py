"""Lines of a list that somebody should look at, put into words."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _

from onboarding.cards.number_lists import Fault, Listed

# A page stays light, however long the list is; the counts are complete.
ROWS_SHOWN = 45
ERRORS_SHOWN = 10


def rows_to_look_at(
    listed: Listed, known: frozenset[str] = frozenset()
) -> Sequence[Sequence[str]]:
    """Give the lines that are not plainly right, as many as have room."""
    found = [*listed.faults, *listed.doubled]
    digit = _("The last digit does not fit the others.")
    found += [Fault(one.line, one.number, digit) for one in listed.doubtful]
    there = _("This card is known already.")
    found += [
        Fault(one.line, one.number, there) for one in listed.rows if one.number in known
    ]
    # Whatever is of no use comes before what is only to be looked at.
    shown = sorted(found[:ROWS_SHOWN], key=lambda one: one.line)
    return [(str(one.line), one.typed, one.reason) for one in shown]


def as_errors(form: forms.Form, listed: Listed) -> None:
    """Say at the field why no line of a list could be used."""
    for one in listed.faults[:ERRORS_SHOWN]:
        where = {"line": one.line, "reason": one.reason}
        form.add_error("numbers", _("Line %(line)s: %(reason)s") % where)
