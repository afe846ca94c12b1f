"""What a number of the board, and the part of the students, are called in words."""

from django.utils.translation import gettext as _

from onboarding.enrolment.models import School
from onboarding.enrolment.opening_week import named
from onboarding.helpdesk.failures import sentence
from onboarding.helpdesk.systems import NAMES
from onboarding.journey.path import PATH
from onboarding.journey.step import Standing
from onboarding.watch import behind, figures, work
from onboarding.watch.behind import Number
from onboarding.watch.scope import Scope
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


def part_of(scope: Scope) -> str:
    """Say which part of the students is looked at."""
    school = School(scope.school).label if scope.school else _("all schools")
    group = _("group %d") % scope.group if scope.group else _("all groups")
    cohort = named(scope.cohort) if scope.cohort else _("all semesters")
    return f"{cohort}, {school}, {group}"
