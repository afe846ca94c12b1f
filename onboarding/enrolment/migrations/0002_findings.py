"""Keep the whole lists of a preview beside the few rows that its page shows."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A new column, empty for files that came before."""

    dependencies: ClassVar = [("enrolment", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="cohortfile",
            name="findings",
            field=models.BinaryField(null=True),
        ),
    ]
