"""What follows from the votes: settle, ask one more, or review."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quality.aggregation.votes import EPSILON, Basis, Result, Status

CONFIDENCE = 0.95
UNCALIBRATED = 0.99  # of a fit: its posteriors are too sure of themselves as long as no known tasks have corrected them
NEARLY = 1.5  # most of the doubt that is left when it is so many times that which no answer can take away
ORDER: Mapping[Status, int] = {"settled": 0, "plural": 1, "more": 2, "review": 3}


@dataclass(frozen=True, slots=True)
class Policy:
    """How many answers a task gets, and when they are enough.

    least, most: answers. confidence: settled from here on; None where a project does not say. below: reviewed under it once the answers are
    used up or the question would be settled; without it the bar is the confidence.
    """

    least: int = 1
    most: int = 1
    confidence: float | None = None
    below: float | None = None

    @classmethod
    def of(cls, quality: Mapping[str, Any]) -> "Policy":
        """From a project's `quality`: overlap {min, max, confidence}, review {below_confidence}."""
        overlap = quality.get("overlap", {})
        least = overlap.get("min", 1)
        return cls(
            least=least,
            most=max(least, overlap.get("max", least)),
            confidence=overlap.get("confidence"),
            below=quality.get("review", {}).get("below_confidence"),
        )

    def target(self, basis: Basis) -> float:
        """The confidence at which a result is settled: as chosen or by rule, or nearly what can be reached if that is less."""
        wanted = self.confidence or (UNCALIBRATED if basis.run and not basis.calibrated else CONFIDENCE)
        return wanted if wanted <= basis.ceiling else 1 - NEARLY * (1 - basis.ceiling)


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a question or a task stands, and why.

    reason: confident (settled) · apart (plural) · too_few, tie, low_confidence (more) · cannot_merge, spread, low_confidence, tie,
    answers_used_up (review). questions: the decision per question, for a task.
    """

    status: Status
    reason: str
    questions: Mapping[str, "Decision"] = field(default_factory=dict)


def decide(results: Mapping[str, Result], n: int, policy: Policy) -> Decision:
    """The decision on a task: the gravest of its required questions', where review outweighs one more answer.

    results: of the required questions only. n: answers that count towards `least` and `most`.
    """
    questions = {name: decide_question(result, n, policy) for name, result in results.items()}
    if not questions:
        enough = n >= policy.least
        return Decision("settled", "confident") if enough else Decision("more", "too_few")
    gravest = max(questions.values(), key=lambda decision: ORDER[decision.status])
    return Decision(gravest.status, gravest.reason, questions)


def decide_question(result: Result, n: int, policy: Policy) -> Decision:
    """The decision on one question after n answers: the first row that holds of the table of adaptive redundancy."""
    if n < policy.least:
        return Decision("more", "too_few")
    if result.doubt == "apart":
        return Decision("plural", "apart")
    if result.doubt in ("cannot_merge", "spread"):
        return Decision("review", result.doubt)
    confidence = -1.0 if result.confidence is None or result.value is None else result.confidence
    target = policy.target(result.basis)
    clear = result.doubt == "" and confidence >= target - EPSILON
    bar = target if policy.below is None else policy.below
    if not clear and n < policy.most:
        return Decision("more", result.doubt or "low_confidence")
    if result.doubt == "" and confidence >= bar - EPSILON:
        return Decision("settled", "confident")
    return Decision("review", "low_confidence" if clear else result.doubt or "answers_used_up")


def task_agreement(results: Mapping[str, Result], weights: Mapping[str, float]) -> float | None:
    """Mean agreement of a task's questions, by the questions' weights (1 where none is given); None where none has any."""
    known = [
        (result.agreement, weights.get(name, 1.0)) for name, result in results.items() if result.agreement is not None
    ]
    total = sum(weight for _, weight in known)
    return sum(agreement * weight for agreement, weight in known) / total if total > 0 else None
