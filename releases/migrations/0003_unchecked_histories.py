"""Let long histories be stored at git's speed: no check of each row's foreign keys, and fewer indexes to keep."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# The table of a many-to-many relation gets a model of its own and stays where it is.
_HOLDING = "releases_contentclass_releases"
_DROP_CHECKS = f"""
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT conname FROM pg_constraint WHERE conrelid = '{_HOLDING}'::regclass AND contype = 'f' LOOP
        EXECUTE format('ALTER TABLE {_HOLDING} DROP CONSTRAINT %I', found.conname);
    END LOOP;
    FOR found IN SELECT indexrelid::regclass AS name FROM pg_index
        WHERE indrelid = '{_HOLDING}'::regclass AND indnatts = 1 AND NOT indisunique
        AND indkey[0] = (SELECT attnum FROM pg_attribute WHERE attrelid = indrelid AND attname = 'contentclass_id')
    LOOP
        EXECUTE format('DROP INDEX %s', found.name);
    END LOOP;
END $$
"""  # noqa: S608 - the only value is the constant above


class Migration(migrations.Migration):
    dependencies = [("releases", "0002_relations")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_DROP_CHECKS, migrations.RunSQL.noop)],
            state_operations=[
                migrations.CreateModel(
                    name="Holding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "contentclass",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="releases.contentclass",
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="releases.release",
                            ),
                        ),
                    ],
                    options={"db_table": _HOLDING, "unique_together": {("contentclass", "release")}},
                ),
                migrations.AlterField(
                    model_name="contentclass",
                    name="releases",
                    field=models.ManyToManyField(
                        related_name="content_classes", through="releases.Holding", to="releases.release"
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="commit",
            name="repository",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="commits",
                to="releases.repository",
            ),
        ),
        migrations.AlterField(
            model_name="commit",
            name="fetch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="commits",
                to="releases.fetch",
            ),
        ),
        migrations.AlterField(
            model_name="commit",
            name="content_class",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="commits",
                to="releases.contentclass",
            ),
        ),
        migrations.AddIndex(
            model_name="commit",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["fetch"], name="commit_of_fetch", pages_per_range=32
            ),
        ),
    ]
