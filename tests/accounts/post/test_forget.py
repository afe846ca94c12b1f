"""Old mails let go of their addresses."""

from datetime import timedelta

import pytest

from accounts.post.models import Mail
from accounts.post.send import forget
from tests.cast import NOW, a_student

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


def kept(*, due: bool, days: int) -> Mail:
    asked_at = NOW - timedelta(days=days)
    return Mail.objects.create(
        person=a_student(),
        message="password_changed",
        address="cem@mail.example",
        occasion=f"{due}:{days}",
        asked_at=asked_at,
        due_at=asked_at if due else None,
    )


def test_an_old_mail_keeps_its_occasion_but_no_address() -> None:
    old, young, waiting = (
        kept(due=False, days=31),
        kept(due=False, days=29),
        kept(due=True, days=31),
    )

    forget(at=NOW)

    addresses = dict(Mail.objects.values_list("pk", "address"))
    assert addresses == {
        old.pk: "",
        young.pk: "cem@mail.example",
        waiting.pk: "cem@mail.example",
    }
