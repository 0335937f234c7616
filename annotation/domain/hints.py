"""Hints to browsers: "look again". Never truth, never waited for; the sender is registered by `subscriptions`."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

Hint = tuple[str, dict[str, Any]]  # the group's name and the message
Sender = Callable[[Sequence[Hint]], None]
_sender: Sender | None = None


def on_hint(sender: Sender) -> None:
    """Register who carries hints."""
    global _sender  # noqa: PLW0603  set once, when the apps are ready
    _sender = sender


def hint(group: str, *, kind: str, **params: Any) -> None:
    """After the commit, tell a group: `contributor.<per_…>`, `project.<prj_…>` or `reviewers.<prj_…>`."""
    hint_all([(group, {"kind": kind, **params})])


def hint_all(hints: Sequence[Hint]) -> None:
    """Many at once, each {kind, …}."""
    sender = _sender
    if sender is not None:
        transaction.on_commit(lambda: sender(hints), robust=True)
