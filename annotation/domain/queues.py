"""Queues: lines of exchangeable open tasks, made when the first task needs one."""

import hashlib
import json
from typing import Any

from django.db import connection

from annotation.domain import pace
from annotation.models import Project, Purpose, Queue, Stage, Task


def queue_for(
    *,
    project: Project,
    stage: str = Stage.LABEL,
    service_class: str,
    purpose: str = Purpose.WORK,
    payer: str = "",
    requirements: dict[str, Any] | None = None,
) -> Queue:
    """The queue of this project, stage, class, purpose, payer and requirement set (default: the project's), made if it is new."""
    wanted = project.requirements if requirements is None else requirements
    queue, _created = Queue.objects.get_or_create(
        project=project,
        stage=stage,
        service_class=service_class,
        purpose=purpose,
        payer=payer,
        requirements_sha256=_digest(wanted),
        defaults={
            "organization_id": project.organization_id,
            "requirements": wanted,
            "pace_median_s": pace.estimate(project),
            "pace_sigma": pace.SIGMA,
        },
    )
    return queue


def require(*, project: Project, requirements: dict[str, Any]) -> None:
    """The project's requirements have changed: its label queues ask for the new ones, of waiting tasks too.

    A queue that already asks for just these takes the other's tasks over: there is one queue per requirement set.
    """
    old = Queue.objects.filter(
        project=project, stage=Stage.LABEL, requirements_sha256=_digest(project.requirements)
    ).order_by("id")
    for queue in old:
        same = Queue.objects.filter(
            project=project,
            stage=queue.stage,
            service_class=queue.service_class,
            purpose=queue.purpose,
            payer=queue.payer,
            requirements_sha256=_digest(requirements),
        ).first()
        if same is None:
            Queue.objects.filter(pk=queue.pk).update(
                requirements=requirements, requirements_sha256=_digest(requirements)
            )
        else:
            Task.objects.filter(queue=queue).update(queue=same)
            opened(queue_id=same.pk, lowest_rank=0)


def _digest(requirements: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(requirements, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


OPENED = """
UPDATE queue q SET changes = changes + 1,
       epoch = epoch + CASE WHEN q.purpose <> 'gold' AND EXISTS (
           SELECT 1 FROM queue_cursor c WHERE c.queue_id = q.id AND c.epoch = q.epoch AND c.rank >= %(lowest)s) THEN 1 ELSE 0 END,
       head_rank = CASE WHEN %(lowest)s <= head_rank THEN %(lowest)s - 1 ELSE head_rank END,
       head_id = CASE WHEN %(lowest)s <= head_rank THEN 0 ELSE head_id END
 WHERE q.id = %(queue)s
"""


def opened(*, queue_id: int, lowest_rank: int) -> None:
    """Tasks were opened in this queue, none ranked below `lowest_rank`. Once per chunk, in the transaction that opens them.

    Who found nothing looks again; if somebody's cursor has passed the rank already, the epoch moves and all cursors start from the head.
    Among known answers it does not: there everybody starts elsewhere, and comes round to the new ones.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPENED, {"queue": queue_id, "lowest": lowest_rank})
