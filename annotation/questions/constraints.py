"""Writing rules that a program can check: `group:name` with arguments, named as in IFEval (Zhou et al. 2023, arXiv:2311.07911)."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotation.questions import prose
from annotation.questions.checks import is_language

Args = Mapping[str, Any]

_RELATIONS: Mapping[str, Callable[[int, int], bool]] = {
    "at least": lambda count, wanted: count >= wanted,
    "less than": lambda count, wanted: count < wanted,
    "at most": lambda count, wanted: count <= wanted,
    "exactly": lambda count, wanted: count == wanted,
}
_SENTENCE_END = re.compile(r"(?:(?<![.!?])[.!?]+[\"'”’)\]]*(?=\s|$)|[。！？]+|\n{2,})")
_ANSWERS = ("my answer is yes.", "my answer is no.", "my answer is maybe.")
_QUOTES = ('""', "“”", "„“", "「」", "『』", "«»")


def _whole_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def _compare(args: Args, relation: str, wanted: str, count: int) -> bool:
    return _RELATIONS[args[relation]](count, args[wanted])


def _reaches(count: int, wanted: int) -> bool:
    return count >= wanted


def _existence(text: str, args: Args) -> bool:
    return all(word.lower() in text.lower() for word in args["keywords"])


def _forbidden_words(text: str, args: Args) -> bool:
    return not any(_whole_word(word).search(text) for word in args["forbidden_words"])


def _frequency(text: str, args: Args) -> bool:
    return _compare(args, "relation", "frequency", text.lower().count(args["keyword"].lower()))


def _letter_frequency(text: str, args: Args) -> bool:
    return _compare(args, "let_relation", "let_frequency", text.lower().count(args["letter"].lower()))


def _number_words(text: str, args: Args) -> bool:
    return _compare(args, "relation", "num_words", prose.words(text))


def sentences(text: str) -> int:
    """Number of sentences: stretches with a word in them, ended by . ! ? or their full-width forms, or by an empty line."""
    return sum(1 for each in _SENTENCE_END.split(text) if prose.words(each))


def _number_sentences(text: str, args: Args) -> bool:
    return _compare(args, "relation", "num_sentences", sentences(text))


def _blocks(text: str, separator: str) -> list[str]:
    return [each for each in map(prose.trim, re.split(separator, text)) if each]


def _number_paragraphs(text: str, args: Args) -> bool:
    """Paragraphs stand between Markdown dividers, `***`."""
    wanted: int = args["num_paragraphs"]
    return len(_blocks(text, r"\*\*\*")) == wanted


def _nth_paragraph_first_word(text: str, args: Args) -> bool:
    """Paragraphs stand between empty lines."""
    blocks = _blocks(text, r"\n\s*\n")
    nth = args["nth_paragraph"]
    if len(blocks) != args["num_paragraphs"] or not 1 <= nth <= len(blocks):
        return False
    return [word.lower() for word in prose.word_list(blocks[nth - 1])[:1]] == [args["first_word"].lower()]


def _title(text: str, _args: Args) -> bool:
    return any(prose.trim(each) for each in re.findall(r"<<([^\n<>]+)>>", text))


def _json_format(text: str, _args: Args) -> bool:
    plain = re.sub(r"^```(?:json)?\s*\n|\n```\s*$", "", prose.trim(text), flags=re.IGNORECASE)
    try:
        json.loads(plain)
    except (ValueError, RecursionError):
        return False
    return True


def _number_bullet_lists(text: str, args: Args) -> bool:
    wanted: int = args["num_bullets"]
    return len(re.findall(r"^[ \t]*[*-][ \t]+\S", text, re.MULTILINE)) == wanted


def _number_highlighted_sections(text: str, args: Args) -> bool:
    found = re.findall(r"\*\*[^\n*]+\*\*|\*[^\n*]+\*", text)
    return _reaches(sum(1 for each in found if prose.trim(each.strip("*"))), args["num_highlights"])


def _multiple_sections(text: str, args: Args) -> bool:
    heads = re.findall(rf"(?<!\w){re.escape(args['section_spliter'])}\s+\d+", text)
    return _reaches(len(heads), args["num_sections"])


def _constrained_response(text: str, _args: Args) -> bool:
    return any(answer in text.lower() for answer in _ANSWERS)


def _number_placeholders(text: str, args: Args) -> bool:
    return _reaches(len(re.findall(r"\[[^\[\]\n]+\]", text)), args["num_placeholders"])


def _postscript(text: str, args: Args) -> bool:
    """The marker at the start of a line, with or without its dots and blanks."""
    marker = r"\.?\s?".join(map(re.escape, re.sub(r"[\s.]", "", args["postscript_marker"])))
    return re.search(rf"^[ \t]*{marker}", text, re.IGNORECASE | re.MULTILINE) is not None


def _english_capital(text: str, _args: Args) -> bool:
    return text.isupper() and is_language(text, "en")


def _english_lowercase(text: str, _args: Args) -> bool:
    return text.islower() and is_language(text, "en")


def _capital_word_frequency(text: str, args: Args) -> bool:
    count = sum(1 for word in prose.word_list(text) if word.isupper())
    return _compare(args, "capital_relation", "capital_frequency", count)


def _end_checker(text: str, args: Args) -> bool:
    return prose.trim(text).strip('"').lower().endswith(prose.trim(args["end_phrase"]).lower())


def _quotation(text: str, _args: Args) -> bool:
    plain = prose.trim(text)
    return len(plain) > 1 and any(plain[0] == pair[0] and plain[-1] == pair[1] for pair in _QUOTES)


def _no_comma(text: str, _args: Args) -> bool:
    return not re.search("[,，、،]", text)


def _repeat_prompt(text: str, args: Args) -> bool:
    return prose.trim(text).lower().startswith(prose.trim(args["prompt_to_repeat"]).lower())


def _two_responses(text: str, _args: Args) -> bool:
    parts = _blocks(text, r"\*{6}")
    return len(parts) == 2 and parts[0] != parts[1]


def _response_language(text: str, args: Args) -> bool:
    return is_language(text, args["language"])


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(prose.trim(value))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_relation(value: Any) -> bool:
    return isinstance(value, str) and value in _RELATIONS


@dataclass(frozen=True, slots=True)
class Program:
    """A rule: the test, and what its arguments must be."""

    holds: Callable[[str, Args], bool]
    args: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)


PROGRAMS: Mapping[str, Program] = {
    "keywords:existence": Program(_existence, {"keywords": _are_texts}),
    "keywords:forbidden_words": Program(_forbidden_words, {"forbidden_words": _are_texts}),
    "keywords:frequency": Program(_frequency, {"keyword": _is_text, "frequency": _is_count, "relation": _is_relation}),
    "keywords:letter_frequency": Program(
        _letter_frequency, {"letter": _is_text, "let_frequency": _is_count, "let_relation": _is_relation}
    ),
    "length_constraints:number_words": Program(_number_words, {"num_words": _is_count, "relation": _is_relation}),
    "length_constraints:number_sentences": Program(
        _number_sentences, {"num_sentences": _is_count, "relation": _is_relation}
    ),
    "length_constraints:number_paragraphs": Program(_number_paragraphs, {"num_paragraphs": _is_count}),
    "length_constraints:nth_paragraph_first_word": Program(
        _nth_paragraph_first_word, {"num_paragraphs": _is_count, "nth_paragraph": _is_count, "first_word": _is_text}
    ),
    "detectable_format:title": Program(_title),
    "detectable_format:json_format": Program(_json_format),
    "detectable_format:number_bullet_lists": Program(_number_bullet_lists, {"num_bullets": _is_count}),
    "detectable_format:number_highlighted_sections": Program(
        _number_highlighted_sections, {"num_highlights": _is_count}
    ),
    "detectable_format:multiple_sections": Program(
        _multiple_sections, {"section_spliter": _is_text, "num_sections": _is_count}
    ),
    "detectable_format:constrained_response": Program(_constrained_response),
    "detectable_content:number_placeholders": Program(_number_placeholders, {"num_placeholders": _is_count}),
    "detectable_content:postscript": Program(_postscript, {"postscript_marker": _is_text}),
    "change_case:english_capital": Program(_english_capital),
    "change_case:english_lowercase": Program(_english_lowercase),
    "change_case:capital_word_frequency": Program(
        _capital_word_frequency, {"capital_frequency": _is_count, "capital_relation": _is_relation}
    ),
    "startend:end_checker": Program(_end_checker, {"end_phrase": _is_text}),
    "startend:quotation": Program(_quotation),
    "punctuation:no_comma": Program(_no_comma),
    "combination:repeat_prompt": Program(_repeat_prompt, {"prompt_to_repeat": _is_text}),
    "combination:two_responses": Program(_two_responses),
    "language:response_language": Program(_response_language, {"language": _is_text}),
}


def known(rule: str, args: Any) -> bool:
    """Whether the rule exists and its arguments are of the right kind."""
    program = PROGRAMS.get(rule)
    return (
        program is not None
        and isinstance(args, dict)
        and all(fits(args.get(name)) for name, fits in program.args.items())
    )


def holds(rule: str, args: Any, text: str) -> bool:
    """Whether the text follows the rule. A rule that is not known, which intake and lint refuse, binds nobody."""
    return not known(rule, args) or PROGRAMS[rule].holds(text, args)
