"""Consensus: what a task's answers say together, question by question. Nothing is read or written here."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from annotation.questions.base import Question
from annotation.questions.schema import Schema
from quality.aggregation.decide import Policy, decide, task_agreement
from quality.aggregation.estimators import Estimator
from quality.aggregation.peers import Peers
from quality.aggregation.registry import CLASSED, Kind, for_type, is_free, power_of
from quality.aggregation.votes import Result, Vote
from quality.domain.weighing import APART, chosen, estimator
from quality.models import Consensus
from quality.queries.skills import Cast, Gauge, Known

BELOW = 0.6  # reviewed under this confidence, where a project does not say
REVIEWER = 0.95  # accuracy assumed of a reviewer until reviewers are measured themselves
EPSILON = 1e-9
MOST_ITEMS = 0.8  # of the items of a question that is asked of each must pass
WITH_ESTIMATOR = ("choice", "preference", "rating")


@dataclass(frozen=True, slots=True)
class Ballot:
    """One counting answer: its value per question, and how far its author is to be trusted (0.5 .. 0.99)."""

    annotation_id: int
    annotation: str  # public id
    contributor_id: int
    value: Mapping[str, Any]
    weight: float
    sha256: str


@dataclass(frozen=True, slots=True)
class Match:
    """An answer to one question held against another: good enough by the rule of its type, and how near (0..1).

    `weight`: of the question; 0 where a difference proves nothing, as between two free texts.
    """

    passed: bool
    score: float
    weight: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Where a task stands. `answers` {question: {value, confidence, method, n, status, agreement, calibrated, soft?, dissent?, run?}}."""

    answers: dict[str, dict[str, Any]]
    n: int
    confidence: float | None  # of the least confident required question
    agreement: float | None  # mean over questions, by weight
    status: str
    reason: str
    sha256: str
    uncertainty: int  # 1000 x (1 - confidence); 1000 where there is none
    peers: Mapping[int, float]  # answer (key): share of the questions on which it meets the merged value


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what merging needs of it."""

    question: Question
    kind: Kind | None  # None: answers of this type cannot be merged
    config: Mapping[str, Any]
    free: bool  # answers of which two can differ and both be right


@lru_cache(maxsize=512)
def asked(schema: Schema) -> tuple[Asked, ...]:
    """The questions of a compiled schema. A schema is immutable, so this is worked out once."""
    return tuple(_asked(question) for question in schema.questions)


def _asked(question: Question) -> Asked:
    try:
        kind = for_type(question.type)
    except KeyError:
        kind = None
    config = question.config.model_dump(exclude_none=True)
    free = is_free(question.type, config)
    return Asked(question, kind, config, free)


def policy_of(quality: Mapping[str, Any], most: int) -> Policy:
    """A project's rules of redundancy for a task that may get `most` answers; with a bar of review where the project sets none."""
    policy = Policy.of(quality)
    below = BELOW if policy.below is None else policy.below
    return replace(policy, least=min(policy.least, most), most=most, below=below)


# --- Merging --------------------------------------------------------------------------------------------------------
def estimate(
    schema: Schema,
    payload: Mapping[str, Any],
    ballots: Sequence[Ballot],
    quality: Mapping[str, Any],
    most: int,
    known: Mapping[str, Known],
    near: Mapping[str, Peers | Gauge],
) -> Estimate:
    """The answers merged, and what should follow. `most`: answers that this task may get; `known`: the present fits, by question; `near`:
    of questions without classes, who comes how near to the others.
    """
    results: dict[str, Result] = {}
    for each in asked(schema):
        given = [ballot for ballot in ballots if ballot.value.get(each.question.name) is not None]
        absent = sum(ballot.weight for ballot in ballots) - sum(ballot.weight for ballot in given)
        if given and sum(ballot.weight for ballot in given) >= absent:
            name, method = each.question.name, chosen(quality, each.question.name)
            likeness = near.get(name)
            if len(given) > 1 and isinstance(likeness, Peers):
                given = _by_likeness(given, likeness, power_of(each.question.type))
            authors = {ballot.annotation: (ballot.contributor_id, ballot.annotation_id) for ballot in given}
            weighed = estimator(each.question, each.config, method, authors, known.get(name), likeness)
            result = _merge(each, given, payload, weighed)
            results[each.question.name] = _apart(result) if method == APART else result
    required = {each.question.name for each in asked(schema) if each.question.required} & results.keys()
    policy = policy_of(quality, most)
    verdict = decide({name: results[name] for name in required}, len(ballots), policy)
    status = {name: part.status for name, part in verdict.questions.items()}
    sure = [confidence for name in required if (confidence := results[name].confidence) is not None]
    return Estimate(
        answers={name: _shown(result, status.get(name, "settled")) for name, result in results.items()},
        n=len(ballots),
        confidence=min(sure, default=None),
        agreement=task_agreement(results, {each.question.name: each.question.weight for each in asked(schema)}),
        status=verdict.status,
        reason=verdict.reason,
        sha256=hashlib.sha256("".join(sorted(ballot.sha256 for ballot in ballots)).encode()).hexdigest(),
        uncertainty=round(1000 * (1 - min(sure, default=0.0))),
        peers=_peers(schema, payload, ballots, results) if len(ballots) > 1 else {},
    )


def ahead(schema: Schema, tasks: Sequence[Sequence[Ballot]], known: Mapping[str, Known]) -> dict[str, Known]:
    """The present fits with what they say of all these tasks worked out at once; `estimate` works out the rest."""
    found = dict(known)
    for each in asked(schema):
        name = each.question.name
        if name in known and each.question.type in CLASSED:
            cast = [sorted((ballot for ballot in task if name in ballot.value), key=_by_annotation) for task in tasks]
            found[name] = known[name].ahead([_cast(each.question, ballots) for ballots in cast])
    return found


def _by_annotation(ballot: Ballot) -> str:
    return ballot.annotation


def _cast(question: Question, ballots: Sequence[Ballot]) -> list[Cast]:
    """The votes that can be read; the others are no hindrance here."""
    cast = []
    for ballot in ballots:
        with suppress(KeyError, TypeError, AttributeError):
            label = CLASSED[question.type][1](ballot.value[question.name])
            cast.append(Cast(label, ballot.contributor_id, ballot.annotation_id))
    return cast


def _by_likeness(ballots: Sequence[Ballot], near: Peers, power: int) -> list[Ballot]:
    """Weighed by how near their authors come to others: who marks carefully is not always who passes known tasks."""
    return [replace(ballot, weight=near.weight(str(ballot.contributor_id), power)) for ballot in ballots]


def _apart(result: Result) -> Result:
    """No answer of them all: what is delivered are the answers."""
    return replace(result, value=None, confidence=None, method=APART, dissent=[], doubt="apart")


def _merge(each: Asked, ballots: Sequence[Ballot], payload: Mapping[str, Any], estimator: Estimator | None) -> Result:
    """One question: all its votes in one result. Asked of each item of a field, it is merged item by item."""
    name = each.question.name
    if each.question.per is None:
        return _aggregate(each, [(ballot, ballot.value[name]) for ballot in ballots], payload, estimator)
    keys = dict.fromkeys(key for ballot in ballots for key in ballot.value[name])
    parts = {
        key: _aggregate(
            each,
            [(ballot, ballot.value[name][key]) for ballot in ballots if key in ballot.value[name]],
            payload,
            estimator,
        )
        for key in keys
    }
    return _together(parts)


def _aggregate(
    each: Asked, given: Sequence[tuple[Ballot, Any]], payload: Mapping[str, Any], estimator: Estimator | None
) -> Result:
    votes = [Vote(ballot.annotation, value, ballot.weight) for ballot, value in given]
    if each.kind is None:
        value = votes[0].value if len(votes) == 1 else None
        result = Result(value, None, "none", len(votes), doubt="" if len(votes) == 1 else "cannot_merge")
    elif each.question.type in WITH_ESTIMATOR:
        result = each.kind.aggregate(votes, each.config, payload, estimator)  # type: ignore[call-arg]
    else:
        result = each.kind.aggregate(votes, each.config, payload)
    if len(votes) == 1 and result.confidence is not None and not result.basis.run:
        return replace(result, confidence=min(result.confidence, votes[0].weight))  # a single voice is not unanimity
    return result


def _together(parts: Mapping[str, Result]) -> Result:
    """The results of the items of one question as one: as sure as the least sure of them."""
    values = {key: part.value for key, part in parts.items() if part.value is not None}
    known = [part.confidence for part in parts.values() if part.confidence is not None]
    agreed = [part.agreement for part in parts.values() if part.agreement is not None]
    some = next(iter(parts.values()))
    far: dict[str, float] = {}
    for part in parts.values():
        for row in part.dissent:
            far[row["contributor"]] = far.get(row["contributor"], 0.0) + row["distance"] / len(parts)
    return Result(
        value=values or None,
        confidence=min(known, default=None),
        method=some.method,
        n=max(part.n for part in parts.values()),
        dissent=[{"contributor": who, "distance": distance} for who, distance in sorted(far.items())],
        agreement=sum(agreed) / len(agreed) if agreed else None,
        doubt=next((part.doubt for part in parts.values() if part.doubt), ""),
    )


def _shown(result: Result, status: str) -> dict[str, Any]:
    """A result as it is stored and delivered."""
    shown: dict[str, Any] = {
        "value": result.value,
        "confidence": result.confidence,
        "method": result.method,
        "n": result.n,
        "status": status,
        "agreement": result.agreement,
        "calibrated": result.basis.calibrated,
    }
    if result.soft is not None:
        shown["soft"] = result.soft
    if result.basis.run:
        shown["run"] = result.basis.run
    if result.dissent:
        shown["dissent"] = [{"answer": row["contributor"], "distance": row["distance"]} for row in result.dissent]
    return shown


def _peers(
    schema: Schema, payload: Mapping[str, Any], ballots: Sequence[Ballot], results: Mapping[str, Result]
) -> dict[int, float]:
    """How far each answer meets what all of them say; where nothing could be merged, nothing is said."""
    merged = {name: result.value for name, result in results.items() if result.value is not None and result.n > 1}
    met = {ballot.annotation_id: share_passed(compare(schema, payload, ballot.value, merged)) for ballot in ballots}
    return {pk: share for pk, share in met.items() if share is not None}


# --- Comparing ------------------------------------------------------------------------------------------------------
def compare(
    schema: Schema, payload: Mapping[str, Any], value: Mapping[str, Any], truth: Mapping[str, Any]
) -> dict[str, Match]:
    """An answer held against what is known, for the questions that are known."""
    return {
        each.question.name: _match(each, value.get(each.question.name), truth[each.question.name], payload)
        for each in asked(schema)
        if truth.get(each.question.name) is not None
    }


def _match(each: Asked, value: Any, truth: Any, payload: Mapping[str, Any]) -> Match:
    weight = each.question.weight
    if value is None:
        return Match(passed=False, score=0.0, weight=weight)
    if each.question.per is None:
        passed, score = _passes(each, value, truth, payload)
    else:
        found = [
            _passes(each, value[key], part, payload) if key in value else (False, 0.0) for key, part in truth.items()
        ]
        passed = sum(good for good, _ in found) >= MOST_ITEMS * len(found)
        score = sum(near for _, near in found) / len(found) if found else 1.0
    return Match(passed, score, 0.0 if each.free and not passed else weight)


def _passes(each: Asked, value: Any, truth: Any, payload: Mapping[str, Any]) -> tuple[bool, float]:
    if each.kind is None:
        return value == truth, float(value == truth)
    return each.kind.passes(value, truth, each.config, payload)


def share_passed(matches: Mapping[str, Match]) -> float | None:
    """Share of the questions that passed, by weight; None if none of them proves anything."""
    total = sum(match.weight for match in matches.values())
    return sum(match.weight for match in matches.values() if match.passed) / total if total else None


def meets(schema: Schema, payload: Mapping[str, Any], value: Mapping[str, Any], truth: Mapping[str, Any]) -> bool:
    """Whether an answer is as good as what is known, in every question that can tell."""
    share = share_passed(compare(schema, payload, value, truth))
    return share is None or share > 1 - EPSILON


def mean_score(matches: Mapping[str, Match]) -> float:
    """Mean nearness over the questions, by weight; 1 where none has any."""
    total = sum(match.weight for match in matches.values())
    return sum(match.weight * match.score for match in matches.values()) / total if total else 1.0


# --- Reviewed values ------------------------------------------------------------------------------------------------
def merged(known: Consensus | None) -> dict[str, Any] | None:
    """The merged value, if every question has one."""
    parts = {name: part["value"] for name, part in known.answers.items()} if known else {}
    return parts if parts and all(value is not None for value in parts.values()) else None


def reviewed(schema: Schema, value: Mapping[str, Any], known: Consensus | None, n: int) -> dict[str, dict[str, Any]]:
    """The answers of a result that a reviewer decided. A value that the consensus had too is at least as sure as it was there."""
    before = known.answers if known else {}
    return {
        name: {
            "value": value[name],
            "confidence": _reviewed_confidence(value[name], before.get(name)),
            "method": "review",
            "n": n,
            "status": "settled",
            "agreement": before.get(name, {}).get("agreement"),
            "calibrated": False,
        }
        for name in (question.name for question in schema.questions)
        if value.get(name) is not None
    }


def _reviewed_confidence(value: Any, before: Mapping[str, Any] | None) -> float:
    if before and before.get("confidence") is not None and before.get("value") == value:
        return max(REVIEWER, float(before["confidence"]))
    return REVIEWER


def least_confident(schema: Schema, answers: Mapping[str, Mapping[str, Any]]) -> float | None:
    """The confidence of the least confident required question; None if none has one."""
    required = [question.name for question in schema.questions if question.required and question.name in answers]
    known = [answers[name]["confidence"] for name in required]
    return min((each for each in known if each is not None), default=None)
