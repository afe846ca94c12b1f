"""Every act of cards and money stays, from here on by the database's own doing."""

import django.db.models.deletion
from django.db import migrations, models

ACTS = (
    "cards_move",
    "cards_delivery",
    "cards_boxcount",
    "cards_shift",
    "cards_shiftcount",
    "cards_shifthandover",
    "cards_cashdecision",
    "cards_receipt",
    "cards_ledgerentry",
)
POSTGRESQL = """
    CREATE OR REPLACE FUNCTION cards_acts_stay() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'an act is never changed or removed'; END;
    $$ LANGUAGE plpgsql;
"""


def protect(_apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    for table in ACTS:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            head = f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
            if vendor == "postgresql":
                body = "FOR EACH ROW EXECUTE FUNCTION cards_acts_stay()"
            else:
                why = "an act is never changed or removed"
                body = f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
            schema_editor.execute(f"{head} {body}")


def let_go(_apps, schema_editor):
    on = schema_editor.connection.vendor == "postgresql"
    for table in ACTS:
        for verb in ("update", "delete"):
            where = f" ON {table}" if on else ""
            schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}{where}")
    if on:
        schema_editor.execute("DROP FUNCTION cards_acts_stay()")


class Migration(migrations.Migration):
    dependencies = [("cards", "0004_carry_over")]
    operations = [
        migrations.RemoveField(model_name="holding", name="hand_out"),
        migrations.DeleteModel(name="HandOut"),
        migrations.AlterField(
            model_name="holding",
            name="move",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holding",
                to="cards.move",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            ("debit", "cash"), ("credit", "cash"), _connector="OR"
                        ),
                        ("shift__isnull", False),
                    ),
                    models.Q(
                        models.Q(
                            ("debit", "cash"),
                            ("credit", "cash"),
                            _connector="OR",
                            _negated=True,
                        ),
                        ("shift", None),
                    ),
                    _connector="OR",
                ),
                name="cash_lies_in_a_till",
            ),
        ),
        migrations.RunPython(protect, let_go),
    ]
