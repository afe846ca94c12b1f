"""Cards get moves, tills and deliveries; what there is stays, and is carried over next."""

import importlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

before = importlib.import_module("onboarding.cards.migrations.0002_acts_stay")
protect, let_go = before.protect, before.let_go


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0002_acts_stay"),
        ("enrolment", "0003_cohorts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(let_go, protect),
        migrations.CreateModel(
            name="BoxCount",
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
                ("act", models.UUIDField(unique=True)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("out", "to the group"),
                            ("back", "back to the library"),
                        ],
                        max_length=4,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("given", "who gave it"), ("taken", "who took it")],
                        max_length=5,
                    ),
                ),
                ("counted", models.PositiveSmallIntegerField()),
                ("expected", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CashDecision",
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
                ("begins_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
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
                ("act", models.UUIDField(unique=True)),
                ("counted", models.PositiveIntegerField()),
                ("numbers", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Move",
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
                ("act", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stock", "library stock"),
                            ("box", "box of a tutor group"),
                            ("person", "with a student"),
                            ("returned", "returned"),
                            ("defective", "defective"),
                            ("lost", "lost"),
                            ("blocked", "blocked"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("stock", "library stock"),
                            ("box", "box of a tutor group"),
                            ("person", "with a student"),
                            ("returned", "returned"),
                            ("defective", "defective"),
                            ("lost", "lost"),
                            ("blocked", "blocked"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("desk", "library service desk"),
                            ("tutor", "Opening Week tutor"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mistake", "recorded by mistake"),
                            ("swapped", "two cards had changed hands"),
                            ("lost", "lost"),
                            ("stolen", "stolen"),
                            ("damaged", "damaged, or does not work"),
                            ("left", "left the university"),
                            ("found", "found again"),
                            ("missing", "missing from its box"),
                            ("other", "another reason"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shift",
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
                ("key", models.UUIDField(unique=True)),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("desk", "library service desk"),
                            ("tutor", "Opening Week tutor"),
                        ],
                        max_length=8,
                    ),
                ),
                ("series", models.CharField(max_length=16)),
                ("float_cents", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ShiftCount",
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
                ("act", models.UUIDField(unique=True)),
                ("counted_cents", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ShiftHandOver",
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
                ("act", models.UUIDField(unique=True)),
                ("cents", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="ledgerentry",
            name="one_entry_per_act_and_kind",
        ),
        migrations.AddField(
            model_name="card",
            name="meant_for",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cards_made",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="reverses",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="cards.ledgerentry",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="credit",
            field=models.CharField(
                choices=[
                    ("open", "Still to be paid by students"),
                    ("deposits", "Deposits of cards in hand"),
                    ("fees", "Library fees"),
                    ("replacements", "Replacement fees"),
                    ("forfeited", "Deposits of lost cards"),
                    ("surplus", "To be paid back"),
                    ("cash", "In the tills"),
                    ("safe", "Handed over"),
                    ("differences", "Cash differences"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="debit",
            field=models.CharField(
                choices=[
                    ("open", "Still to be paid by students"),
                    ("deposits", "Deposits of cards in hand"),
                    ("fees", "Library fees"),
                    ("replacements", "Replacement fees"),
                    ("forfeited", "Deposits of lost cards"),
                    ("surplus", "To be paid back"),
                    ("cash", "In the tills"),
                    ("safe", "Handed over"),
                    ("differences", "Cash differences"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("deposit_due", "Deposit due"),
                    ("deposit_in", "Deposit paid"),
                    ("deposit_waiver", "Deposit waived"),
                    ("deposit_refund", "Deposit paid back"),
                    ("write_off", "Deposit kept for a lost card"),
                    ("fee_due", "Library fee due"),
                    ("fee_in", "Library fee paid"),
                    ("fee_waiver", "Library fee waived"),
                    ("replacement_due", "Replacement fee due"),
                    ("replacement_in", "Replacement fee paid"),
                    ("replacement_waiver", "Replacement fee waived"),
                    ("surplus_in", "Paid though nothing was due"),
                    ("surplus_moved", "Paid for a card that was taken back"),
                    ("surplus_refund", "Surplus paid back"),
                    ("float_out", "Float"),
                    ("hand_over", "Cash handed over"),
                    ("over", "More cash than recorded"),
                    ("short", "Less cash than recorded"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ledger_entries",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="boxcount",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="boxcount",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="box_counts",
                to="enrolment.tutorgroup",
            ),
        ),
        migrations.AddField(
            model_name="cashdecision",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="card",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to="cards.card",
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="group",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to="enrolment.tutorgroup",
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="move",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holding",
                to="cards.move",
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shifts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="shift",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="cards.shift",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses", None)),
                fields=("act", "kind"),
                name="one_entry_per_act_and_kind",
            ),
        ),
        migrations.AddField(
            model_name="shiftcount",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shiftcount",
            name="shift",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counting",
                to="cards.shift",
            ),
        ),
        migrations.AddField(
            model_name="shifthandover",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shifthandover",
            name="shift",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handing_over",
                to="cards.shift",
            ),
        ),
        migrations.AddIndex(
            model_name="boxcount",
            index=models.Index(
                fields=["group", "-at"], name="cards_boxco_group_i_86b3f3_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="cashdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("begins_at", None), ("ends_at", None)),
                    ("begins_at__lt", models.F("ends_at")),
                    _connector="OR",
                ),
                name="cash_period_has_two_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="move",
            index=models.Index(
                fields=["person", "at"], name="cards_move_person__38b0f9_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.UniqueConstraint(
                fields=("card", "number"), name="one_next_move"
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.UniqueConstraint(
                fields=("act", "card"), name="one_move_per_act"
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("target", "person"), _negated=True),
                    ("person__isnull", False),
                    _connector="OR",
                ),
                name="move_names_its_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("group__isnull", False), ("target", "box")),
                    models.Q(
                        models.Q(("target", "box"), _negated=True),
                        ("group__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="move_names_its_box",
            ),
        ),
    ]
