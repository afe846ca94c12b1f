"""The database finds people of one name; whoever is known already gets the key."""

from itertools import islice

from django.db import migrations, models

_BATCH = 2000


def key_everybody(apps, _schema_editor):
    # The same code as from now on.
    from accounts.people.naming import name_key  # noqa: PLC0415

    person = apps.get_model("people", "Person")
    everybody = iter(list(person.objects.values_list("pk", flat=True)))
    while some := list(islice(everybody, _BATCH)):
        people = person.objects.only("given_names", "family_name").filter(pk__in=some)
        for one in people:
            one.name_key = name_key(
                given_names=one.given_names, family_name=one.family_name
            )
        person.objects.bulk_update(people, ["name_key"], batch_size=250)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_merged"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="name_key",
            field=models.CharField(blank=True, db_default="", max_length=128),
        ),
        migrations.RunPython(key_everybody, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["name_key", "birth_date"], name="people_of_one_name"
            ),
        ),
    ]
