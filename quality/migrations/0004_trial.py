"""Whether somebody is good enough stands on their scorecard, decided from their known answers alone."""

from django.db import migrations, models

# Cards that were summed without fading are summed anew.
FADE = """
UPDATE scorecard s SET alpha = 4 + f.alpha, beta = 2 + f.beta
  FROM (SELECT c.id, sum(v.weight * e.outcome) AS alpha, sum(v.weight * (1 - e.outcome)) AS beta
          FROM scorecard c JOIN evidence e ON e.project_id = c.project_id AND e.contributor_id = c.contributor_id
         CROSS JOIN LATERAL (SELECT e.weight * 2 ^ (-extract(epoch FROM c.updated_at - e.created_at)::float8 / {half_life}) AS weight) v
         GROUP BY c.id) f
 WHERE s.id = f.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0017_gold_factor"),
        ("quality", "0002_estimators"),
        ("workforce", "0003_wishes"),
    ]

    operations = [
        migrations.AddField(
            model_name="scorecard",
            name="standing",
            field=models.CharField(
                choices=[("new", "New"), ("trusted", "Trusted"), ("probation", "On probation")],
                db_default="new",
                default="new",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="test",
            field=models.FloatField(db_default=0.0, default=0.0),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="drift",
            field=models.FloatField(db_default=0.0, default=0.0),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("kind", "gold")), fields=["project", "contributor", "id"], name="evidence_gold"
            ),
        ),
        migrations.RunSQL(FADE.format(half_life="(90 * 86400)"), FADE.format(half_life="'infinity'::float8")),
    ]
