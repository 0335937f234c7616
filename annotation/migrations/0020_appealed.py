"""A rejected answer may be looked at again."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0019_copies"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="annotation",
            name="status_moves",
        ),
        migrations.AlterField(
            model_name="annotation",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "Being checked"),
                    ("late", "Late"),
                    ("accepted", "Accepted"),
                    ("corrected", "Corrected"),
                    ("rejected", "Rejected"),
                    ("appealed", "Looked at again"),
                    ("superseded", "Replaced"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annotation",
            trigger=pgtrigger.compiler.Trigger(
                name="status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{late:pending,pending:accepted,pending:corrected,pending:rejected,rejected:accepted,rejected:appealed,appealed:accepted,appealed:rejected,pending:superseded,accepted:superseded,corrected:superseded}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="5f2a0781ab3dd5077a05655e05e2f6d3004fe53a",
                    operation="UPDATE",
                    pgid="pgtrigger_status_moves_9a446",
                    table="annotation",
                    when="BEFORE",
                ),
            ),
        ),
    ]
