"""ROVER: several transcripts of the same made into one, word by word (Fiscus 1997).

The texts are laid beside each other one after the other, so that equal words stand in one place: a row of slots. In each slot the word
of most weight stands, or none. Words are equal but for case, width and the punctuation around them; what is written is the spelling of
most weight. Assumes that people err on different words, so that most of them have each word right.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quality.agreement.strings import Word

Costs = NDArray[np.int32]


@dataclass(slots=True)
class Slot:
    """One place of the row: the weight of each word that stands there, "" for none, and of each way to write it."""

    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    spellings: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))

    def add(self, word: Word | None, weight: float) -> None:
        """A word, or that there is none."""
        key = word.key if word else ""
        self.weights[key] += weight
        if word:
            self.spellings[key][word.written] += weight

    def best(self) -> tuple[str, float]:
        """How the word of most weight is written, "" for none, and its share. Of equals the one that stood there first."""
        key = max(self.weights, key=lambda each: round(self.weights[each], 9))
        ways = self.spellings[key]
        written = min(ways, key=lambda each: (-round(ways[each], 9), each)) if key else ""
        return written, self.weights[key] / sum(self.weights.values())


def merge(texts: Sequence[tuple[Sequence[Word], float]]) -> tuple[str, list[float]]:
    """Of (words, weight > 0), the best text first: what stands there together, and the share of each slot, 0..1."""
    slots: list[Slot] = []
    told = 0.0
    for words, weight in texts:
        slots = _laid(slots, words, weight, told)
        told += weight
    found = [slot.best() for slot in slots]
    return "".join(written for written, _ in found).strip(), [share for _, share in found]


def _laid(slots: list[Slot], words: Sequence[Word], weight: float, told: float) -> list[Slot]:
    """The row with one more text. told: weight of those that are there already."""
    row: list[Slot] = []
    for place, word in _pairs(slots, words):
        slot = Slot() if place is None else slots[place]
        if place is None:
            slot.add(None, told)
        slot.add(None if word is None else words[word], weight)
        row.append(slot)
    return row


def _pairs(slots: Sequence[Slot], words: Sequence[Word]) -> list[tuple[int | None, int | None]]:
    """Which word stands in which slot, in order; None where a word needs a new slot or a slot gets no word. Fewest changes."""
    costs, same, gone = _costs(slots, words)
    found: list[tuple[int | None, int | None]] = []
    i, j = len(slots), len(words)
    while i or j:
        here = costs[i, j]
        if i and j and here == costs[i - 1, j - 1] + (0 if same[i - 1, j - 1] else 1):
            i, j = i - 1, j - 1
            found.append((i, j))
        elif i and here == costs[i - 1, j] + gone[i - 1]:
            i -= 1
            found.append((i, None))
        else:
            j -= 1
            found.append((None, j))
    return found[::-1]


def _costs(slots: Sequence[Slot], words: Sequence[Word]) -> tuple[Costs, NDArray[np.bool_], Costs]:
    """Least changes i4[slots + 1, words + 1] between the beginnings of both; which word is known to which slot; what a slot without a
    word costs: nothing where somebody had none there before.
    """
    codes: Mapping[str, int] = {key: code for code, key in enumerate(dict.fromkeys(word.key for word in words))}
    stands = np.zeros((len(slots), len(codes)), bool)
    for i, slot in enumerate(slots):
        stands[i, [codes[key] for key in slot.weights if key in codes]] = True
    same = stands[:, [codes[word.key] for word in words]]
    gone = np.array(["" not in slot.weights for slot in slots], np.int32)
    steps = np.arange(len(words) + 1, dtype=np.int32)
    costs = np.empty((len(slots) + 1, len(words) + 1), np.int32)
    costs[0] = steps
    differ = np.logical_not(same).astype(np.int32)
    for i in range(len(slots)):
        row = costs[i] + gone[i]
        np.minimum(row[1:], costs[i, :-1] + differ[i], out=row[1:])
        costs[i + 1] = np.minimum.accumulate(row - steps) + steps  # a new slot costs one, whatever came before it
    return costs, same, gone


def sure(shares: Sequence[float]) -> float:
    """Mean share of the slots, 0..1; 1 for a text without words."""
    return float(np.mean(shares)) if shares else 1.0
