"""A merged value is an answer that a person could have given: the label language's own checks accept it."""

import json
from itertools import product
from pathlib import Path

import pytest

from annotation.questions.answers import check_answer
from annotation.questions.schema import Schema
from quality.aggregation.registry import KINDS, for_type
from tests.quality.aggregation.cases import votes

VECTORS = Path(__file__).parents[2] / "vectors" / "questions"


def questions(kind):
    """Questions of the shared vectors with a task and all valid answers to it: [(document, payload, earlier values, values)]."""
    found = {}
    for row in json.loads((VECTORS / f"{kind}.json").read_text(encoding="utf-8")):
        if row["normalised"] is None or "per" in row["question"] or any(":" not in code for code in row["codes"]):
            continue
        document = {
            "language": "manyhands/1",
            "fields": row["fields"],
            "questions": [*row.get("earlier", []), row["question"]],
        }
        key = json.dumps([document, row["payload"], row.get("values", {})])
        found.setdefault(key, (document, row["payload"], row.get("values", {}), []))[3].append(row["normalised"])
    return list(found.values())


@pytest.mark.parametrize("kind", KINDS)
def test_merged_values_are_valid(kind):
    for document, payload, earlier, values in questions(kind):
        schema = Schema.load(document)
        config = schema.questions[-1].config.model_dump(exclude_none=True)
        for a, b in product(values, repeat=2):
            for cast in (votes(a, b), votes(a, b, b)):
                result = for_type(kind).aggregate(cast, config, payload)
                if result.value is None or result.doubt:
                    continue
                answer = {"schema_version": 1, "value": {**earlier, "q": result.value}}
                checked, problems = check_answer(schema, payload, answer)
                assert [(each.path, each.code) for each in problems if each.blocking] == []
                assert checked["value"].get("q") == result.value
