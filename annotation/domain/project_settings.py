"""What the settings and texts of a project must be. Refusals name every place at which something is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from annotation.domain import policy
from annotation.models import Project
from annotation.questions.base import Json, Problem, pointer, problem
from annotation.questions.schema import Schema, lint
from workforce.domain.refusal import Refusal

MAX_NAME, MAX_DESCRIPTION, MAX_GUIDELINE = 200, 1000, 200_000


class Invalid(Refusal):
    """A setting is malformed or out of its limits; paths start at the project: `/terms/price_minor`."""

    code = "validation_failed"
    message = _("Some settings are not possible.")
    remedy = _("Look at the marked places.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems=list(problems))
        self.problems = list(problems)


class SchemaInvalid(Invalid):
    """The schema is no schema of the label language; paths start at the document."""

    code = "schema_invalid"
    message = _("The questions cannot be used like this.")


def linted(document: Json) -> Schema:
    """The compiled schema; warnings do not stop it."""
    blocking = [each for each in lint(document) if each.blocking]
    if blocking:
        raise SchemaInvalid(blocking)
    return Schema.load(document)


def check_questions(quality: Json, schema: Schema) -> None:
    """Raises Invalid if an estimator is chosen for a question that the schema does not ask; those chosen before stay."""
    given = quality.get("aggregate_for") if isinstance(quality, Mapping) else None
    names = {question.name for question in schema.questions}
    unknown = [name for name in given if name not in names] if isinstance(given, Mapping) else []
    if unknown:
        raise Invalid([problem(f"/quality/aggregate_for{pointer(name)}", "unknown_question") for name in unknown])


def check_together(requirements: Mapping[str, Any], quality: Mapping[str, Any]) -> None:
    """Raises Invalid if tasks are to be done together and it is open by how many."""
    overlap = quality.get("overlap", {})
    if requirements.get("together") and not 2 <= overlap.get("min", 0) == overlap.get("max", 0):
        raise Invalid([problem("/requirements/together", "together_unsure")])


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """The given settings as they are stored. Raises Invalid with all that is wrong."""
    problems: list[Problem] = []
    found = dict(given)
    for name in policy.SHAPES.keys() & given.keys():
        found[name] = policy.checked(name, given[name], problems)
    if "name" in given:
        found["name"] = _text("name", given["name"], MAX_NAME, problems, needed=True)
    if "description" in given:
        found["description"] = _text("description", given["description"], MAX_DESCRIPTION, problems)
    if given.get("workforce", Project.Workforce.BOTH) not in Project.Workforce.values:
        problems.append(problem("/workforce", "unknown_option"))
    if problems:
        raise Invalid(problems)
    return found


def _text(name: str, value: str, limit: int, problems: list[Problem], *, needed: bool = False) -> str:
    value = value.strip()
    if needed and not value:
        problems.append(problem(f"/{name}", "required"))
    if len(value) > limit:
        problems.append(problem(f"/{name}", "too_long", max=limit))
    return value


def guideline(body: str) -> str:
    problems: list[Problem] = []
    body = _text("guideline", body.replace("\r\n", "\n"), MAX_GUIDELINE, problems)
    if problems:
        raise Invalid(problems)
    return body
