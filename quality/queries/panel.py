"""The quality of a project in figures: agreement, confidence, known answers, reviews. Every share comes with its number and interval."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min

from annotation.models import ContributorAlias, Project, SchemaVersion
from quality.agreement.bounds import wilson
from quality.models import Consensus, GoldItem, Review, Scorecard

LATEST = 2000  # tasks looked at
BINS = 10
PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the answers to one question agree: mean over the latest `n` tasks with two answers or more."""

    question: str
    title: Any  # as in the schema: text, or {language: text}
    mean: float
    n: int
    unanimous: int


@dataclass(frozen=True, slots=True)
class Known:
    """One contributor against known answers: share right with Wilson's 95 % interval."""

    contributor: str  # pseudonym
    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Reviews that wait, and what was decided lately."""

    waiting: dict[str, int]  # cause: number
    oldest: datetime | None
    decided: dict[str, int]  # decision: number in the last 7 days


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything on the page."""

    agreement: list[Agreement]
    confidence: list[int]  # tasks per tenth, 0-10 % first
    tasks: int  # behind `confidence`
    known: list[Known]
    gold_items: int
    backlog: Backlog


def panel(*, project: Project, now: datetime) -> Panel:
    """The figures of a project. A constant number of statements."""
    rows = list(
        Consensus.objects.filter(project=project)
        .order_by("-task_id")
        .values_list("answers", "confidence", "n")[:LATEST]
    )
    known = [confidence for _, confidence, _ in rows if confidence is not None]
    return Panel(
        agreement=_agreement(project, [answers for answers, _, n in rows if n > 1]),
        confidence=histogram(known),
        tasks=len(known),
        known=_known(project),
        gold_items=GoldItem.objects.filter(project=project, status=GoldItem.Status.ACTIVE, training=False).count(),
        backlog=_backlog(project, now),
    )


def histogram(values: Iterable[float]) -> list[int]:
    """Values of 0..1 counted in tenths; 1 belongs to the last one."""
    counts = Counter(min(BINS - 1, int(value * BINS)) for value in values)
    return [counts[number] for number in range(BINS)]


def _agreement(project: Project, tasks: Sequence[dict[str, Any]]) -> list[Agreement]:
    """Per question of the current schema, in its order."""
    seen: dict[str, list[float]] = defaultdict(list)
    for answers in tasks:
        for question, part in answers.items():
            if part.get("agreement") is not None:
                seen[question].append(part["agreement"])
    body = SchemaVersion.objects.filter(project=project, number=project.schema_version).values_list("body", flat=True)
    questions = (body.first() or {}).get("questions", [])
    return [
        Agreement(
            question["name"],
            question.get("title", question["name"]),
            sum(values) / len(values),
            len(values),
            sum(value > 1 - 1e-9 for value in values),
        )
        for question in questions
        if (values := seen.get(question["name"]))
    ]


def _known(project: Project) -> list[Known]:
    """Contributors with answers to gold, the most observed first."""
    cards = list(Scorecard.objects.filter(project=project, gold_n__gt=0).order_by("-gold_n", "id")[:PEOPLE])
    aliases = dict(
        ContributorAlias.objects.filter(
            organization=project.organization_id, contributor__in=[card.contributor_id for card in cards]
        ).values_list("contributor_id", "public_id")
    )
    return [
        Known(
            aliases.get(card.contributor_id, "–"),
            card.gold_right / card.gold_n,
            *wilson(card.gold_right, card.gold_n),
            card.gold_n,
        )
        for card in cards
    ]


def _backlog(project: Project, now: datetime) -> Backlog:
    reviews = Review.objects.filter(project=project)
    waiting = (
        reviews.filter(status=Review.Status.REQUESTED).values("cause").annotate(n=Count("id"), oldest=Min("created_at"))
    )
    rows = list(waiting.order_by("cause"))
    decided = reviews.filter(decided_at__gt=now - timedelta(days=7)).values_list("decision").annotate(n=Count("id"))
    return Backlog(
        waiting={row["cause"]: row["n"] for row in rows},
        oldest=min((row["oldest"] for row in rows), default=None),
        decided=dict(decided.order_by("decision")),
    )
