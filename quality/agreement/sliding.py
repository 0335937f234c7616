"""Somebody's last days, as they go by: what was seen in them, summed up."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quality.agreement.conditions import HIGHEST


@dataclass(slots=True)
class Sliding:
    """A window of this length, up to the latest that was added."""

    length: timedelta
    inside: deque[tuple[datetime, str, float]] = field(default_factory=deque)
    sums: dict[str, tuple[int, float]] = field(default_factory=dict)
    # of those whose highest value counts: the values that none after them exceeds, so that the first one is the highest
    peaks: dict[str, deque[tuple[datetime, float]]] = field(default_factory=lambda: defaultdict(deque))

    def add(self, at: datetime, kind: str, value: float) -> None:
        """One more, not before the others; what has grown too old goes."""
        self.inside.append((at, kind, value))
        self._count(kind, 1, value)
        if kind in HIGHEST:
            falling = self.peaks[kind]
            while falling and falling[-1][1] < value:
                falling.pop()
            falling.append((at, value))
        while self.inside[0][0] <= at - self.length:
            gone, old, was = self.inside.popleft()
            self._count(old, -1, -was)
            if old in HIGHEST and self.peaks[old][0] == (gone, was):
                self.peaks[old].popleft()

    def _count(self, kind: str, n: int, value: float) -> None:
        before = self.sums.get(kind, (0, 0.0))
        self.sums[kind] = (before[0] + n, max(0.0, before[1] + value))

    def seen(self) -> dict[str, tuple[int, float]]:
        """{kind: (how many, their sum or the highest)}, as `conditions.facts` takes it."""
        return self.sums | {kind: (self.sums[kind][0], peak[0][1]) for kind, peak in self.peaks.items() if peak}
