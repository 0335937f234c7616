"""When it was last counted what a batch holds of its budget: large ones are counted less often."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0012_seats")]
    operations = [migrations.AddField("batch", "counted_at", models.DateTimeField(null=True))]
