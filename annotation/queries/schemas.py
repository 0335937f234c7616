"""Compiled schemas: a version is immutable, so each process compiles it once."""

from functools import lru_cache

from annotation.models import SchemaVersion
from annotation.questions.schema import Schema


@lru_cache(maxsize=1024)
def compiled(project_id: int, number: int) -> Schema:
    """The schema of a project's version, ready to check payloads and answers."""
    return Schema.load(SchemaVersion.objects.values_list("body", flat=True).get(project_id=project_id, number=number))
