"""Which options or labels a question offers: written in its config, or supplied by an `items` field of the task."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from annotation.questions.base import element_keys
from quality.aggregation.votes import Config, Payload


def entries(config: Config, payload: Payload, kind: str) -> list[Mapping[str, Any]]:
    """Options or labels in the order of the schema, each with its `key`. kind: "options" or "labels"."""
    written = config.get(kind)
    if written is not None:
        return list(written)
    return [{"key": key} for key in element_keys(payload.get(config.get(f"{kind}_from", "")))]


def places(items: AbstractSet[str], payload: Payload) -> dict[str, int]:
    """Where items stand in the task's list that holds them all; nowhere if there is none."""
    for listed in payload.values():
        keys = element_keys(listed)
        if items <= set(keys):
            return {key: place for place, key in enumerate(keys)}
    return {}
