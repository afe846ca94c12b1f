"""The demo's tutors find their cards in their boxes."""

import pytest

from accounts.people.models import Person
from onboarding.cards.models import BoxCount, Card
from onboarding.cards.numbers import Rule, read
from onboarding.cards.stock import box_of
from onboarding.demo.boxes import TO_SPARE, fill_boxes
from onboarding.enrolment.models import GroupPlace, TutorGroup
from tests.cast import NOW, a_student

pytestmark = pytest.mark.django_db


def test_every_group_finds_a_card_for_everybody_and_some_to_spare() -> None:
    full, empty = (TutorGroup.objects.create(number=number) for number in (1, 2))
    for _ in range(4):
        GroupPlace.objects.create(person=a_student(), group=full)

    for _ in range(2):
        fill_boxes(at=NOW)

    assert [len(box_of(one)) for one in (full, empty)] == [4 + TO_SPARE, TO_SPARE]
    assert BoxCount.objects.count() == 2
    numbers = Card.objects.values_list("number", flat=True)
    assert not any(read(one, rule=Rule.in_force()).doubtful for one in numbers)
    assert Person.objects.get(account_name="librarydesk").display_name
