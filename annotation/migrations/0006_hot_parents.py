"""Seats and answers name the organization and project of their task, which the act has locked: nothing is looked up again (docs/adr/0013).

A person's offers are found by the index that keeps one live seat per task.
"""

import django.db.models.deletion
from django.db import migrations, models

FAST = """
ALTER TABLE assignment DROP CONSTRAINT assignment_organization_id_a602210f_fk_organization_id,
                       DROP CONSTRAINT assignment_project_id_e328b284_fk_project_id;
ALTER TABLE annotation DROP CONSTRAINT annotation_organization_id_bc69b8aa_fk_organization_id,
                       DROP CONSTRAINT annotation_project_id_69079f3d_fk_project_id;
"""
BACK = """
ALTER TABLE assignment
    ADD CONSTRAINT assignment_organization_id_a602210f_fk_organization_id
    FOREIGN KEY (organization_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT assignment_project_id_e328b284_fk_project_id FOREIGN KEY (project_id) REFERENCES project (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE annotation
    ADD CONSTRAINT annotation_organization_id_bc69b8aa_fk_organization_id
    FOREIGN KEY (organization_id) REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT annotation_project_id_69079f3d_fk_project_id FOREIGN KEY (project_id) REFERENCES project (id) DEFERRABLE INITIALLY DEFERRED;
"""


def _unchecked(model: str, parent: str) -> migrations.AlterField:
    key = models.ForeignKey(
        f"annotation.{parent}",
        django.db.models.deletion.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    return migrations.AlterField(model, parent, key)


class Migration(migrations.Migration):
    dependencies = [("annotation", "0005_intake")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FAST, BACK)],
            state_operations=[
                _unchecked("assignment", "organization"),
                _unchecked("assignment", "project"),
                _unchecked("annotation", "organization"),
                _unchecked("annotation", "project"),
            ],
        ),
        migrations.RemoveIndex("assignment", "assignment_my_offers"),
    ]
