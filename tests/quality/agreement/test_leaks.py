"""Leaks: an item that has become known stands out; an easy one, a hard one and one that few have met do not."""

import numpy as np

from quality.agreement.discoveries import discovered
from quality.agreement.leaks import leak


def test_an_item_that_everybody_suddenly_passes_has_leaked():
    assert leak([True, False] * 20 + [True] * 40, [0.6] * 80) < 1e-4


def test_an_item_that_was_easy_from_the_start_has_not():
    assert leak([True] * 80, [0.6] * 80) == 1.0


def test_better_people_are_no_leak():
    passed = [True, False] * 20 + [True] * 36 + [False] * 4
    assert leak(passed, [0.5] * 40 + [0.92] * 40) > 0.2


def test_few_viewers_say_nothing():
    assert leak([False] * 9 + [True] * 10, [0.5] * 19) == 1.0


def test_nobody_right_is_no_leak():
    assert leak([False] * 30, [0.8] * 30) == 1.0


def test_among_healthy_items_hardly_one_is_found_and_leaked_ones_nearly_always():
    random = np.random.default_rng(7)
    skills = random.beta(17, 3, (400, 160))
    ease = random.uniform(-0.2, 0.1, 400)[:, None]
    chance = np.clip(skills + ease, 0, 1)
    chance[:40, 80:] = 0.995  # leaked after eighty
    passed = random.random(chance.shape) < chance
    found = discovered([leak(row.tolist(), skill.tolist()) for row, skill in zip(passed, skills, strict=True)], 0.01)
    assert found[40:].sum() <= 1
    hard = ease[:40, 0] < -0.1
    assert found[:40][hard].mean() > 0.6
