"""Whoever is known already is entered into the register of names."""

from django.db import migrations


def enter_everybody(apps, _schema_editor):
    # The same code as from now on; its tables are those of the migration before.
    from accounts.people.models import Person  # noqa: PLC0415
    from accounts.people.register import enter  # noqa: PLC0415

    known = apps.get_model("people", "Person").objects.filter(kind="student")
    columns = (
        "pk",
        "kind",
        "confidential",
        "given_names",
        "family_name",
        "chosen_name",
    )
    enter(
        Person(**dict(zip(("id", *columns[1:]), row, strict=True)))
        for row in known.values_list(*columns).iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0002_register")]
    operations = [migrations.RunPython(enter_everybody, migrations.RunPython.noop)]
