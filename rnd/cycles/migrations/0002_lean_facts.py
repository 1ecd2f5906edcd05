"""Facts that are quick to write: no constraint stands behind copied values, segments lie in monthly partitions."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Facts are a projection of the journal: they are thrown away, and their consumer reads it from the beginning.
START_ANEW = """
TRUNCATE cycles_loop;
DELETE FROM journal_parked WHERE consumer = 'cycles.project';
DELETE FROM journal_cursor WHERE consumer = 'cycles.project';
"""

# Django cannot say PARTITION BY. All segments of a ticket lie in the month in which its loop began.
CREATE_SEGMENT = """
DROP TABLE cycles_segment;
CREATE TABLE cycles_segment (
    began timestamptz NOT NULL,
    loop_id bigint NOT NULL,
    ordinal integer NOT NULL CHECK (ordinal >= 0),
    stage varchar(8) NOT NULL,
    mode varchar(8) NOT NULL,
    pass_number smallint NOT NULL CHECK (pass_number >= 0),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT segment_forwards CHECK (since < until),
    PRIMARY KEY (loop_id, ordinal, began)
) PARTITION BY RANGE (began);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("cycles", "0001_initial"),
        ("frontline_feedback", "0001_initial"),
        ("journal", "0001_initial"),
        ("releases", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE_SEGMENT), migrations.RunSQL(START_ANEW)],
            state_operations=[
                migrations.DeleteModel(name="Segment"),
                migrations.CreateModel(
                    name="Segment",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "loop_id", "ordinal", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("began", models.DateTimeField(help_text="when the loop started")),
                        ("ordinal", models.PositiveIntegerField()),
                        ("stage", models.CharField(max_length=8)),
                        ("mode", models.CharField(max_length=8)),
                        ("pass_number", models.PositiveSmallIntegerField()),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField()),
                        (
                            "loop",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="segments",
                                to="cycles.loop",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="segment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("since__lt", models.F("until"))), name="segment_forwards"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="loop",
            name="fixed_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="the verdict that finished it is about",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="releases.release",
            ),
        ),
        migrations.AddField(
            model_name="loop",
            name="reached",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateTimeField(null=True),
                default=list,
                help_text="the high-water mark by stage",
                size=9,
            ),
        ),
        migrations.AddField(
            model_name="loop",
            name="release",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="it was seen on",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="releases.release",
            ),
        ),
        migrations.AlterField(
            model_name="loop",
            name="component",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.component",
            ),
        ),
        migrations.AlterField(
            model_name="loop",
            name="hardware",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.hardwarerevision",
            ),
        ),
        migrations.AlterField(
            model_name="loop",
            name="platform",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.platform",
            ),
        ),
        migrations.AlterField(
            model_name="loop",
            name="programme",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.programme",
            ),
        ),
        migrations.AlterField(
            model_name="loop",
            name="team",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
            ),
        ),
        migrations.AlterField(
            model_name="loop",
            name="ticket",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="loop",
                serialize=False,
                to="frontline_feedback.ticket",
            ),
        ),
        migrations.CreateModel(
            name="Flow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id",
                        "component_id",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.programme",
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.component",
                    ),
                ),
                ("day", models.DateField()),
                ("transit", models.IntegerField(default=0)),
                ("triage", models.IntegerField(default=0)),
                ("queue", models.IntegerField(default=0)),
                ("design", models.IntegerField(default=0)),
                ("build", models.IntegerField(default=0)),
                ("test", models.IntegerField(default=0)),
                ("release", models.IntegerField(default=0)),
                ("install", models.IntegerField(default=0)),
                ("verify", models.IntegerField(default=0)),
                ("finished", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Span",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.programme",
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="null: of the whole programme",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.component",
                    ),
                ),
                ("by", models.CharField(choices=[("week", "week"), ("month", "month")], max_length=5)),
                ("first", models.DateField(help_text="its first day")),
                ("version", models.BigIntegerField(default=1)),
                ("computed", models.BigIntegerField(default=0)),
                ("n", models.IntegerField(default=0)),
                (
                    "sums",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        help_text="as `spans.SUMS` names them",
                        size=None,
                    ),
                ),
                (
                    "places",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(null=True),
                        default=list,
                        help_text="value, low, high, ticket for each p",
                        size=None,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="span",
            index=models.Index(
                condition=models.Q(("computed__lt", models.F("version"))), fields=["programme"], name="span_stale"
            ),
        ),
        migrations.AddConstraint(
            model_name="span",
            constraint=models.UniqueConstraint(
                fields=("programme", "by", "first", "component"), name="span_once", nulls_distinct=False
            ),
        ),
    ]
