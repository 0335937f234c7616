"""What several pages of quality draw alike: questions by their titles, and a share with its interval."""

from collections.abc import Mapping
from typing import Any

from annotation.models import Project, SchemaVersion
from annotation.web.preset_groups import words
from quality.queries.agreement import Share
from workforce.templatetags.ui import percent


def asked(project: Project) -> list[dict[str, Any]]:
    """The questions of the present schema, as it has them."""
    body = SchemaVersion.objects.values_list("body", flat=True).get(project=project, number=project.schema_version)
    questions: list[dict[str, Any]] = body["questions"]
    return questions


def titles(questions: list[dict[str, Any]]) -> dict[str, str]:
    """In the reader's words, by name, in their order."""
    return {each["name"]: words(each.get("title") or each["name"]) for each in questions}


def classes(question: Mapping[str, Any]) -> dict[str, str]:
    """Options in the reader's words, by key."""
    options = question.get("config", {}).get("options", [])
    return {option["key"]: words(option.get("title") or option["key"]) for option in options}


def drawn(share: Share) -> dict[str, Any]:
    """A dot with its interval, and the words beside it."""
    return {
        "mean": percent(share.mean),
        "limits": f"{percent(share.low)} – {percent(share.high)}",
        "n": share.n,
        "at": share.mean,
        "low": share.low,
        "high": share.high,
    }
