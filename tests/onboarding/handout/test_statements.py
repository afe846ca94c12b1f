"""What one hand-out asks of the database: the hall sends hundreds in a few minutes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.catalogue import systems
from accounts.due.mark import mark
from tests.onboarding.handout.hall import Hall, PhoneInHand


def test_a_hand_out_asks_nothing_twice(hall: Hall, phone: PhoneInHand) -> None:
    people = [one.pk for one in hall.students]
    mark(people=people, systems=systems.OF_CARDS, at=timezone.now())
    phone.hands_out(hall, 0, 0)

    with CaptureQueriesContext(connection) as asked:
        phone.hands_out(hall, 1, 1)

    said = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(said) == 19, "\n".join(said)
