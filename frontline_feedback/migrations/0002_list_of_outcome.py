from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("frontline_feedback", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["programme", "outcome", "-id"], name="ticket_list_of_outcome"),
        )
    ]
