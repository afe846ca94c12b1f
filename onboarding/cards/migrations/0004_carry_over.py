"""Hand-outs become moves out of the stock, and cash gets the desk's first till."""

import uuid

from django.db import migrations


def carry_over(apps, _schema_editor):
    hand_outs = apps.get_model("cards", "HandOut").objects.order_by("pk")
    move = apps.get_model("cards", "Move")
    holding = apps.get_model("cards", "Holding")
    for one in hand_outs:
        same = {
            "card_id": one.card_id,
            "by_id": one.by_id,
            "at": one.at,
            "noted_at": one.at,
            "place": one.place,
        }
        move.objects.create(
            act=uuid.uuid4(), number=1, source="", target="stock", **same
        )
        given = move.objects.create(
            act=one.act,
            number=2,
            source="stock",
            target="person",
            person_id=one.person_id,
            **same,
        )
        holding.objects.filter(hand_out=one).update(move=given)


def one_till(apps, _schema_editor):
    entries = apps.get_model("cards", "LedgerEntry").objects
    cash = entries.filter(debit="cash") | entries.filter(credit="cash")
    first = cash.order_by("pk").first()
    if first is None:
        return
    till = apps.get_model("cards", "Shift").objects.create(
        key=uuid.uuid5(uuid.NAMESPACE_URL, "desk-till:1"),
        place="desk",
        by_id=first.by_id,
        series=f"L{first.at:%y}",
        float_cents=0,
        opened_at=first.at,
        noted_at=first.at,
    )
    cash.update(shift=till)


class Migration(migrations.Migration):
    dependencies = [("cards", "0003_stock")]
    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunPython(one_till, migrations.RunPython.noop),
    ]
