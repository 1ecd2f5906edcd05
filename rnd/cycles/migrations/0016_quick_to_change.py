"""What changes with every entry changes in place: nothing that changes is indexed, and each page keeps some room."""

from django.db import migrations

ROOM = """
ALTER TABLE cycles_span SET (fillfactor = 50);
ALTER TABLE cycles_course SET (fillfactor = 90);
ALTER TABLE cycles_flow SET (fillfactor = 80);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0015_courses"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="span", name="span_stale"),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
    ]
