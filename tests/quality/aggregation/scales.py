"""Simulated people who read a scale: each with a bias and a spread, some who guess."""

import numpy as np

from quality.aggregation.store import LabelStore


def raters(seed, *, tasks=120, people=15, steps=5, answers=4, bias=0.7, spread=0.7, guessers=2):
    """(task, person, step) rows, and the true steps."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, steps, tasks)
    task = np.repeat(np.arange(tasks), answers)
    person = np.concatenate([draw.choice(people, answers, replace=False) for _ in range(tasks)])
    lean, width = draw.normal(0, bias, people), spread * np.exp(draw.normal(0, 0.3, people))
    seen = truth[task] + lean[person] + width[person] * draw.normal(size=len(task))
    said = np.clip(np.round(seen), 0, steps - 1).astype(int)
    said = np.where(person < guessers, draw.integers(0, steps, len(task)), said)
    return list(zip(task.tolist(), person.tolist(), said.tolist(), strict=True)), truth


def store_of(rows, steps):
    task, person, step = zip(*rows, strict=True) if rows else ((), (), ())
    return LabelStore.from_rows(task, person, step, steps)
