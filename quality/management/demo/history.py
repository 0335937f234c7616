"""What has happened in the demo before anybody comes: answers, judgements, reviews, a returned task. Every row by the act that makes it."""

import uuid
from collections.abc import Sequence
from random import Random
from typing import Any

from annotation.domain import answers, leases, outbox, routing
from annotation.models import Project, Task
from quality.domain import pipeline, review_queue, reviews
from quality.domain.decisions import Decision
from quality.management.crowd import accounts, mind
from quality.management.crowd.labeler import Place
from quality.management.crowd.play import place_of
from quality.management.crowd.reviewer import decision_on
from quality.management.demo.people import Cast
from quality.queries import desk
from workforce.domain.actor import Actor
from workforce.models import Contributor

CROWD = 6
ACCURACY = 0.85
TASKS_EACH = 9  # at most, and a third of the tasks there are: something is left to do
OWN_ANSWERS = 2  # of the contributor who can sign in, per project; with three to a task, one is then never full
THOUGHT_MS = 12_000  # median, for an average question
REVIEWED_SHARE = 0.5  # of what waits; the rest is for the newcomer


def play(*, cast: Cast, projects: Sequence[Project]) -> None:
    """A while of work in each of these new projects."""
    random = Random("demo")
    emails = accounts.enlist(kind="labeler", numbers=range(1, CROWD + 1), projects=projects)
    crowd = list(Contributor.objects.filter(user__email__in=emails).order_by("id"))
    for project in projects:
        place = place_of(project)
        _label(cast.contributor("contributor"), project, place, OWN_ANSWERS, random)
        for _ in range(min(TASKS_EACH, Task.objects.filter(project=project, purpose="work").count() // 3)):
            for person in crowd:
                _label(person, project, place, 1, random)
    outbox.drain()
    pipeline.redrive()
    (email,) = accounts.enlist(kind="reviewer", numbers=[1], projects=projects)
    for project in projects:
        _review(Contributor.objects.get(user__email=email), project, place_of(project), random)
    outbox.drain()


def _label(person: Contributor, project: Project, place: Place, count: int, random: Random) -> None:
    """So many answers of one person, as the workspace would send them."""
    by = Actor("contributor", person.public_id)
    for _ in range(count):
        try:
            gold = routing.gold_turn(project.gold_share)
            lease = leases.take(project_id=project.pk, contributor_id=person.pk, by=by, gold=gold)
        except leases.NothingToLabel:
            return
        version = lease.terms["schema_version"]
        known = place.known.get(mind.digest(lease.payload), mind.Known())
        value = mind.answer(place.schemas[version], lease.payload, known, ACCURACY, random)
        answers.submit(
            assignment=lease.assignment,
            contributor_id=person.pk,
            epoch=lease.epoch,
            client_key=uuid.uuid4(),
            envelope={"schema_version": version, "value": value},
            active_ms=int(THOUGHT_MS * mind.effort(place.schemas[version]) * random.lognormvariate(0, 0.5)),
            by=by,
        )


def _review(person: Contributor, project: Project, place: Place, random: Random) -> None:
    """Some of the waiting reviews; the first wrong answer of each project goes back to its author."""
    by = Actor("contributor", person.public_id)
    waiting = project.reviews.filter(status="requested").count()
    sent_back = False
    for _ in range(int(waiting * REVIEWED_SHARE)):
        lease = review_queue.take(project_id=project.pk, contributor_id=person.pk, by=by)
        shown = desk.desk(assignment=lease.assignment)
        if shown is None:
            return
        said = decision_on(_item(shown), place, random, returned=0.0 if sent_back else 1.0)
        sent_back |= said["decision"] == "return"
        reviews.decide(
            assignment=lease.assignment,
            contributor_id=person.pk,
            epoch=lease.epoch,
            decision=Decision(**said),
            active_ms=int(random.lognormvariate(2.5, 0.4) * 1000),
            by=by,
        )


def _item(shown: desk.Desk) -> dict[str, Any]:
    given = [(row.annotation, row.before) for row in shown.answers]
    answers = [{"id": row.public_id, "value": row.answer.get("value"), "before": before} for row, before in given]
    return {"schema": shown.schema, "payload": shown.payload, "answers": answers}
