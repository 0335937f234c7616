"""How long an answer takes is kept with its queue. What was there before begins with a quarter of its lease, until it is measured."""

from django.db import migrations, models

ESTIMATE = """
UPDATE queue q SET pace_median_s = (p.terms ->> 'lease_s')::float8 / 4 FROM project p WHERE p.id = q.project_id AND p.terms ? 'lease_s'
"""


class Migration(migrations.Migration):
    dependencies = [("annotation", "0006_hot_parents")]
    operations = [
        migrations.AddField("queue", "pace_n", models.IntegerField(default=0)),
        migrations.AddField("queue", "pace_median_s", models.FloatField(default=150.0)),
        migrations.AddField("queue", "pace_sigma", models.FloatField(default=0.7)),
        migrations.RunSQL(ESTIMATE, migrations.RunSQL.noop),
    ]
