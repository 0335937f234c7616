"""Transcripts: words laid beside each other, the one of most weight in each place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation import rover, text
from quality.aggregation.votes import Vote
from quality.agreement.strings import spoken, word_share
from tests.quality.aggregation.cases import votes

WORDS = {"compare": "words"}


def merged(*texts: str) -> tuple[str, float]:
    result = text.aggregate(votes(*texts), WORDS, {})
    return result.value, result.confidence


@pytest.mark.parametrize(
    ("texts", "value", "confidence"),
    [
        (["the cat sat", "the cat sat", "the hat sat"], "the cat sat", (1 + 2 / 3 + 1) / 3),
        (["the cat sat", "the cat sat down", "cat sat"], "the cat sat", (2 / 3 + 1 + 1 + 2 / 3) / 4),
        (["a b c d", "a c d", "a x c d"], "a b c d", None),
        (
            ["b c d", "a b c d", "a b c"],
            "a b c d",
            (2 / 3 + 1 + 1 + 2 / 3) / 4,
        ),  # in nobody's text, right in every word
        (["So, the cat.", "so the Cat", "so the cat."], None, 1),
        (["", "", "um"], "", 2 / 3),
        (["", ""], "", 1),
        (["x"], "x", 1),
        (["我们今天去公园", "我们明天去公园", "我们今天去花园"], "我们今天去公园", (5 + 2 * 2 / 3) / 7),
    ],
)
def test_merge(texts, value, confidence):
    got, sure = merged(*texts)
    if value is None:
        assert got.casefold().replace(",", "").rstrip(".") == "so the cat"
    elif confidence is not None:
        assert got == value
    if confidence is not None:
        assert sure == pytest.approx(confidence)


def test_everybody_errs_elsewhere_and_nothing_is_lost():
    """The example that made the method known: each of three transcripts is wrong, and what they say together is right."""
    right = "this is a sentence that nobody wrote down without any mistake"
    wrong = [right.replace("sentence", "sentience"), right.replace("a ", ""), right.replace("any", "any any")]
    assert merged(*wrong)[0] == right


def test_weight_decides_and_no_weight_does_not():
    told = [Vote("a", "the hat", 0.9), Vote("b", "the cat", 0.3), Vote("c", "the cat", 0.3)]
    assert text.aggregate(told, WORDS, {}).value == "the hat"
    assert text.aggregate([*told[1:], Vote("d", "a dog", 0.0)], WORDS, {}).value == "the cat"


def test_lines_and_punctuation_stay_as_they_are_written():
    assert merged("One, two.\nThree!", "One, two.\nThree!", "one two three")[0] == "One, two.\nThree!"


@given(st.lists(st.text("ab ", max_size=10), min_size=1, max_size=4))
def test_slots_hold_the_whole_weight(texts):
    told = [(spoken(each), 0.5) for each in texts]
    value, sure = rover.merge(told)
    assert all(1 / (len(texts) + 1) <= share <= 1 + 1e-9 for share in sure)
    assert {word.key for word in spoken(value)} <= {word.key for words, _ in told for word in words}


def test_a_transcript_passes_with_few_wrong_words():
    reference = "one two three four five six seven eight nine ten"
    assert text.passes(reference.replace("two", "too"), reference, WORDS, {})[0]
    assert not text.passes(reference.replace("two three", "too tree"), reference, WORDS, {})[0]
    assert text.passes("One two, three four five. Six seven eight nine ten!", reference, WORDS, {})[0]
    assert text.passes("我们今天去公园玩了", "我们今天去花园玩了", WORDS, {})[0]


def test_words_of_scripts_without_spaces_are_letters():
    assert [word.key for word in spoken("我去 park，好。")] == ["我", "去", "park", "好"]
    assert word_share("今天去公园", "明天去公园") == pytest.approx(1 / 5)
