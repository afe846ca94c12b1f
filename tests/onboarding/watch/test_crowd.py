"""The board's steps are the student's own steps, whoever looks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.people.models import Kind, Person
from onboarding.demo.servers.slapd import Slapd
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey
from onboarding.watch.crowd import crowd
from onboarding.watch.scope import Scope
from tests.cast import a_first_year
from tests.pictures.world import make_world

pytestmark = pytest.mark.django_db


def test_everybody_is_where_the_own_page_says(slapd: Slapd) -> None:
    make_world(slapd)
    now = timezone.now()
    seen = {one.person: one.way.standings for one in crowd(Scope(), at=now)}
    own = {}
    for person in Person.objects.filter(kind=Kind.STUDENT):
        facts = facts_of(person, at=now)
        if facts.studies:
            way = journey(facts)
            own[person.pk] = {s.step.key: s.now.standing for s in way.stations}

    assert len(own) > 20
    kinds = {(step, where) for one in own.values() for step, where in one.items()}
    assert len(kinds) > 25
    assert seen == own


@pytest.mark.rules
def test_many_cost_as_many_queries_as_one() -> None:
    counted = []
    for more in (1, 30):
        for _ in range(more):
            a_first_year()
        with CaptureQueriesContext(connection) as queries:
            assert crowd(Scope(cohort="2026ws", school="College"), at=timezone.now())
        counted.append(len(queries))

    assert counted[0] == counted[1]
