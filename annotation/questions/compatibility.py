"""Whether answers given under one schema still mean the same under the next."""

from typing import Literal

from annotation.questions.base import Field, Question
from annotation.questions.options import not_higher, not_lower
from annotation.questions.parsing import Parts

Change = Literal["same", "major"]
# settings of fields that tighten what a task may hold
_UPPER, _LOWER = ("max_chars", "max", "max_rows"), ("min",)


def compare(old: Parts, new: Parts) -> Change:
    """`same`: words, looks, new options and labels, new optional questions, wider limits. `major`: everything else."""
    fields = all(name in new.fields and _same_field(each, new.fields[name]) for name, each in old.fields.items())
    questions = all(
        name in new.questions and _same_question(each, new.questions[name]) for name, each in old.questions.items()
    )
    added: list[Field | Question] = [each for name, each in new.questions.items() if name not in old.questions]
    added += [each for name, each in new.fields.items() if name not in old.fields]
    optional = not any(each.required for each in added)
    return "same" if fields and questions and optional and _rules_kept(old, new) else "major"


def _same_field(old: Field, new: Field) -> bool:
    if old.type != new.type or new.required > old.required:
        return False
    if getattr(old.config, "item_type", None) != getattr(new.config, "item_type", None):
        return False
    upper = all(not_lower(getattr(old.config, name, None), getattr(new.config, name, None)) for name in _UPPER)
    return upper and all(
        not_higher(getattr(old.config, name, None), getattr(new.config, name, None)) for name in _LOWER
    )


def _same_question(old: Question, new: Question) -> bool:
    asked = (old.type, old.on, old.per, old.show_if) == (new.type, new.on, new.per, new.show_if)
    return asked and new.required <= old.required and old.kind.widened(old.config, new.config)


def _rules_kept(old: Parts, new: Parts) -> bool:
    """A new rule that refuses answers is a tighter limit; warnings and words are not."""
    before = [rule.settings.model_dump(exclude={"message"}) for _path, rule in old.rules]
    after = [
        rule.settings.model_dump(exclude={"message"}) for _path, rule in new.rules if rule.settings.level == "error"
    ]
    return all(each in before for each in after)
