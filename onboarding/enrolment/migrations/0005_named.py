"""What the export named last is kept beside where a coordinator put somebody."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def remember(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Take the groups of today for the export's word."""
    place = apps.get_model("enrolment", "GroupPlace")
    group = apps.get_model("enrolment", "TutorGroup")
    number = group.objects.filter(pk=OuterRef("group")).values("number")
    place.objects.update(named=Subquery(number))


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0004_closed"),
    ]

    operations = [
        migrations.AddField(
            model_name="groupplace",
            name="named",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
