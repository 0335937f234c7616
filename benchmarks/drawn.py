"""People who draw boxes, simulated, each with errors of their own; and how good boxes are, in panoptic quality.

Pictures of 1,000 x 800 pixels with two to eight things of three kinds. Everybody's sides are off by a normal error of 4 to 8 % of the
thing's size (unequal hands: 2 to 12 %); by `MODELS` there are more errors, more of them from some people than from others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quality.agreement.areas import box_iou
from quality.agreement.matching import match

KINDS = ("a", "b", "c")
WIDTH, HEIGHT = 1000, 800
SAME = 0.5  # intersection over union from which on a box is of the thing
MODELS: Mapping[str, tuple[str, ...]] = {
    "unsteady hands": (),
    "unequal hands": ("unequal",),
    "systematic shifts": ("shift",),
    "misses": ("misses",),
    "spurious boxes": ("spurious",),
    "wrong classes": ("wrong",),
    "all of these": ("shift", "misses", "spurious", "wrong"),
    "all, and one draws anywhere": ("shift", "misses", "spurious", "wrong", "spammer"),
}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes f8[n, 4] as x, y, width, height, and their kinds i8[n]."""

    boxes: Floats
    kinds: NDArray[np.int64]

    def value(self) -> dict[str, Any]:
        """As an answer to a question for regions."""
        rows = zip(self.boxes.tolist(), self.kinds.tolist(), strict=True)
        return {
            "regions": [
                {"id": f"r{place}", "label": KINDS[kind], "shape": "box", "bbox": box}
                for place, (box, kind) in enumerate(rows)
            ]
        }

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Picture":
        """Back from an answer."""
        regions = value["regions"]
        boxes = np.array([region["bbox"] for region in regions], dtype=np.float64).reshape(-1, 4)
        return cls(boxes, np.array([KINDS.index(region["label"]) for region in regions], dtype=np.int64))


def scene(random: np.random.Generator) -> Picture:
    """What there is to be drawn."""
    count = random.integers(2, 9)
    size = np.exp(random.uniform(np.log(40), np.log(300), (count, 2)))
    corner = random.uniform(0, 1, (count, 2)) * ([WIDTH, HEIGHT] - size)
    return Picture(np.hstack([corner, size]), random.integers(0, len(KINDS), count))


@dataclass(frozen=True, slots=True)
class Person:
    """jitter, shift f8[4]: of each side, in sizes. misses, wrong: probabilities; spurious: boxes per thing. spammer: draws anywhere."""

    jitter: float
    shift: Floats
    misses: float
    spurious: float
    wrong: float
    spammer: bool

    @classmethod
    def like(cls, errors: Sequence[str], random: np.random.Generator, *, spammer: bool) -> "Person":
        """Somebody with these kinds of errors."""
        jitter, shift, misses, spurious, wrong = (
            random.uniform(*((0.02, 0.12) if "unequal" in errors else (0.04, 0.08))),
            random.normal(0, 0.05, 4),
            *(random.uniform(0.05, most) for most in (0.25, 0.4, 0.25)),
        )
        return cls(
            jitter,
            shift * ("shift" in errors),
            misses * ("misses" in errors),
            spurious * ("spurious" in errors),
            wrong * ("wrong" in errors),
            spammer,
        )

    def draw(self, seen: Picture, random: np.random.Generator) -> Picture:
        """Their answer."""
        if self.spammer:
            return scene(random)
        found = random.random(len(seen.boxes)) >= self.misses
        boxes, kinds = seen.boxes[found], seen.kinds[found]
        sides = np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
        sides += np.tile(boxes[:, 2:], 2) * (self.shift + random.normal(0, self.jitter, sides.shape))
        slips = random.random(len(kinds)) < self.wrong
        kinds = (kinds + slips * random.integers(1, len(KINDS), len(kinds))) % len(KINDS)
        more, extra = scene(random), random.poisson(self.spurious * len(seen.boxes))
        drawn = np.hstack([sides[:, :2], np.maximum(sides[:, 2:] - sides[:, :2], 1)])
        return Picture(np.vstack([drawn, more.boxes[:extra]]), np.append(kinds, more.kinds[:extra]))


def crowd(model: str, people: int, random: np.random.Generator) -> list[Person]:
    """So many, with the errors of a model."""
    errors = MODELS[model]
    return [
        Person.like(errors, random, spammer="spammer" in errors and number == people - 1) for number in range(people)
    ]


def panoptic_quality(found: Sequence[Picture], true: Sequence[Picture]) -> float:
    """F1 at an overlap of 0.5 times mean overlap of what was found, 0..1 (Kirillov et al. 2019). Both as many pictures."""
    overlap, boxes = 0.0, sum(len(picture.boxes) for side in (found, true) for picture in side)
    for mine, yours in zip(found, true, strict=True):
        for kind in range(len(KINDS)):
            iou = box_iou(mine.boxes[mine.kinds == kind], yours.boxes[yours.kinds == kind])
            overlap += sum(float(iou[pair]) for pair in match(iou, SAME))
    return 2 * overlap / boxes if boxes else 1.0
