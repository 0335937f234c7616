"""The four ways out of a task without an answer, their default reasons, and the default flags."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotation.questions.shapes import Labels, Model, Option


class ExitSettings(Model):
    """What a schema says of one exit."""

    reasons: Labels | None = None
    allowed: bool = True


class ExitsSettings(Model):
    """What a schema says of the exits."""

    skip: ExitSettings = ExitSettings()
    broken: ExitSettings = ExitSettings()
    unsafe: ExitSettings = ExitSettings()
    cannot_judge: ExitSettings = ExitSettings()


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out: whether it is offered, and the reasons to choose from."""

    allowed: bool
    reasons: tuple[Option, ...]

    def has(self, reason: str) -> bool:
        """Whether the reason is one of them."""
        return any(option.key == reason for option in self.reasons)


def _options(*rows: tuple[str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(key=key, title={"en": english, "zh-Hans": chinese}) for key, english, chinese in rows)


REASONS: Mapping[str, tuple[Option, ...]] = {
    "skip": _options(
        ("not_for_me", "Not for me", "不适合我"),
        ("too_long", "Too long", "太长"),
        ("language", "I do not know the language", "不懂这种语言"),
        ("no_time", "No time", "没有时间"),
    ),
    "broken": _options(
        ("media_missing", "Picture or sound is missing", "图像或声音缺失"),
        ("text_garbled", "The text is garbled", "文本乱码"),
        ("bad_problem", "The problem makes no sense", "题目有问题"),
        ("wrong_language", "Wrong language", "语言不对"),
        ("duplicate", "I have seen this before", "重复的任务"),
    ),
    "unsafe": _options(
        ("sexual", "Sexual content", "色情内容"),
        ("violence", "Violence", "暴力"),
        ("hate", "Hate", "仇恨"),
        ("self_harm", "Self-harm", "自残"),
        ("illegal", "Illegal", "违法"),
        ("personal_data", "Personal data", "个人信息"),
    ),
    "cannot_judge": _options(
        ("rule_gap", "The guidelines do not say", "指南没有说明"),
        ("give_up", "I tried and give up", "尝试后放弃"),
        ("needs_expert", "An expert is needed", "需要专家"),
        ("truly_undecided", "It can truly go either way", "确实难以判定"),
    ),
}
FLAGS: tuple[Option, ...] = _options(
    ("personal_data", "Personal data", "个人信息"),
    ("harmful", "Harmful", "有害"),
    ("rule_gap", "The guidelines do not say", "指南没有说明"),
    ("looks_machine_made", "Looks machine-made", "疑似机器生成"),
    ("key_seems_wrong", "The given answer seems wrong", "参考答案似乎有误"),
    ("rendering", "It is not shown properly", "显示不正常"),
)


def exits_of(settings: ExitsSettings) -> Mapping[str, Exit]:
    """The four exits with their defaults filled in."""
    given: Mapping[str, ExitSettings] = {name: getattr(settings, name) for name in REASONS}
    return {name: Exit(each.allowed, tuple(each.reasons or REASONS[name])) for name, each in given.items()}


def flags_of(extra: list[Option]) -> tuple[Option, ...]:
    """The default flags and the schema's own; one of its own may replace the words of a default."""
    own = {option.key for option in extra}
    return (*(option for option in FLAGS if option.key not in own), *extra)
