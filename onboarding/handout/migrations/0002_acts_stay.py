"""What phones sent, and what became of it, stays: the database itself sees to it."""

from django.db import migrations

ACTS = ("handout_phoneact", "handout_resolution")
POSTGRESQL = """
    CREATE OR REPLACE FUNCTION handout_acts_stay() RETURNS trigger AS $$
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
                body = "FOR EACH ROW EXECUTE FUNCTION handout_acts_stay()"
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
        schema_editor.execute("DROP FUNCTION handout_acts_stay()")


class Migration(migrations.Migration):
    dependencies = [("handout", "0001_phones")]
    operations = [migrations.RunPython(protect, let_go)]
