"""Hints to browsers: "look again". Never truth, never waited for; the sender is registered by `subscriptions`."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

Sender = Callable[[str, dict[str, Any]], None]
_sender: Sender | None = None


def on_hint(sender: Sender) -> None:
    """Register who carries hints: called with the group's name and the message."""
    global _sender  # noqa: PLW0603  set once, when the apps are ready
    _sender = sender


def hint(group: str, *, kind: str, **params: Any) -> None:
    """After the commit, tell a group: `contributor.<per_…>`, `project.<prj_…>` or `reviewers.<prj_…>`."""
    sender = _sender
    if sender is not None:
        transaction.on_commit(lambda: sender(group, {"kind": kind, **params}), robust=True)
