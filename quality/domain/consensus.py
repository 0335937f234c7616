"""Consensus: what a task's answers say together, per question. No rows are read or written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotation.questions.schema import Question

from quality.models import Consensus

Status = Consensus.Status
REVIEWER = 0.95  # accuracy assumed of a reviewer until reviewers are measured themselves


@dataclass(frozen=True, slots=True)
class Policy:
    """A project's rules of redundancy and review, with their defaults."""

    least: int = 1
    most: int = 1
    confidence: float = 0.95
    below: float = 0.6
    share: float = 0.0

    @classmethod
    def of(cls, quality: Mapping[str, Any]) -> "Policy":
        """Read `quality` of a project: overlap {min, max, confidence}, review {share, below_confidence}."""
        overlap, review = quality.get("overlap", {}), quality.get("review", {})
        least = int(overlap.get("min", 1))
        return cls(
            least=least,
            most=max(least, int(overlap.get("max", least))),
            confidence=float(overlap.get("confidence", cls.confidence)),
            below=float(review.get("below_confidence", cls.below)),
            share=float(review.get("share", cls.share)),
        )


@dataclass(frozen=True, slots=True)
class Ballot:
    """One counting answer: its value per question, and how far its author is to be trusted (0.5 .. 0.99)."""

    annotation_id: int
    contributor_id: int
    value: Mapping[str, Any]
    weight: float
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An answer to one question held against another: good enough by the rule of its type, and how near (0..1)."""

    passed: bool
    score: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Where a task stands. `answers` {question: {value, confidence, method, n, status, agreement, soft?, dissent?}}."""

    answers: dict[str, dict[str, Any]]
    n: int
    confidence: float | None
    agreement: float | None
    status: str
    reason: str  # why not settled: low_confidence, answers_used_up, cannot_merge
    sha256: str


@dataclass(slots=True)
class _Tally:
    """What is known of one question: one aggregate, or one per item."""

    question: Question
    parts: dict[str, Any] = field(default_factory=dict)


# The functions below follow the interface of `quality.aggregation`.
