"""All estimators by name, in one shape: labels of a question in, a `Fit` out. What a project chooses, and what scripts compare.

| name | assumes | take it when |
|---|---|---|
| `majority` | everybody is as good as everybody else | there are too few labels to learn from, or the count itself is the answer |
| `one_coin` | each person is right with one probability and errs evenly | people have few labels each, or classes are many |
| `dawid_skene` | each person has a confusion of their own | few classes, and more than a hundred labels of each person |
| `pooled_dawid_skene` | the same, but people are alike as far as little is known of them | some people take one class for another |
| `mace` | a person either knows or guesses, always by the same habit | there are spammers |
| `glad` | people differ, and so do tasks in how hard they are | it should be known which tasks are hard |
| `ordinal` | labels are steps of a scale, and people miss by a step more often than by three | answers are ratings |
| `auto` | one of two: `one_coin`, `pooled_dawid_skene` | nothing is known yet |

`interval` is for numbers, and stands alone. `ordinal` takes the classes as the steps of a scale, in their order.
`voting.weighted` is for accuracies that are known beforehand. With `fit` the models are as published, but for `auto` and `ordinal`, in
which nobody is judged by the task itself and which are calibrated from fifty known tasks on. With `learn`, as a running project has it,
that holds of all of them; one more answer is then weighed by what its author's accuracy or confusion says, also where the model knows more.
"""

from collections.abc import Callable, Mapping

from numpy.typing import ArrayLike

from quality.aggregation import auto, dawid_skene, glad, mace, one_coin, ordinal, pooled, voting
from quality.aggregation.em import Fit
from quality.aggregation.skills import Skills
from quality.aggregation.store import LabelStore

ON_SCALE = auto.Models(by_confusion=ordinal.fit, held_out=ordinal.held_out, shares=[0.0])
METHODS: Mapping[str, Callable[[LabelStore, ArrayLike | None], Fit]] = {
    "auto": lambda store, gold: auto.fit(store, gold=gold).blend(),
    "majority": lambda store, gold: voting.majority(store, gold=gold),
    "one_coin": lambda store, gold: one_coin.fit(store, gold=gold),
    "dawid_skene": lambda store, gold: dawid_skene.fit(store, gold=gold),
    "pooled_dawid_skene": lambda store, gold: pooled.fit(store, gold=gold),
    "mace": lambda store, gold: mace.fit(store, gold=gold),
    "glad": lambda store, gold: glad.fit(store, gold=gold),
    "ordinal": lambda store, gold: auto.fit(store, gold=gold, models=ON_SCALE).blend(),
}


def _from_nothing(fitted: Callable[..., Fit]) -> auto.AccuracyModel:
    """A model that cannot go on from an earlier fit, and has a measure of its own for being at rest."""
    return lambda store, *, gold, **_: fitted(store, gold=gold)


# What can be learned in a running project. Of two models, one counts, or both.
LEARNED: Mapping[str, auto.Models] = {
    "auto": auto.DEFAULT,
    "one_coin": auto.Models(shares=[1.0]),
    "pooled_dawid_skene": auto.Models(shares=[0.0]),
    "dawid_skene": auto.Models(by_confusion=dawid_skene.fit, shares=[0.0]),
    "mace": auto.Models(by_accuracy=_from_nothing(mace.fit), shares=[1.0]),
    "glad": auto.Models(by_accuracy=_from_nothing(glad.fit), shares=[1.0]),
    "ordinal": ON_SCALE,
}


def learn(store: LabelStore, method: str, *, gold: ArrayLike | None = None, warm: Skills | None = None) -> auto.Fit:
    """What a running project learns with the estimator of this name. gold, warm: as `auto.fit`.

    Raises KeyError for a name that is not in LEARNED.
    """
    return auto.fit(store, gold=gold, warm=warm, models=LEARNED[method])


def fit(store: LabelStore, method: str, *, gold: ArrayLike | None = None) -> Fit:
    """Fit with the estimator of this name. gold: i2[I], known classes in the order of `store.tasks`, -1 = none.

    Raises KeyError for a name that is not in METHODS.
    """
    return METHODS[method](store, gold)
