"""What the vectors do not say: gold, pictures of a task, problems, limits."""

import pytest

from annotation.questions import preference, prose
from annotation.questions.answers import MOST, check_answer, check_expected, check_payload, items_of, media_of
from annotation.questions.base import Context, Problem, message_of, pointer, problem
from annotation.questions.exits import FLAGS, REASONS
from annotation.questions.legend import legend
from annotation.questions.messages import MESSAGES
from annotation.questions.presets import load
from annotation.questions.schema import InvalidSchemaError, Schema


@pytest.fixture
def review() -> Schema:
    return Schema.load(load("message_review").schema)


THREAD = {
    "thread": [
        {"id": "m1", "role": "user", "content": "Hi"},
        {"id": "m2", "role": "assistant", "content": "Hello."},
        {"id": "m3", "role": "assistant", "content": "What?"},
    ]
}


def codes(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(each.path, each.code) for each in problems]


def test_gold_may_cover_a_part(review):
    assert check_expected(review, THREAD, {"spam": {"m3": "no"}}) == ({"spam": {"m3": "no"}}, [])
    assert check_expected(review, THREAD, {}) == ({}, [])


def test_gold_is_normalised_and_checked(review):
    value, problems = check_expected(review, THREAD, {"quality": {"m3": 2.0, "m2": 9}, "mood": 1})
    assert value == {"quality": {"m2": 9, "m3": 2}}
    assert codes(problems) == [("/mood", "unknown_question"), ("/quality/m2", "out_of_range")]


def test_gold_of_a_hidden_question_is_kept():
    schema = Schema.load(load("rewrite").schema)
    payload = {"conversation": [{"role": "user", "content": "3*4+2?"}], "draft": "15"}
    assert check_expected(schema, payload, {"edited": "14"}) == ({"edited": "14"}, [])


@pytest.mark.parametrize("value", [None, [], "x", 3, {"spam": {"m2": "\u0000"}}])
def test_gold_of_another_shape_is_refused(review, value):
    _value, problems = check_expected(review, THREAD, value)
    assert any(each.blocking for each in problems)


def test_items_of_a_question(review):
    assert items_of(review, review.question_of["spam"], THREAD) == ["m2", "m3"]
    single = Schema.load(load("ner").schema)
    assert items_of(single, single.questions[0], {"text": "x"}) == []


def test_all_media_of_a_task_can_be_filled_in():
    fields = [
        {"name": "image", "type": "image"},
        {"name": "pics", "type": "items", "config": {"item_type": "image"}},
        {"name": "chat", "type": "chat"},
        {"name": "mixed", "type": "items", "config": {"item_type": "chat"}},
        {"name": "data", "type": "items", "config": {"item_type": "json"}},
        {"name": "text", "type": "text"},
    ]
    questions = [{"name": "q", "type": "text", "title": "Q", "config": {}}]
    schema = Schema.load({"language": "manyhands/1", "fields": fields, "questions": questions})
    message = {"role": "user", "attachments": [{"kind": "text", "media": "x"}, {"kind": "image", "media": "c.jpg"}]}
    payload, problems = check_payload(
        schema,
        {
            "image": "a.jpg",
            "pics": ["b.jpg", {"type": "text", "content": "none"}],
            "chat": [message],
            "mixed": [{"content": [message]}, {"type": "image", "content": "d.jpg"}],
            "data": [{"content": {"src": "no picture"}}],
            "text": "e.jpg",
        },
    )
    assert problems == []
    found = dict(media_of(schema, payload))
    assert {path: image["src"] for path, image in found.items()} == {
        "/image": "a.jpg",
        "/pics/0/content": "b.jpg",
        "/chat/0/attachments/1/media": "c.jpg",
        "/mixed/0/content/0/attachments/1/media": "c.jpg",
        "/mixed/1/content": "d.jpg",
    }
    found["/image"].update(width=640, height=480)
    assert payload["image"] == {"src": "a.jpg", "width": 640, "height": 480}


def test_a_score_against_both_bad_is_a_contradiction_where_it_is_not_normalised():
    schema = Schema.load(load("pairwise").schema)
    question = schema.questions[0]
    context = Context(question, schema.field_of, {"replies": ["1", "2"]}, {})
    problems = preference.validate({"score": 1, "both_bad": True}, question.config, context)
    assert codes(problems) == [("", "contradiction")]


def test_no_more_problems_than_a_person_can_read():
    schema = Schema.load(load("ner").schema)
    spans = [{"id": f"r{n}", "label": f"x{n}", "start": 0, "end": 1} for n in range(3 * MOST)]
    _answer, problems = check_answer(
        schema, {"text": "ab"}, {"schema_version": 1, "value": {"entities": {"spans": spans}}}
    )
    assert len(problems) == MOST
    _payload, problems = check_payload(schema, {"text": "a", **{f"f{n}": 1 for n in range(3 * MOST)}})
    assert len(problems) == MOST


def test_nesting_without_end_is_refused():
    schema = Schema.load(load("ner").schema)
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    assert codes(check_payload(schema, {"text": deep})[1])[0][1] == "too_deep"
    assert codes(check_answer(schema, {"text": "a"}, {"value": deep})[1])[0][1] == "too_deep"
    with pytest.raises(InvalidSchemaError):
        Schema.load({"fields": deep})


def test_a_number_that_is_none_cannot_be_stored():
    schema = Schema.load(load("classify_scale").schema)
    for number in (float("nan"), float("inf")):
        _answer, problems = check_answer(schema, {"text": "a"}, {"schema_version": 1, "value": {"score": number}})
        assert codes(problems) == [("/score", "not_finite")]


def test_where_a_problem_lies_in_the_whole_answer():
    assert problem("/tone", "required").in_answer == "/value/tone"
    assert problem("/@exit/reason", "unknown_option").in_answer == "/exit/reason"
    assert problem("", "required").under("a/b", 0, "c~d").path == pointer("a/b", 0, "c~d") == "/a~1b/0/c~0d"


def test_a_message_is_filled_in_and_can_be_translated():
    found = problem("", "out_of_range", min=1, max=5)
    assert found.message == "This must lie between 1 and 5."
    assert message_of(found.code) % found.params == found.message
    assert problem("", "warning:check:personal_data").message == MESSAGES["check:personal_data"]
    assert problem("", "constraint:punctuation:no_comma", rule="x").message == MESSAGES["constraint"] % {"rule": "x"}
    with pytest.raises(KeyError):
        message_of("no_such:code")


def test_the_schemas_own_words_are_the_message_of_a_rule():
    schema = Schema.load(load("preference").schema)
    payload = load("preference").example["payload"]
    _answer, problems = check_answer(schema, payload, {"schema_version": 1, "value": {"better": {"score": 3}}})
    assert codes(problems) == [("/why", "warning:rule")]
    assert problems[0].message == "Strong preferences need a reason."
    assert problems[0].params["words"]["zh-Hans"] == "强烈偏好需要理由。"


def test_the_words_of_a_tasks_own_rule_are_the_message():
    schema = Schema.load(load("sft_write").schema)
    payload = load("sft_write").example["payload"]
    _answer, problems = check_answer(schema, payload, {"schema_version": 1, "value": {"reply": "Bonjour, Ada."}})
    assert codes(problems) == [("/reply", "constraint:punctuation:no_comma")]
    assert problems[0].message == "No comma"


def test_the_four_exits_and_the_flags_have_words_in_both_languages():
    assert list(REASONS) == ["skip", "broken", "unsafe", "cannot_judge"]
    for option in (*FLAGS, *(each for reasons in REASONS.values() for each in reasons)):
        assert set(option.title) == {"en", "zh-Hans"}


def test_a_flag_of_the_schema_may_change_the_words_of_a_default():
    document = {**load("ner").schema, "flags": [{"key": "harmful", "title": "Nasty"}, {"key": "funny"}]}
    flags = Schema.load(document).flags
    assert [flag.key for flag in flags].count("harmful") == 1
    assert {"funny", "rule_gap"} <= {flag.key for flag in flags}


def test_a_legend_gives_every_option_a_key_and_a_colour():
    schema = Schema.load(load("ner").schema)
    entries = legend(schema.questions[0], {})
    assert [entry.hotkey for entry in entries] == ["p", "l", "c", "g", "r", "w"]
    assert [entry.colour for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert legend(Schema.load(load("pairwise").schema).questions[0], {}) == []


def test_colours_start_again_when_all_are_used():
    options = [{"key": "own", "colour": 2}, *({"key": f"k{n}"} for n in range(20))]
    document = {
        "language": "manyhands/1",
        "fields": [{"name": "text", "type": "text"}],
        "questions": [{"name": "q", "type": "choice", "title": "Q", "config": {"options": options}}],
    }
    colours = [entry.colour for entry in legend(Schema.load(document).questions[0], {})]
    assert colours == [2, 1, *range(3, 21), 1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("it's", 1),
        ("a-b", 2),
        ("3,5", 2),
        ("今天 ok", 3),
        ("कि की", 2),
        ("ไป", 2),
        ("naïve café", 2),
        ("😀", 0),
        ("l’été", 1),
    ],
)
def test_words(text, count):
    assert prose.words(text) == count == len(prose.word_list(text))
