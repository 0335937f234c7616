"""A contract may be called off with its batch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0018_audits"),
        ("quality", "0007_gold_health"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accuracycontract",
            name="contract_attempt",
        ),
        migrations.RemoveConstraint(
            model_name="accuracycontract",
            name="contract_decided_pair",
        ),
        migrations.AlterField(
            model_name="accuracycontract",
            name="status",
            field=models.CharField(
                choices=[
                    ("promised", "Promised"),
                    ("auditing", "Being audited"),
                    ("reworking", "Being improved"),
                    ("met", "Met"),
                    ("missed", "Missed"),
                    ("canceled", "Canceled"),
                ],
                default="promised",
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="accuracycontract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempt", 0), ("status", "promised")),
                    models.Q(("attempt__lte", 3), ("status", "canceled")),
                    models.Q(
                        models.Q(("status__in", ["promised", "canceled"]), _negated=True), ("attempt__range", (1, 3))
                    ),
                    _connector="OR",
                ),
                name="contract_attempt",
            ),
        ),
        migrations.AddConstraint(
            model_name="accuracycontract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", False), ("status__in", ["met", "missed", "canceled"])),
                    models.Q(
                        models.Q(("status__in", ["met", "missed", "canceled"]), _negated=True),
                        ("decided_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="contract_decided_pair",
            ),
        ),
    ]
