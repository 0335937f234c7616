"""Which options or labels a question offers: written in its config, or supplied by an `items` field of the task."""

from collections.abc import Mapping
from typing import Any

from quality.aggregation.votes import Config, Payload


def entries(config: Config, payload: Payload, kind: str) -> list[Mapping[str, Any]]:
    """Options or labels in the order of the schema, each with its `key`. kind: "options" or "labels"."""
    written = config.get(kind)
    if written is not None:
        return list(written)
    supplied = payload.get(config.get(f"{kind}_from", "")) or []
    return [{"key": item_key(item, index)} for index, item in enumerate(supplied)]


def item_key(item: Any, index: int) -> str:
    """What answers call an item: its id, or its 0-based place as text."""
    return str(item["id"]) if isinstance(item, Mapping) and "id" in item else str(index)
