"""Dawid-Skene as published: the example of the paper, and where the model is the wrong one."""

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from quality.aggregation import dawid_skene
from tests.quality.aggregation.simulated import accuracy, crowd, store_of

VECTORS = Path(__file__).parents[2] / "vectors"


@cache
def paper():
    """What Dawid and Skene (1979) print."""
    return json.loads((VECTORS / "dawid_skene_1979.json").read_text())["expected"]


@cache
def fitted():
    """Their 45 patients, by maximum likelihood from the shares of the votes."""
    with (VECTORS / "dawid_skene_1979.csv").open(encoding="utf-8") as file:
        rows = [(int(row["patient"]), int(row["observer"]), int(row["label"]) - 1) for row in csv.DictReader(file)]
    assert len(rows) == 315
    return dawid_skene.fit(store_of(rows, 4), smoothing=0, tol=1e-10, max_iter=1000)


def test_published_shares_of_the_classes():
    assert fitted().converged
    assert fitted().confusions.prior.round(2).tolist() == paper()["class_marginals"]


@pytest.mark.parametrize("observer", range(5))
def test_published_error_rates(observer):
    found = fitted().confusions
    own, rates = found.worker == observer, np.zeros((4, 4))
    rates[:, found.label[own]] = found.counts[own].T
    rates /= rates.sum(axis=1, keepdims=True)
    assert rates == pytest.approx(np.array(paper()["error_rates"][observer]), abs=0.006)


def test_published_patients():
    sure = dict(enumerate(fitted().posterior.round(2).tolist(), start=1))
    assert {str(key): row for key, row in sure.items() if max(row) < 1} == paper()["patients_not_1.00"]
    assert (fitted().label + 1).tolist() == paper()["class_of_patient"]


def test_the_smoothing_counts_to_the_end():
    rows, _ = crowd(1, tasks=30)
    little, much = (dawid_skene.fit(store_of(rows, 3), smoothing=value).posterior for value in (0.01, 2))
    assert abs(little - much).max() > 0.01


def test_large_stores_are_fitted_in_single_precision(monkeypatch):
    rows, truth = crowd(2)
    exact = dawid_skene.fit(store_of(rows, 3), tol=0, max_iter=5)
    monkeypatch.setattr("quality.aggregation.confusions.LARGE", 0)
    monkeypatch.setattr("quality.aggregation.confusions.BLOCK", 7)
    single = dawid_skene.fit(store_of(rows, 3), tol=0, max_iter=5)
    assert single.posterior.dtype == np.float32
    assert single.posterior == pytest.approx(exact.posterior, abs=1e-4)
    assert accuracy(single.posterior, truth) == accuracy(exact.posterior, truth)
