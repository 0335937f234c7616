"""Spans: votes per character, boundaries, labels, quotes, attributes, relations."""

import pytest

from quality.aggregation import spans
from quality.aggregation.votes import Vote
from tests.quality.aggregation.cases import LABELS, TEXT, spans_of, votes

CONFIG = {"labels": LABELS, "confirm_empty": True}
ANY = CONFIG | {"overlap": "any"}
NEW_YORK = (13, 21)


def marks(result):
    return [(span["label"], span["start"], span["end"]) for span in result.value["spans"]]


@pytest.mark.parametrize(
    ("answers", "merged", "confidence"),
    [
        ([[("x", 0, 3)]] * 3, [("x", 0, 3)], 1),
        ([[("x", 0, 3)], [("x", 0, 3)], []], [("x", 0, 3)], 2 / 3),
        ([[("x", 0, 3)], [], []], [], 2 / 3),
        ([[], [], []], [], 1),
        ([[("x", 0, 3)], [("x", 0, 9)], [("x", 0, 9)]], [("x", 0, 9)], 7 / 9),
        ([[("x", 0, 3)], [("x", 0, 9)]], [("x", 0, 9)], (3 + 6 / 2) / 9),
        ([[("x", 0, 3)], [("x", 0, 3)], [("x", 0, 3)], [("x", 4, 9)], [("x", 4, 9)]], [("x", 0, 3)], 3 / 5),
        ([[("x", 13, 16), ("x", 17, 21)], [("x", 13, 21)], [("x", 13, 21)]], [("x", 13, 21)], 23 / 24),
        (
            [[("x", 13, 17), ("x", 17, 21)], [("x", 13, 17), ("x", 17, 21)], [("x", 13, 21)]],
            [("x", 13, 16), ("x", 17, 21)],
            1,
        ),
        ([[("x", 13, 17), ("x", 17, 21)], [("x", 13, 21)]], [("x", 13, 21)], 1),
    ],
    ids=[
        "all",
        "two of three",
        "one of three",
        "nothing to mark",
        "longer majority",
        "one half is enough",
        "two of five are not",
        "gap filled",
        "boundary kept",
        "boundary of half is not",
    ],
)
def test_characters(answers, merged, confidence):
    result = spans.aggregate(votes(*(spans_of(*each, none=not each) for each in answers)), CONFIG, {"text": TEXT})
    assert marks(result) == merged
    assert result.confidence == pytest.approx(confidence)
    assert result.value.get("none", False) is not bool(merged)


def test_quotes_are_put_together_from_the_answers():
    result = spans.aggregate(votes(spans_of(("x", 13, 17)), spans_of(("x", 16, 21))), CONFIG, {})
    assert result.value["spans"] == [{"id": "m1", "label": "x", "start": 13, "end": 21, "text": "New York"}]
    bare = {"spans": [{"id": "a", "label": "x", "start": 13, "end": 21}]}
    assert spans.aggregate(votes(bare, bare), CONFIG, {}).value["spans"] == [
        {"id": "m1"} | {**bare["spans"][0], "id": "m1"}
    ]


def test_blanks_are_trimmed_unless_characters_count():
    answers = votes(spans_of(("x", 0, 4)), spans_of(("x", 0, 4)))
    assert marks(spans.aggregate(answers, CONFIG, {})) == [("x", 0, 3)]
    assert marks(spans.aggregate(answers, CONFIG | {"snap": "character"}, {})) == [("x", 0, 4)]
    blank = votes(spans_of(("x", 3, 4)), spans_of(("x", 3, 4)))
    assert marks(spans.aggregate(blank, CONFIG, {})) == [("x", 3, 4)]


def test_a_single_answer_is_kept_as_it_is():
    nested = spans_of(("x", 0, 9), ("x", 0, 3))
    assert spans.aggregate(votes(nested), ANY, {}).value == nested


@pytest.mark.parametrize(
    ("config", "merged", "doubt"),
    [(CONFIG, [("y", 0, 3)], ""), (ANY, [("y", 0, 3)], "")],
)
def test_label_of_the_majority(config, merged, doubt):
    result = spans.aggregate(votes(spans_of(("x", 0, 3)), spans_of(("y", 0, 3)), spans_of(("y", 0, 3))), config, {})
    assert (marks(result), result.doubt) == (merged, doubt)


def test_labels_at_odds():
    cast = votes(spans_of(("x", 0, 3)), spans_of(("y", 0, 3)))
    alone = spans.aggregate(cast, CONFIG, {})
    assert (marks(alone), alone.doubt, alone.confidence) == ([("x", 0, 3)], "tie", 0.5)
    other_order = spans.aggregate(cast, {"labels": LABELS[::-1], "overlap": "none"}, {})
    assert marks(other_order) == [("y", 0, 3)]
    both = spans.aggregate(cast, ANY, {})
    assert (marks(both), both.doubt) == ([("x", 0, 3), ("y", 0, 3)], "")


def test_overlap_is_cut_where_it_may_not_be():
    left, right = spans_of(("x", 0, 9)), spans_of(("y", 4, 12))
    cast = [
        Vote("a", left, 0.8),
        Vote("b", left, 0.8),
        Vote("c", left, 0.8),
        Vote("d", right, 0.9),
        Vote("e", right, 0.9),
    ]
    assert marks(spans.aggregate(cast, CONFIG, {})) == [("x", 0, 9), ("y", 10, 12)]
    assert marks(spans.aggregate(cast, ANY, {})) == [("x", 0, 9), ("y", 4, 12)]


def test_texts_are_apart_and_in_the_order_of_the_task():
    def at(field, **more):
        return {"id": "r", "label": "x", "start": 0, "end": 2, "text": "Zz", "field": field, **more}

    payload = {"target": "Zz", "source": "Zz"}
    answer = {"spans": [at("source"), at("target"), at("source", item="b")]}
    result = spans.aggregate(votes(answer, answer), CONFIG, payload)
    assert [(span["field"], span.get("item")) for span in result.value["spans"]] == [
        ("target", None),
        ("source", None),
        ("source", "b"),
    ]
    assert spans.distance({"spans": [at("source")]}, {"spans": [at("target")]}, CONFIG, payload) == 1


def said(value, *attributes):
    for span, each in zip(value["spans"], attributes, strict=True):
        if each:
            span["attributes"] = each
    return value


def test_attributes_by_vote():
    config = ANY | {
        "attributes": [{"key": "sure", "type": "boolean"}, {"key": "kind", "type": "choice", "required": True}]
    }
    one, other = (spans_of(("x", 0, 3)) for _ in range(2))
    cast = votes(
        said(one, {"sure": True, "kind": "a"}), said(other, {"kind": "a"}), said(spans_of(("x", 0, 5)), {"kind": "b"})
    )
    result = spans.aggregate(cast, config, {})
    assert result.value["spans"][0]["attributes"] == {"kind": "a"}
    assert result.doubt == ""
    tied = spans.aggregate(cast[1:], config, {})
    assert "attributes" not in tied.value["spans"][0]
    assert tied.doubt == "tie"
    optional = ANY | {"attributes": [{"key": "kind", "type": "choice", "required": True, "labels": ["y"]}]}
    assert spans.aggregate(cast[1:], optional, {}).doubt == ""


def test_references_follow_into_the_merged_spans():
    config = ANY | {
        "attributes": [{"key": "head", "type": "ref", "to": "q"}, {"key": "source", "type": "ref", "to": "things"}]
    }
    first = said(spans_of(("x", 0, 3), ("y", 13, 21)), None, {"head": "r0", "source": "r1"})
    second = said(spans_of(("y", 13, 21), ("x", 0, 3)), {"head": "r1", "source": "r1"}, None)
    lost = said(spans_of(("x", 0, 3), ("y", 13, 21)), None, {"head": "elsewhere", "source": "r1"})
    result = spans.aggregate(votes(first, second, lost), config, {"things": [{"id": "r1"}]})
    assert [span.get("attributes") for span in result.value["spans"]] == [None, {"head": "m1", "source": "r1"}]


def related(value, *lines):
    return value | {"relations": [dict(zip(("type", "from", "to"), line.split(), strict=True)) for line in lines]}


def test_relations_need_both_ends_and_more_than_half():
    config = ANY | {"relations": [{"key": "in", "directed": True}, {"key": "near"}]}
    pair = (("x", 0, 3), ("y", 13, 21))
    cast = votes(
        related(spans_of(*pair), "in r0 r1", "near r0 r1"),
        related(spans_of(*pair), "in r0 r1", "near r1 r0"),
        related(spans_of(*pair, ("x", 22, 25)), "in r1 r0", "in r2 r0"),
    )
    result = spans.aggregate(cast, config, {})
    assert result.value["relations"] == [
        {"id": "e1", "type": "in", "from": "m1", "to": "m2"},
        {"id": "e2", "type": "near", "from": "m1", "to": "m2"},
    ]
    assert "relations" not in spans.aggregate(cast[1:], config, {}).value


def test_gold_passes_from_an_f1_of_seven_tenths():
    expected = spans_of(("x", 0, 7))
    assert spans.passes(spans_of(("x", 0, 13)), expected, CONFIG, {}) == (True, pytest.approx(0.7))
    assert spans.passes(spans_of(("x", 0, 14)), expected, CONFIG, {}) == (False, pytest.approx(2 / 3))
    assert spans.passes(spans_of(none=True), spans_of(none=True), CONFIG, {}) == (True, 1)
    assert spans.passes(spans_of(none=True), expected, CONFIG, {}) == (False, 0)
