"""Reviewers say why answers differ."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0019_redo"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="disagreement",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unclear_guidelines", "Unclear Guidelines"),
                    ("several_right", "Several Right"),
                    ("unclear_data", "Unclear Data"),
                    ("hard", "Hard"),
                    ("slip", "Slip"),
                ],
                default="",
                max_length=18,
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("disagreement", ""), _negated=True),
                fields=["project", "decided_at"],
                name="review_disagreement",
            ),
        ),
    ]
