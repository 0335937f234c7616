"""How good items are, from wins and from rankings: published figures, what must hold whatever the data, who can be relied on."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.aggregation.bradley_terry import bradley_terry
from quality.aggregation.plackett_luce import plackett_luce

VECTORS = Path(__file__).parents[2] / "vectors" / "agreement.json"
wins = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=4, max_size=4).map(
    lambda rows: np.array(rows) * (1 - np.eye(4))
)
orders = st.lists(
    st.permutations(range(4)).flatmap(lambda items: st.sampled_from([[[i] for i in items], [items[:2], items[2:]]])),
    min_size=1,
    max_size=15,
)


def baseball():
    """Agresti, Categorical Data Analysis: American League, eastern division, 1987."""
    rows = json.loads(VECTORS.read_text(encoding="utf-8"))["rows"]
    return next(row for row in rows if row["id"] == "bradley_terry_baseball1987")


def as_orders(table):
    return [[[i], [j]] for i, row in enumerate(table) for j, won in enumerate(row) for _ in range(won)]


def test_baseball():
    """Agresti, Categorical Data Analysis, and BradleyTerry2 of R: Baltimore, the last, is 0."""
    row = baseball()
    found = bradley_terry(row["input"]["wins"], prior=0)
    assert found - found[-1] == pytest.approx(row["expected"]["ability"], abs=row["tolerance"])


def test_a_prior_draws_together_and_gives_way_to_data():
    games = np.array(baseball()["input"]["wins"])
    free, drawn = bradley_terry(games, prior=0), bradley_terry(games)
    assert np.ptp(drawn) < np.ptp(free)
    assert bradley_terry(games * 1000) == pytest.approx(free, abs=1e-3)


def test_without_a_prior_everybody_must_have_won_and_lost():
    with pytest.raises(ValueError, match="without a prior nothing bounds them"):
        bradley_terry([[0, 3, 1], [0, 0, 2], [0, 2, 0]], prior=0)
    with pytest.raises(ValueError, match="no items"):
        bradley_terry(np.empty((0, 0)))
    assert bradley_terry([[0, 3, 1], [0, 0, 2], [0, 2, 0]])[1:].max() < 0
    assert bradley_terry([[0.0]]) == [0]
    assert bradley_terry([[0, 0], [0, 0]]) == pytest.approx([0, 0])


@settings(max_examples=50)
@given(wins, st.permutations(range(4)))
def test_names_and_direction_do_not_matter(table, order):
    found = bradley_terry(table)
    renamed = bradley_terry(table[np.ix_(order, order)])
    assert renamed == pytest.approx(found[order] - found[order[0]], abs=1e-4)
    assert bradley_terry(table.T) == pytest.approx(-found, abs=1e-4)


@settings(max_examples=50)
@given(wins)
def test_everybody_wins_as_often_as_expected(table):
    """Where the likelihood is highest, half a win and half a loss against the middle included."""
    found = bradley_terry(table)
    worth = np.exp(found)
    low, high = -20.0, 20.0
    for _ in range(60):  # the scale on which the prior is content
        middle = (low + high) / 2
        low, high = (middle, high) if (1 / (1 + np.exp(-found - middle))).sum() < 2 else (low, middle)
    expected = ((table + table.T) * worth[:, None] / (worth[:, None] + worth)).sum(axis=1) + 1 / (
        1 + np.exp(-found - low)
    )
    assert expected == pytest.approx(table.sum(axis=1) + 0.5, abs=1e-3)


def test_rankings_of_two_are_games():
    games = baseball()["input"]["wins"]
    fit = plackett_luce(as_orders(games))
    assert fit.converged
    assert fit.items == list(range(7))
    assert fit.ability == pytest.approx(bradley_terry(games), abs=1e-4)


def test_the_first_of_many_is_chosen_by_worth():
    """Luce's axiom (1959): of choices out of one set the likeliest worths are the shares."""
    chosen = {"a": 600, "b": 300, "c": 100}
    rankings = [[[item], [other for other in chosen if other != item]] for item, n in chosen.items() for _ in range(n)]
    fit = plackett_luce(rankings, prior=1e-6)
    assert np.exp(fit.ability) == pytest.approx([1, 1 / 2, 1 / 6], rel=1e-3)


def test_all_orders_alike_say_nothing():
    fit = plackett_luce([[[i] for i in order] for order in permutations("abc")])
    assert fit.ability == pytest.approx([0, 0, 0], abs=1e-6)


@settings(max_examples=40)
@given(orders, st.randoms())
def test_the_objective_never_falls_and_order_does_not_matter(rankings, draw):
    people = [draw.choice("xyz") for _ in rankings]
    fit = plackett_luce(rankings, people)
    assert fit.converged
    assert all(
        now >= before - 1e-9 * abs(before) for before, now in zip(fit.objective, fit.objective[1:], strict=False)
    )
    assert ((fit.reliability > 0) & (fit.reliability < 1)).all()
    places = draw.sample(range(len(rankings)), len(rankings))
    again = plackett_luce([rankings[i] for i in places], [people[i] for i in places])
    assert again.ability == pytest.approx(fit.ability, abs=1e-6)


def test_who_ranks_at_random_is_found_out_and_counts_for_little():
    draw = np.random.default_rng(3)
    truth = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    rankings, people = [], []
    for person in range(9):
        for _ in range(20):
            items = draw.choice(6, 4, replace=False)
            seen = (truth[items] if person < 5 else 0) + draw.gumbel(size=4)
            rankings.append([[int(item)] for item in items[np.argsort(-seen)]])
            people.append(person)
    fit = plackett_luce(rankings, people)
    assert fit.people == list(range(9))
    assert fit.reliability[:5].min() > fit.reliability[5:].max() + 0.2
    believing = plackett_luce(rankings)
    assert np.abs(fit.ability - truth).max() < np.abs(believing.ability - truth).max()


def test_edges():
    nothing = plackett_luce([])
    assert (nothing.items, len(nothing.ability), nothing.converged) == ([], 0, True)
    lone = plackett_luce([[], [["a"]]])
    assert (lone.items, lone.ability.tolist()) == (["a"], [0])
    tied = plackett_luce([[["a", "b"], ["c"]]] * 5)
    assert tied.ability[0] == pytest.approx(tied.ability[1])
    assert tied.ability[2] < 0
    with pytest.raises(ValueError, match="twice"):
        plackett_luce([[["a"], ["b", "a"]]])
    with pytest.raises(ValueError, match="prior"):
        plackett_luce([[["a"], ["b"]]], prior=0)
