"""Practice that comes first, in the words of whoever has to do it: how much, why, and that it is paid."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.queries.practice import Practice
from annotation.web import restriction_words


def asked(number: int) -> str:
    """That the project asks for it again."""
    words = ngettext(
        "Before other work, the project asks you to do %(n)s task for practice.",
        "Before other work, the project asks you to do %(n)s tasks for practice.",
        number,
    )
    return words % {"n": number}


def why(params: Mapping[str, Any]) -> str:
    """A person's reason, or what a rule has seen, as far as it is told; empty if practice was not asked for again."""
    if "asked" not in params:
        return ""
    return str(params.get("reason") or restriction_words.checked(params))


def promise() -> str:
    """What everybody is told of it."""
    return _(
        "They are paid like any other, and you read the answers afterwards. They count neither for nor against you."
    )


def in_hand(practice: Practice) -> dict[str, str]:
    """Of a task for practice that somebody has before them, and of what comes after it: {text, why, rest}."""
    rest = ngettext("%(n)s more comes after it.", "%(n)s more come after it.", practice.left) % {"n": practice.left}
    return {
        "text": _(
            "This task is for practice. It is paid like any other, and you read the answer when you have sent yours."
        ),
        "why": why(practice.why),
        "rest": rest if practice.left else _("It is the last one before other work."),
    }
