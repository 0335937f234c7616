"""The tables of annotation."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("workforce", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "org", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("currency", models.CharField(default="USD", max_length=3)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "db_table": "organization",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "mem", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("admin", "Admin"),
                            ("manager", "Manager"),
                            ("reviewer", "Reviewer"),
                            ("auditor", "Auditor"),
                            ("member", "Member"),
                            ("labeler", "Labeler"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="annotation.organization",
                    ),
                ),
            ],
            options={
                "db_table": "membership",
                "constraints": [models.UniqueConstraint(fields=("organization", "user"), name="membership_unique")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "inv", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("admin", "Admin"),
                            ("manager", "Manager"),
                            ("reviewer", "Reviewer"),
                            ("auditor", "Auditor"),
                            ("member", "Member"),
                            ("labeler", "Labeler"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), blank=True, default=list, size=None
                    ),
                ),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="annotation.organization",
                    ),
                ),
            ],
            options={
                "db_table": "invitation",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        name="invitation_open_unique",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mode", models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4)),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("headers", models.JSONField(default=dict)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="annotation.organization"
                    ),
                ),
            ],
            options={
                "db_table": "idempotency_record",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "mode", "key"), name="idempotency_key_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "fil", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("bytes", models.BigIntegerField()),
                ("mime", models.CharField(max_length=60)),
                ("width", models.IntegerField(null=True)),
                ("height", models.IntegerField(null=True)),
                ("storage_key", models.CharField(max_length=200)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="annotation.organization",
                    ),
                ),
            ],
            options={
                "db_table": "file",
                "constraints": [models.UniqueConstraint(fields=("organization", "sha256"), name="file_content_unique")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "evt", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("mode", models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4)),
                ("project_id", models.BigIntegerField(null=True)),
                ("type", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=40)),
                ("subject_seq", models.IntegerField()),
                ("actor_kind", models.CharField(max_length=12)),
                ("actor", models.CharField(blank=True, max_length=40)),
                ("data", models.JSONField(default=dict)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("seq", models.BigIntegerField(null=True)),
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
                "db_table": "event",
                "indexes": [
                    models.Index(condition=models.Q(("seq__isnull", True)), fields=["id"], name="event_outbox")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "seq"), name="event_seq_unique"),
                    models.UniqueConstraint(fields=("subject", "subject_seq"), name="event_subject_seq_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContributorAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "ctr", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="workforce.contributor"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="annotation.organization"
                    ),
                ),
            ],
            options={
                "db_table": "contributor_alias",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "contributor"), name="contributor_alias_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "key", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("mode", models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("access_key_id", models.CharField(max_length=20, unique=True)),
                ("secret_sha256", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_keys",
                        to="annotation.organization",
                    ),
                ),
            ],
            options={
                "db_table": "api_key",
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "prj", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("mode", models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("description", models.CharField(blank=True, max_length=1000, verbose_name="description")),
                ("preset", models.CharField(blank=True, max_length=60)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("paused", "Paused"), ("archived", "Archived")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "workforce",
                    models.CharField(
                        choices=[
                            ("public", "Everybody on the platform"),
                            ("team", "Our own labelers"),
                            ("both", "Both"),
                        ],
                        default="both",
                        max_length=8,
                        verbose_name="workforce",
                    ),
                ),
                ("terms", models.JSONField(default=dict)),
                ("quality", models.JSONField(default=dict)),
                ("requirements", models.JSONField(default=dict)),
                ("metadata", models.JSONField(default=dict)),
                ("schema_version", models.IntegerField(default=0)),
                ("guideline_version", models.IntegerField(default=0)),
                ("lease_terms", models.JSONField(default=dict)),
                ("policy_version", models.IntegerField(default=1)),
                ("version", models.IntegerField(default=1)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "members",
                    models.ManyToManyField(
                        db_table="project_member", related_name="projects", to="annotation.membership"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="annotation.organization",
                    ),
                ),
            ],
            options={
                "db_table": "project",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "mode", "name"), name="project_name_unique"),
                    models.UniqueConstraint(fields=("organization", "id"), name="project_of_organization"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "bat", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "status",
                    models.CharField(
                        choices=[("in_progress", "In progress"), ("completed", "Completed"), ("canceled", "Canceled")],
                        default="in_progress",
                        max_length=12,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=20)),
                ("deadline", models.DateTimeField(blank=True, null=True)),
                ("metadata", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
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
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="batches", to="annotation.project"
                    ),
                ),
            ],
            options={
                "db_table": "batch",
                "constraints": [models.UniqueConstraint(fields=("project", "name"), name="batch_name_unique")],
            },
        ),
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "imp", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("finished", "Finished"), ("aborted", "Aborted")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "on_error",
                    models.CharField(
                        choices=[("continue", "Continue"), ("stop", "Stop")], default="continue", max_length=8
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200)),
                ("storage_key", models.CharField(blank=True, max_length=200)),
                ("next_row", models.IntegerField(default=0)),
                ("total_rows", models.IntegerField(null=True)),
                ("created", models.IntegerField(default=0)),
                ("existing", models.IntegerField(default=0)),
                ("failed", models.IntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=500)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="annotation.batch",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="imports", to="annotation.project"
                    ),
                ),
            ],
            options={
                "db_table": "import_job",
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "job_id", "row", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("row", models.IntegerField()),
                ("status", models.CharField(max_length=10)),
                ("task", models.CharField(blank=True, max_length=40)),
                ("unique_id", models.CharField(blank=True, max_length=255)),
                ("error", models.JSONField(null=True)),
                (
                    "job",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="annotation.importjob",
                    ),
                ),
            ],
            options={
                "db_table": "import_row",
            },
        ),
        migrations.CreateModel(
            name="Guideline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "gdl", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("number", models.IntegerField()),
                ("body", models.TextField(blank=True, verbose_name="guideline")),
                (
                    "change",
                    models.CharField(
                        choices=[("minor", "Small change"), ("breaking", "Must be read again")],
                        default="minor",
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guidelines", to="annotation.project"
                    ),
                ),
            ],
            options={
                "db_table": "guideline",
                "constraints": [models.UniqueConstraint(fields=("project", "number"), name="guideline_number")],
            },
        ),
        migrations.CreateModel(
            name="ProjectContributor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("invited", "Invited"), ("excluded", "Excluded")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("guideline_read", models.IntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="project_places",
                        to="workforce.contributor",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributors",
                        to="annotation.project",
                    ),
                ),
            ],
            options={
                "db_table": "project_contributor",
                "constraints": [
                    models.UniqueConstraint(fields=("project", "contributor"), name="project_contributor_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("label", "Label"), ("review", "Review"), ("adjudicate", "Adjudicate")], max_length=12
                    ),
                ),
                (
                    "service_class",
                    models.CharField(
                        choices=[("urgent", "Urgent"), ("standard", "Standard"), ("bulk", "Bulk")], max_length=10
                    ),
                ),
                (
                    "purpose",
                    models.CharField(choices=[("work", "Work"), ("gold", "Gold")], default="work", max_length=6),
                ),
                ("requirements_sha256", models.CharField(max_length=64)),
                ("requirements", models.JSONField(default=dict)),
                (
                    "status",
                    models.CharField(choices=[("open", "Open"), ("paused", "Paused")], default="open", max_length=8),
                ),
                ("epoch", models.IntegerField(default=0)),
                ("changes", models.IntegerField(default=0)),
                ("head_rank", models.BigIntegerField(default=-1)),
                ("head_id", models.BigIntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.organization",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queues",
                        to="annotation.project",
                    ),
                ),
            ],
            options={
                "db_table": "queue",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "stage", "service_class", "purpose", "requirements_sha256"),
                        name="queue_unique",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "tsk", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("collecting", "In progress"),
                            ("deciding", "Being decided"),
                            ("in_review", "In review"),
                            ("completed", "Completed"),
                            ("failed", "Failed"),
                            ("canceled", "Canceled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("label", "Label"), ("review", "Review"), ("adjudicate", "Adjudicate")],
                        default="label",
                        max_length=12,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(choices=[("work", "Work"), ("gold", "Gold")], default="work", max_length=6),
                ),
                ("priority", models.PositiveSmallIntegerField(default=20)),
                ("deadline", models.DateTimeField(blank=True, null=True)),
                ("rank", models.BigIntegerField()),
                ("seats", models.PositiveSmallIntegerField()),
                ("seats_max", models.PositiveSmallIntegerField()),
                ("seats_taken", models.PositiveSmallIntegerField(default=0)),
                ("answers", models.PositiveSmallIntegerField(default=0)),
                ("recycled", models.BooleanField(default=False)),
                (
                    "claimable",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(
                            ("status__in", ("open", "collecting", "in_review")), ("seats_taken__lt", models.F("seats"))
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                ("schema_version", models.IntegerField()),
                ("revision", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
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
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="annotation.project",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="annotation.queue",
                    ),
                ),
            ],
            options={
                "db_table": "task",
                "indexes": [
                    models.Index(
                        condition=models.Q(("claimable", True)),
                        fields=["project", "queue", "rank", "id"],
                        name="task_claim",
                    ),
                    models.Index(
                        condition=models.Q(("claimable", True), ("recycled", True)),
                        fields=["project", "queue", "rank", "id"],
                        name="task_recycled",
                    ),
                    models.Index(fields=["project", "status", "id"], name="task_status"),
                    models.Index(condition=models.Q(("status", "deciding")), fields=["id"], name="task_deciding"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seats_taken__lte", models.F("seats")),
                            ("seats__lte", models.F("seats_max")),
                            ("answers__lte", models.F("seats_taken")),
                        ),
                        name="task_seats",
                    ),
                    models.CheckConstraint(condition=models.Q(("priority__range", (0, 100))), name="task_priority"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "asg", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("label", "Label"), ("review", "Review"), ("adjudicate", "Adjudicate")], max_length=12
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("leased", "In work"),
                            ("submitted", "Submitted"),
                            ("returned", "Given back"),
                            ("expired", "Expired"),
                            ("revoked", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("offer", "Offer"), ("claim", "Claim"), ("return", "Return"), ("recall", "Recall")],
                        max_length=8,
                    ),
                ),
                ("epoch", models.IntegerField(default=0)),
                ("offered_until", models.DateTimeField(blank=True, null=True)),
                ("leased_at", models.DateTimeField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("lease_cap_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("active_ms", models.BigIntegerField(default=0)),
                ("terms", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "contributor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="workforce.contributor",
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
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.project",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="annotation.task"
                    ),
                ),
            ],
            options={
                "db_table": "assignment",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "offered")),
                        fields=["contributor", "offered_until"],
                        name="assignment_my_offers",
                    ),
                    models.Index(
                        condition=models.Q(("status", "leased")), fields=["leased_until"], name="assignment_leases"
                    ),
                    models.Index(
                        condition=models.Q(("status", "offered")), fields=["offered_until"], name="assignment_offers"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "contributor", "task", "round"), name="assignment_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["offered", "leased"])),
                        fields=("contributor", "task"),
                        name="assignment_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "leased"), _negated=True),
                            models.Q(
                                ("lease_cap_at__isnull", False),
                                ("leased_at__isnull", False),
                                ("leased_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assignment_lease_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="draft",
                        serialize=False,
                        to="annotation.assignment",
                    ),
                ),
                ("body", models.JSONField()),
                ("version", models.IntegerField(default=1)),
                ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "draft",
            },
        ),
        migrations.CreateModel(
            name="QueueCursor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "queue_id", "contributor_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("epoch", models.IntegerField(default=-1)),
                ("rank", models.BigIntegerField(default=-1)),
                ("task_id", models.BigIntegerField(default=0)),
                ("exhausted_changes", models.IntegerField(null=True)),
                ("verdict", models.CharField(blank=True, max_length=40)),
                ("params", models.JSONField(default=dict)),
                ("facts_version", models.IntegerField()),
                ("policy_version", models.IntegerField()),
                ("eligible_until", models.DateTimeField(null=True)),
                (
                    "contributor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cursors",
                        to="workforce.contributor",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.project",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cursors",
                        to="annotation.queue",
                    ),
                ),
            ],
            options={
                "db_table": "queue_cursor",
                "indexes": [models.Index(fields=["contributor", "project"], name="queue_cursor_person")],
            },
        ),
        migrations.CreateModel(
            name="SchemaVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "scv", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("number", models.IntegerField()),
                ("major", models.IntegerField()),
                ("body", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="schemas", to="annotation.project"
                    ),
                ),
            ],
            options={
                "db_table": "schema_version",
                "constraints": [models.UniqueConstraint(fields=("project", "number"), name="schema_version_number")],
            },
        ),
        migrations.CreateModel(
            name="TaskPayload",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="payload",
                        serialize=False,
                        to="annotation.task",
                    ),
                ),
                ("body", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("metadata", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "task_payload",
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "res", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField()),
                ("provenance", models.JSONField()),
                ("confidence", models.FloatField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.organization",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.project",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="annotation.task",
                    ),
                ),
            ],
            options={
                "db_table": "result",
                "indexes": [models.Index(fields=["project", "id"], name="result_export")],
                "constraints": [models.UniqueConstraint(fields=("task", "revision"), name="result_once")],
            },
        ),
        migrations.CreateModel(
            name="Annotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "ann", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=0)),
                ("schema_version", models.IntegerField()),
                ("client_key", models.UUIDField()),
                ("epoch", models.IntegerField()),
                ("answer", models.JSONField()),
                ("exit", models.CharField(blank=True, max_length=12)),
                ("sha256", models.CharField(max_length=64)),
                ("active_ms", models.BigIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Being checked"),
                            ("late", "Late"),
                            ("accepted", "Accepted"),
                            ("corrected", "Corrected"),
                            ("rejected", "Rejected"),
                            ("superseded", "Replaced"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("decision", models.JSONField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annotations",
                        to="workforce.contributor",
                    ),
                ),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annotation",
                        to="annotation.assignment",
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
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.project",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="annotations", to="annotation.task"
                    ),
                ),
            ],
            options={
                "db_table": "annotation",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "pending"), models.Q(("exit", ""), _negated=True)),
                        fields=["task"],
                        name="annotation_exits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("exit", ""), ("status__in", ("pending", "accepted", "corrected"))),
                        fields=("task", "contributor"),
                        name="annotation_counts_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mode", models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4)),
                ("unique_id", models.CharField(max_length=255)),
                ("input_sha256", models.CharField(max_length=64)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.organization",
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="key", to="annotation.task"
                    ),
                ),
            ],
            options={
                "db_table": "task_key",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "mode", "unique_id"), name="task_key_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "whe", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("mode", models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4)),
                ("url", models.URLField(max_length=500)),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("enabled", "Enabled"), ("disabled", "Disabled")], default="enabled", max_length=10
                    ),
                ),
                ("disabled_reason", models.CharField(blank=True, max_length=200)),
                ("secrets", models.JSONField(default=list)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="annotation.organization",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.project",
                    ),
                ),
            ],
            options={
                "db_table": "webhook_endpoint",
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "dlv", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("sending", "Sending"),
                            ("delivered", "Delivered"),
                            ("retrying", "Will be tried again"),
                            ("exhausted", "Given up"),
                            ("disabled", "Endpoint disabled"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.JSONField(default=list)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("sending_since", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="annotation.event"
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
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="annotation.webhookendpoint",
                    ),
                ),
            ],
            options={
                "db_table": "webhook_delivery",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "retrying"])),
                        fields=["next_attempt_at"],
                        name="webhook_due",
                    ),
                    models.Index(fields=["endpoint", "-id"], name="webhook_log"),
                ],
                "constraints": [models.UniqueConstraint(fields=("endpoint", "event"), name="webhook_delivery_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='RAISE EXCEPTION \'pgtrigger: Cannot delete or update of "type", "subject", "subject_seq", "data", "actor", "actor_kind", "organization_id", "created_at" rows from % table\', TG_TABLE_NAME;',
                    hash="b334476e94c3186f78e627df7259d158ca2ada18",
                    operation='DELETE OR UPDATE OF "type", "subject", "subject_seq", "data", "actor", "actor_kind", "organization_id", "created_at"',
                    pgid="pgtrigger_append_only_15cb5",
                    table="event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guideline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ba5ccf59b1b4feb337ff5e6ef2989fd3c2f7dad1",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_2ee29",
                    table="guideline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schemaversion",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a87b393892d0cfb33884a7e8c11ada44015df7ac",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_47f55",
                    table="schema_version",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taskpayload",
            trigger=pgtrigger.compiler.Trigger(
                name="body_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "body", "sha256" rows from % table\', TG_TABLE_NAME;',
                    hash="36664e3a0e59d653ce90d05c2f56232dad4de3b7",
                    operation='UPDATE OF "body", "sha256"',
                    pgid="pgtrigger_body_is_frozen_74bf7",
                    table="task_payload",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="result",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="132d25fc0db14c298e17356c5bbc13345aac157b",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_f08c4",
                    table="result",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annotation",
            trigger=pgtrigger.compiler.Trigger(
                name="answer_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "answer", "exit", "sha256", "task_id", "contributor_id", "assignment_id", "client_key", "epoch", "submitted_at" rows from % table\', TG_TABLE_NAME;',
                    hash="7e245e6a49132f2fd57b8a04f7bfe6802d356ddc",
                    operation='UPDATE OF "answer", "exit", "sha256", "task_id", "contributor_id", "assignment_id", "client_key", "epoch", "submitted_at"',
                    pgid="pgtrigger_answer_is_frozen_49955",
                    table="annotation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annotation",
            trigger=pgtrigger.compiler.Trigger(
                name="status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{late:pending,pending:accepted,pending:corrected,pending:rejected,rejected:accepted,pending:superseded,accepted:superseded,corrected:superseded}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="0f02e922288bbe665cedfa6bdf897d8b81d9f0f0",
                    operation="UPDATE",
                    pgid="pgtrigger_status_moves_9a446",
                    table="annotation",
                    when="BEFORE",
                ),
            ),
        ),
    ]
