"""Merged marks beside the truth: recorded annotators of names, and simulated ones who draw."""

import numpy as np
import pytest

from benchmarks import drawn, marks, recorded


def test_the_recorded_marks_are_whole():
    found = recorded.load_marks()
    values = [value for each in found.answers.values() for value in each.values()]
    assert (len(found.truth), len({who for each in found.answers.values() for who in each})) == (200, 46)
    assert (len(values), sum(len(value["spans"]) for value in values)) == (983, 18_338)
    assert sum(map(len, found.truth.values())) == 5_299


def test_names_in_texts():
    """Measured on the same set: one annotator alone has 57.7, a majority per token 65.7."""
    found = marks.names()
    assert found.f1 >= 0.710
    assert found.precision >= 0.78


@pytest.mark.parametrize("model", drawn.MODELS)
def test_boxes_are_as_good_as_the_best_person(model):
    """In panoptic quality. Where hands are very unequal, the best of five cannot always be met: `bench marks` says how often."""
    merged, best, median = np.array([marks.boxes(model, seed) for seed in range(2)]).T
    assert (merged > median).all()
    assert model == "unequal hands" or (merged > best).all()


def test_panoptic_quality_by_hand():
    """One of two found with an overlap of 0.5, and one box too many: 0.5 / (1 + 1/2 + 1/2)."""
    true = drawn.Picture(np.array([[0, 0, 10, 10], [50, 50, 10, 10]], float), np.array([0, 1]))
    found = drawn.Picture(np.array([[0, 0, 10, 5], [50, 50, 10, 10]], float), np.array([0, 2]))
    assert drawn.panoptic_quality([found], [true]) == pytest.approx(0.25)
    assert drawn.panoptic_quality([true], [true]) == 1
