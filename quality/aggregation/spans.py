"""Marked stretches of text: a vote on every character."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from quality.aggregation.catalogue import entries
from quality.aggregation.marks import HALF, Merged, finished
from quality.aggregation.votes import (
    EPSILON,
    Config,
    Payload,
    Result,
    Vote,
    conclude,
    nothing,
    ordered,
    share_of,
    shares,
)
from quality.agreement.runs import Run, character_f1, joined

LEVEL = "distance"
KEEP = 0.4  # share of the weight above which a character is marked: best on the NER set ner_mturk_val
ENOUGH = 0.7  # character F1 at which an answer to gold passes

Unit = tuple[str, str]  # field and item of the text that is marked; empty where the question is about one text


def unit_of(span: Mapping[str, Any]) -> Unit:
    """Which of the question's texts a span lies in."""
    return span.get("field", ""), span.get("item", "")


def marking(value: Any) -> dict[Any, list[Run]]:
    """Joined runs per (text, label)."""
    runs: dict[Any, list[Run]] = defaultdict(list)
    for span in value["spans"]:
        runs[unit_of(span), span["label"]].append((span["start"], span["end"]))
    return {key: joined(found) for key, found in runs.items()}


def distance(a: Any, b: Any, _config: Config, _payload: Payload) -> float:
    """1 - F1 over characters per text and label."""
    return 1 - character_f1(marking(a), marking(b))


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """Character F1 of at least 0.7; it is the score."""
    score = 1 - distance(value, expected, config, payload)
    return score >= ENOUGH - EPSILON, score


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """Characters that more than 0.4 of the weight marks with a label, joined to spans; split where most start anew.

    Where labels may not overlap, each character has the label of most weight. confidence: mean share over the kept
    characters; if none is, the share of the empty answers.
    """
    counted = ordered(votes)
    if not counted:
        return nothing("span_vote")
    weights = shares(counted)
    texts = _texts(counted, weights)
    order = {entry["key"]: place for place, entry in enumerate(entries(config, payload, "labels"))}
    single = config.get("overlap", "none") == "none"
    runs = [run for unit in _sorted_units(texts, payload) for run in texts[unit].runs(order, single=single)]
    size = sum(run.end - run.start for run in runs)
    confidence = sum(run.weight for run in runs) / size if runs else share_of(counted, lambda value: not value["spans"])
    if config.get("snap", "word") == "word":
        runs = [_trimmed(run) for run in runs]
    merged = [Merged(run.mark(), _support(run, counted)) for run in runs]
    value, undecided = finished(merged, counted, weights, "spans", config, payload)
    tied = undecided or any(text.tied for text in texts.values())
    return conclude(
        counted,
        value if len(counted) > 1 else counted[0].value,
        confidence,
        "span_vote",
        lambda a, b: distance(a, b, config, payload),
        doubt="tie" if tied else "",
    )


@dataclass(slots=True)
class _Run:
    """A merged span in the making. weight: sum over its characters of the share that marks them."""

    text: "_Text"
    label: str
    start: int
    end: int
    weight: float

    def mark(self) -> dict[str, Any]:
        field_, item = self.text.unit
        quote = self.text.quote(self.start, self.end)
        known = {"text": quote, "field": field_, "item": item}
        outline = {"id": "", "label": self.label, "start": self.start, "end": self.end}
        return outline | {key: word for key, word in known.items() if word}


@dataclass(slots=True)
class _Text:
    """One text with all that was marked in it. changes: weight gained or lost per label at a position."""

    unit: Unit
    changes: dict[int, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    starts: dict[tuple[str, int], float] = field(default_factory=lambda: defaultdict(float))
    letters: dict[int, str] = field(default_factory=dict)
    tied: bool = False

    def quote(self, start: int, end: int) -> str:
        """What stands there, put together from the quotes of the answers; empty if they do not say."""
        letters = [self.letters.get(at, "") for at in range(start, end)]
        return "".join(letters) if all(letters) else ""

    def runs(self, order: Mapping[str, int], *, single: bool) -> list[_Run]:
        """Kept runs by start, longer ones first, then label. order: of the labels; single: one label per character."""
        done: list[_Run] = []
        last: dict[str, _Run] = {}
        for start, end, kept in self._pieces():
            labels = [self._strongest(kept, order)] if single and kept else sorted(kept)
            for label in labels:
                share, run = kept[label], last.get(label)
                if run and run.end == start and self.starts.get((label, start), 0.0) <= share * HALF + EPSILON:
                    run.end, run.weight = end, run.weight + share * (end - start)
                else:
                    last[label] = _Run(self, label, start, end, share * (end - start))
                    done.append(last[label])
        return sorted(done, key=lambda run: (run.start, -run.end, run.label))

    def _pieces(self) -> Iterator[tuple[int, int, dict[str, float]]]:
        """Stretches between neighbouring positions, with the labels that are kept there and their shares."""
        active: dict[str, float] = defaultdict(float)
        for start, end in pairwise(sorted(self.changes)):
            for label, change in self.changes[start].items():
                active[label] += change
            yield start, end, {label: share for label, share in active.items() if share > KEEP + EPSILON}

    def _strongest(self, kept: Mapping[str, float], order: Mapping[str, int]) -> str:
        """The label of most weight; on a tie the first of the question, and the result is in doubt."""
        top = max(kept.values())
        leaders = sorted(
            (label for label, share in kept.items() if share > top - EPSILON),
            key=lambda label: (order.get(label, len(order)), label),
        )
        self.tied = self.tied or len(leaders) > 1
        return leaders[0]


def _texts(votes: Sequence[Vote], weights: Sequence[float]) -> dict[Unit, _Text]:
    """Everything marked, by text."""
    texts: dict[Unit, _Text] = {}
    for vote, weight in zip(votes, weights, strict=True):
        for (unit, label), runs in marking(vote.value).items():
            changes = texts.setdefault(unit, _Text(unit)).changes
            for start, end in runs:
                changes[start][label] += weight
                changes[end][label] -= weight
        for span in vote.value["spans"]:
            text, start = texts[unit_of(span)], span["start"]
            text.changes[start][span["label"]] += 0.0  # a position even if the span touches another one
            text.starts[span["label"], start] += weight
            quote = span.get("text", "")
            if len(quote) == span["end"] - start:
                text.letters.update(enumerate(quote, start))
    return texts


def _sorted_units(units: Iterable[Unit], payload: Payload) -> list[Unit]:
    """Texts in the order of the task's fields."""
    place = {name: number for number, name in enumerate(payload)}
    return sorted(units, key=lambda unit: (place.get(unit[0], -1), unit))


def _trimmed(run: _Run) -> _Run:
    """Without white space at its ends, unless it is nothing else."""
    inner = [at for at in range(run.start, run.end) if not run.text.letters.get(at, "x").isspace()]
    if inner:
        run.start, run.end = inner[0], inner[-1] + 1
    return run


def _support(run: _Run, votes: Sequence[Vote]) -> list[tuple[int, Mapping[str, Any]]]:
    """Of each vote the span of that text and label that covers most of the run, if it covers half."""
    found: list[tuple[int, Mapping[str, Any]]] = []
    for number, vote in enumerate(votes):
        covering = [
            (min(span["end"], run.end) - max(span["start"], run.start), span)
            for span in vote.value["spans"]
            if span["label"] == run.label and unit_of(span) == run.text.unit
        ]
        most, span = max(covering, key=lambda each: each[0], default=(0, {}))
        if most >= (run.end - run.start) * HALF:
            found.append((number, span))
    return found
