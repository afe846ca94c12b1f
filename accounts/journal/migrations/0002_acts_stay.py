"""What the journal says stays, by the database's own doing.

On SQLite, Django alters a table by making it anew, which drops its triggers: a later
migration that alters this table has to call ``protect`` again.
"""

from django.db import migrations

WHY = "what the journal says is never changed or removed"
POSTGRESQL = f"""
    CREATE OR REPLACE FUNCTION journal_acts_stay() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION '{WHY}'; END;
    $$ LANGUAGE plpgsql;
"""


def protect(_apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    for verb in ("UPDATE", "DELETE"):
        name = f"journal_event_no_{verb.lower()}"
        head = f"CREATE TRIGGER {name} BEFORE {verb} ON journal_event"
        if vendor == "postgresql":
            body = "FOR EACH ROW EXECUTE FUNCTION journal_acts_stay()"
        else:
            body = f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
        schema_editor.execute(f"{head} {body}")


def let_go(_apps, schema_editor):
    on = schema_editor.connection.vendor == "postgresql"
    for verb in ("update", "delete"):
        where = " ON journal_event" if on else ""
        schema_editor.execute(f"DROP TRIGGER journal_event_no_{verb}{where}")
    if on:
        schema_editor.execute("DROP FUNCTION journal_acts_stay()")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(protect, let_go)]
