"""Rules that have people practise again, and how much there was for each."""

from django.db import migrations, models
from django.db.models import Q

ACTIONS = [
    ("flag", "Show them here, for somebody to look"),
    ("raise_gold", "Give them more known answers"),
    ("review_all", "Have all their work reviewed"),
    ("notify", "Ask them to read the guidelines again"),
    ("require_practice", "Have them practise again before other work"),
    ("restrict", "Give them no new tasks for a while"),
    ("redo", "Have their answers of these days done again by others"),
]


class Migration(migrations.Migration):
    dependencies = [("annotation", "0026_practice_again"), ("quality", "0020_disagreement")]

    operations = [
        migrations.AlterField("rule", "action", models.CharField(choices=ACTIONS, max_length=16)),
        migrations.AddField("rule", "practice", models.PositiveSmallIntegerField(db_default=3, default=3)),
        migrations.AddField("rulehit", "practice", models.PositiveSmallIntegerField(null=True)),
        migrations.AddConstraint(
            "rule", models.CheckConstraint(condition=Q(("practice__range", (1, 20))), name="rule_practice")
        ),
    ]
