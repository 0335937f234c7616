"""Published examples and figures of shared data sets that the statistics must reproduce."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from quality.agreement.alpha import alpha, alpha_by_distance, alpha_of_counts
from quality.agreement.bounds import clopper_pearson, wilson
from quality.agreement.intraclass import icc
from quality.agreement.kappa import confusion, fleiss, fleiss_by_class, gwet_ac1, kappa, weighted_kappa
from quality.agreement.pairwise import mean_pairwise, unequal
from quality.agreement.ranks import kendall_w
from quality.agreement.runs import character_f1, joined

VECTORS = Path(__file__).parents[2] / "vectors"


def rows(name):
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["rows"]


PUBLISHED = {row["id"]: row for row in rows("agreement")}


def table(lines):
    """Raters by units, letters as codes, * as missing."""
    codes = {word: index for index, word in enumerate(sorted({word for line in lines for word in line.split()}))}
    number = {word: float(word) if word.isdigit() else codes[word] for word in codes}
    return [[np.nan if word == "*" else number[word] for word in line.split()] for line in lines]


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name.startswith("krippendorff")])
def test_alpha(name):
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), examples A, B, C; and the worked example of Wikipedia."""
    row = PUBLISHED[name]
    for level, expected in row["expected"].items():
        assert alpha(table(row["input"]), level) == pytest.approx(expected, abs=row["tolerance"])


@pytest.mark.parametrize(
    ("level", "distance"),
    [("nominal", unequal), ("interval", lambda a, b: (a - b) ** 2), ("ratio", lambda a, b: ((a - b) / (a + b)) ** 2)],
)
def test_alpha_by_distance_is_the_same_thing(level, distance):
    numbers = np.array(table(PUBLISHED["krippendorff2011_C"]["input"]))
    units = [column[~np.isnan(column)].tolist() for column in numbers.T]
    assert alpha_by_distance(units, distance) == pytest.approx(alpha(numbers, level), abs=1e-12)


def test_kappa():
    """Cohen 1960."""
    row = PUBLISHED["cohen1960"]
    assert kappa(row["input"]) == pytest.approx(row["expected"]["kappa"], abs=row["tolerance"])


def test_weighted_kappa():
    """Cohen 1968."""
    row = PUBLISHED["cohen1968"]
    worse = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    assert weighted_kappa(row["input"], worse) == pytest.approx(row["expected"]["kappa_w"], abs=row["tolerance"])


def test_fleiss():
    """Fleiss 1971, as a whole and by class."""
    row = PUBLISHED["fleiss1971"]
    counts, expected = row["input"]["counts"], row["expected"]
    assert fleiss(counts) == pytest.approx(expected["kappa"], abs=row["tolerance"])
    assert fleiss_by_class(counts) == pytest.approx(list(expected["per_category"].values()), abs=row["tolerance"])


def test_fleiss_of_fourteen_raters():
    """Wikipedia, Fleiss' kappa, worked example."""
    row = PUBLISHED["fleiss_wikipedia"]
    assert fleiss(row["input"]) == pytest.approx(row["expected"]["kappa"], abs=row["tolerance"])


def test_coefficients_with_missing_answers():
    """Gwet, Handbook of Inter-Rater Reliability (2014): one table, three corrections for chance."""
    row = PUBLISHED["gwet_raw4raters"]
    answers = np.array(table(row["input"]))
    counts = np.array([[(unit == value).sum() for value in range(1, 6)] for unit in answers.T])
    expected, tolerance = row["expected"], row["tolerance"]
    assert gwet_ac1(counts) == pytest.approx(expected["AC1"], abs=tolerance)
    assert fleiss(counts) == pytest.approx(expected["Fleiss"], abs=tolerance)
    assert alpha_of_counts(counts) == pytest.approx(expected["Krippendorff"], abs=tolerance)


def test_intraclass_correlations():
    """Shrout, Fleiss 1979, all six forms."""
    row = PUBLISHED["shrout_fleiss1979"]
    found = icc(np.transpose(row["input"]))
    one, mean = (found.one_way, found.random, found.fixed), (found.one_way_mean, found.random_mean, found.fixed_mean)
    assert one + mean == pytest.approx(row["expected"]["icc"], abs=row["tolerance"])


def test_concordance_with_ties():
    """Package irr of R, kendall(anxiety, correct = TRUE)."""
    row = PUBLISHED["kendall_w_anxiety"]
    assert kendall_w(np.transpose(row["input"])) == pytest.approx(row["expected"]["W"], abs=row["tolerance"])


def test_kappa_from_two_raters():
    counts = confusion("aabbc", "abbbc", "abc")
    assert counts.tolist() == [[1, 1, 0], [0, 2, 0], [0, 0, 1]]
    assert kappa(counts) == pytest.approx((0.8 - 0.36) / (1 - 0.36))


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name.startswith("newcombe")])
def test_intervals(name):
    """Newcombe 1998, table I: Wilson's and the exact interval."""
    row = PUBLISHED[name]
    k, n = row["input"]["k"], row["input"]["n"]
    assert wilson(k, n) == pytest.approx(row["expected"]["wilson"], abs=row["tolerance"])
    assert clopper_pearson(k, n) == pytest.approx(row["expected"]["clopper_pearson"], abs=row["tolerance"])


def test_three_people_on_pairs_of_replies():
    units = [row.split()[1:] for row in rows("pandalm")]
    assert alpha_by_distance(units, unequal) == pytest.approx(0.6428, abs=5e-5)
    assert sum(len(set(unit)) == 1 for unit in units) == 90
    assert len(units) == 130
    assert mean_pairwise(units) == pytest.approx(0.7949, abs=5e-5)


def test_twenty_people_on_review_sentences():
    ratings = np.array([row.split()[1:] for row in rows("vader")], dtype=float).T
    assert ratings.shape == (20, 150)
    assert alpha(ratings, "interval") == pytest.approx(0.8243, abs=5e-5)
    assert alpha(ratings, "ordinal") == pytest.approx(0.8341, abs=5e-5)


def test_three_professionals_on_translation_errors():
    segments = rows("mqm")
    scores = np.array([[sum(mark[3] for mark in answer) for answer in row["answers"]] for row in segments]).T
    assert alpha(scores, "interval") == pytest.approx(0.2717, abs=5e-5)
    markings = [
        [{"t": joined((mark[1], mark[2]) for mark in answer if mark[0] == "target")} for answer in row["answers"]]
        for row in segments
    ]
    pairs = [pair for unit in markings for pair in combinations(unit, 2) if any(side["t"] for side in pair)]
    assert len(pairs) == 196
    assert np.mean([character_f1(a, b) for a, b in pairs]) == pytest.approx(0.2395, abs=5e-5)
