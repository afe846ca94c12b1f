"""What a colleague asks to do for many: whom exactly it is about, and where."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse

from onboarding.helpdesk import approvals
from onboarding.helpdesk.models import Approval
from onboarding.watch.behind import Number
from onboarding.watch.forms import ScopeForm
from onboarding.watch.scope import Scope
from onboarding.watch.titles import title_of

# What a request for reminders is about: no number of the board.
REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for many, read back."""

    request: Approval
    # None where reminders are asked for.
    number: Number | None
    scope: Scope
    # Whom exactly it is about (ids).
    people: frozenset[int]

    @property
    def title(self) -> str:
        """Say what is asked for whom."""
        return (
            title_of(self.number) if self.number else approvals.sentence(self.request)
        )

    @property
    def page(self) -> str:
        """Give the address where the asker does it."""
        if self.number is None:
            return reverse("watch:remind") + self.scope.query
        one = self.number
        where = reverse("watch:look_again", args=(one.kind, one.about, one.how))
        return where + self.scope.query


def asked(number: int, *, at: datetime) -> Asked | None:
    """Read an open request (number) back; nothing where it is open no longer."""
    request = approvals.open_for_many(number, at=at)
    if request is None:
        return None
    about = urlsplit(str(request.facts["about"]))
    return Asked(
        request=request,
        number=None if about.path == REMINDER else Number(*about.path.split("/")),
        scope=ScopeForm(QueryDict(about.query)).scope(),
        people=frozenset(int(one) for one in str(request.facts["people"]).split(",")),
    )
