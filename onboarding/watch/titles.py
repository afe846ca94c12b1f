"""What a number of the board is called above the list of its people."""

from django.utils.translation import gettext as _

from onboarding.helpdesk.failures import sentence
from onboarding.helpdesk.systems import NAMES
from onboarding.journey.path import PATH
from onboarding.journey.step import Standing
from onboarding.watch import behind, figures, work
from onboarding.watch.behind import Number
from onboarding.watch.work import Lack

_STEPS = {step.key: step.title for step in PATH}


def title_of(number: Number) -> str:
    """Say whom a number counts."""
    match number.kind:
        case behind.STEP:
            what, how = _STEPS[number.about], figures.WORDS[Standing(number.how)]
        case behind.SYSTEM:
            what, how = NAMES[number.about], work.WORDS[Lack(number.how)]
        case behind.ERROR:
            what, how = NAMES[number.about], sentence(number.how)
        case _:
            return str(behind.WORDS[number.how])
    # Translators: a step or system, and how people stand with it.
    return _("%(what)s: %(how)s") % {"what": what, "how": how}
