"""What a sweep over everybody would do; nothing is done."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from itertools import islice

from django.utils import timezone

from accounts.connectors.contract import Connector, Step, compare
from accounts.people.models import Kind, Person
from accounts.reconciler.subject import Facts, subjects


@dataclass(frozen=True, slots=True)
class Line:
    """One person in one system: the act, and which parts of the state differ."""

    system: str
    account_name: str
    verb: str
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Write the line as `manage.py plan` shows it."""
        parts = f" ({', '.join(self.parts)})" if self.parts else ""
        return f"{self.system} {self.verb} {self.account_name}{parts}"


def plan(*, connector: Connector, facts: Facts, at: datetime) -> Iterator[Line]:
    """Give a line per student; raises TemporaryFailure where the system is silent."""
    ids = Person.objects.filter(kind=Kind.STUDENT).order_by("pk")
    rest = ids.values_list("pk", flat=True).iterator()
    while people := list(islice(rest, connector.batch)):
        who = subjects(people, facts=facts, on=timezone.localdate(at))
        found = connector.find(list(who.values()))
        for one in (one for one in people if one in who):
            subject = who[one]
            verdict = compare(connector, subject, found.get(one))
            if verdict.failure:
                verb = f"failure:{verdict.failure}"
                yield Line(connector.name, subject.account_name, verb)
            else:
                yield _line(connector, subject.account_name, verdict.step)


def _line(connector: Connector, account_name: str, step: Step | None) -> Line:
    if step is None:
        return Line(connector.name, account_name, "none")
    return Line(connector.name, account_name, step.verb, _parts(step))


def _parts(step: Step) -> tuple[str, ...]:
    before, after = (step.found.state if step.found else None), step.wanted
    if not is_dataclass(before) or not is_dataclass(after):
        return ()
    return tuple(
        one.name
        for one in fields(after)
        if getattr(before, one.name) != getattr(after, one.name)
    )
