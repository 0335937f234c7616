"""Rules that have somebody's work reviewed, and rules that remind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0015_sign_offs"),
    ]

    operations = [
        migrations.AddField(
            model_name="scorecard",
            name="reviewed_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="rule",
            name="action",
            field=models.CharField(
                choices=[
                    ("flag", "Show them here, for somebody to look"),
                    ("raise_gold", "Give them more known answers"),
                    ("review_all", "Have all their work reviewed"),
                    ("notify", "Ask them to read the guidelines again"),
                ],
                max_length=10,
            ),
        ),
    ]
