"""Signatures under the sheets of batches."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0020_appealed"),
        ("quality", "0014_known_appeals"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "sgn", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("signer", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("words", models.TextField()),
                ("sheet", models.JSONField()),
                ("sheet_sha256", models.CharField(max_length=64)),
                (
                    "signed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_offs",
                        to="annotation.batch",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.organization",
                    ),
                ),
            ],
            options={
                "db_table": "sign_off",
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "signer", "sheet_sha256"), name="sign_off_once"),
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="sign_off_words"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signoff",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="61ec4dedcc9858c039f464dfa4b916cbc75f7e08",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_bb08c",
                    table="sign_off",
                    when="BEFORE",
                ),
            ),
        ),
    ]
