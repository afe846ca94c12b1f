"""Notes on people: never changed, by the database's own doing; they may be erased."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

POSTGRESQL = """
    CREATE OR REPLACE FUNCTION notes_stay() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'a note is never changed'; END;
    $$ LANGUAGE plpgsql;
"""
TRIGGER = "CREATE TRIGGER notes_note_no_update BEFORE UPDATE ON notes_note"


def protect(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        body = "FOR EACH ROW EXECUTE FUNCTION notes_stay()"
    else:
        body = "BEGIN SELECT RAISE(ABORT, 'a note is never changed'); END"
    schema_editor.execute(f"{TRIGGER} {body}")


def let_go(_apps, schema_editor):
    on = schema_editor.connection.vendor == "postgresql"
    where = " ON notes_note" if on else ""
    schema_editor.execute(f"DROP TRIGGER notes_note_no_update{where}")
    if on:
        schema_editor.execute("DROP FUNCTION notes_stay()")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.CharField(max_length=600)),
                (
                    "readers",
                    models.CharField(
                        choices=[
                            ("help_desk", "help desk only"),
                            ("both", "help desk and library service desk"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["person", "-at"], name="notes_note_person__f41747_idx"
                    )
                ],
            },
        ),
        migrations.RunPython(protect, let_go),
    ]
