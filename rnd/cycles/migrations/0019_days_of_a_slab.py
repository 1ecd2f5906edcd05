"""Columns hold days from the first of their slab on, in 16 bits: all are to be computed anew."""

from django.db import migrations, models

STALE = "UPDATE cycles_slab SET version = version + 1"


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0018_all_of_open_loops"),
    ]

    operations = [
        migrations.RunSQL(STALE, migrations.RunSQL.noop),
        *(
            migrations.AlterField(
                model_name=model,
                name="packed",
                field=models.BinaryField(help_text="numbers of 16, 32 or 64 bits, as PostgreSQL sends them"),
            )
            for model in ("loopcolumn", "workcolumn")
        ),
    ]
