"""The vectors that the browser runs too."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter

from annotation.questions.answers import check_answer, check_payload
from annotation.questions.messages import MESSAGES
from annotation.questions.registry import QUESTION_TYPES
from annotation.questions.schema import Schema, lint

VECTORS = Path(__file__).parents[2] / "vectors"
LANGUAGE = json.loads((VECTORS / "label-language.schema.json").read_text(encoding="utf-8"))


def read(name: str) -> list[dict[str, Any]]:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def fits(value: Any, definition: str) -> bool:
    """Whether the JSON Schema of the language accepts it too."""
    schema = {"$ref": f"#/$defs/{definition}", "$defs": LANGUAGE["$defs"]}
    return jsonschema.Draft202012Validator(schema).is_valid(value)


QUESTIONS = [(kind, case) for kind in QUESTION_TYPES for case in read(f"questions/{kind}.json")]


@pytest.fixture(params=QUESTIONS, ids=lambda pair: f"{pair[0]}: {pair[1]['name']}")
def vector(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param


def document_of(case: dict[str, Any]) -> dict[str, Any]:
    questions = [*case.get("earlier", []), case["question"]]
    return {"language": "manyhands/1", "fields": case["fields"], "questions": questions}


def answer_of(case: dict[str, Any], value: Any) -> dict[str, Any]:
    return {"schema_version": 1, "value": {**case.get("values", {}), "q": value}}


def test_a_value_gives_these_codes_and_this_normal_form(vector):
    _kind, case = vector
    answer, problems = check_answer(Schema.load(document_of(case)), case["payload"], answer_of(case, case["value"]))
    found = sorted((each.path.removeprefix("/q"), each.code) for each in problems)
    assert found == sorted(zip(case["paths"], case["codes"], strict=True))
    assert json.dumps(answer["value"].get("q"), sort_keys=True) == json.dumps(case["normalised"], sort_keys=True)


def test_the_settings_and_the_task_of_a_vector_are_right_themselves(vector):
    _kind, case = vector
    document = document_of(case)
    assert [each for each in lint(document) if each.blocking] == []
    assert fits(document, "schema")
    needs_more = "needs_two_items" in case["codes"]
    stored, problems = check_payload(Schema.load(document), case["payload"])
    assert needs_more or (stored, problems) == (case["payload"], [])


def test_what_is_accepted_fits_the_json_schema_and_the_declared_shape(vector):
    kind, case = vector
    if case["normalised"] is None or any(not code.startswith("warning:") for code in case["codes"]):
        return
    assert fits(case["normalised"], f"value_{kind}")
    TypeAdapter(QUESTION_TYPES[kind].Value).validate_python(case["normalised"], strict=True)


def test_every_code_of_a_type_is_covered():
    documented = {
        "choice": {"unknown_option", "other_not_allowed"},
        "choices": {"unknown_option", "other_not_allowed", "too_few", "too_many", "exclusive", "duplicate"},
        "rating": {"out_of_range", "na_not_allowed"},
        "text": {
            *("too_short", "too_long", "too_few_words", "too_many_words", "pattern", "unchanged", "bad_syntax"),
        },
        "ranking": {"duplicate", "ties_not_allowed", "all_bad_not_allowed", "contradiction"},
        "preference": {"out_of_range", "tie_not_allowed", "both_bad_not_allowed", "needs_two_items"},
        "spans": {
            *("unknown_label", "bad_offset", "quote_mismatch", "text_changed", "overlap", "too_long", "too_few", "too_many"),
            *("missing_attribute", "unknown_option", "bad_relation", "duplicate", "empty_unconfirmed", "contradiction"),
        },
        "regions": {
            *("unknown_label", "bad_shape", "bad_geometry", "out_of_bounds", "too_small", "too_few_points"),
            *("warning:self_crossing", "missing_attribute", "bad_relation", "duplicate", "empty_unconfirmed", "contradiction"),
        },
        "segments": {
            *("unknown_label", "bad_time", "too_short:seconds", "overlap", "not_covered", "unknown_speaker", "unknown_tag"),
            *("too_few", "too_many", "duplicate", "empty_unconfirmed", "contradiction"),
        },
        "verdicts": {
            *("unknown_item", "missing_item", "unknown_option", "order", "after_stop", "duplicate", "reason_missing", "too_short"),
            *("fix_missing", "fix_type", "bad_arguments", "first_mismatch", "unknown_field", "bad_offset", "quote_mismatch"),
        },
        "records": {
            *("unknown_column", "not_allowed", "not_unique", "too_few", "too_many", "exactly", "at_least", "bad_parent", "cycle"),
            *("empty_unconfirmed", "contradiction", "duplicate", "bad_date", "bad_url", "out_of_range", "unknown_option", "pattern"),
        },
        "tool_calls": {
            *("unknown_tool", "bad_arguments", "parallel_not_allowed", "too_few", "too_many", "no_call_not_allowed"),
            *("unknown_option", "contradiction"),
        },
    }  # fmt: skip
    for kind, codes in documented.items():
        covered = {code for name, case in QUESTIONS if name == kind for code in case["codes"]}
        assert codes | {"required", "type"} <= covered, kind


def test_every_code_has_a_message():
    codes = {code.removeprefix("warning:") for _kind, case in QUESTIONS for code in case["codes"]}
    assert codes <= MESSAGES.keys()
