"""The one catalogue of messages, keyed by code. English; another room translates `MESSAGES[code]` and fills in the parameters.

Codes with a colon fall back to their first part: `constraint:punctuation:no_comma`, `check:effort`. A `warning:` prefix is not looked at.
"""


def gettext_noop(message: str) -> str:
    """Mark for the extractor of translations; this room translates nothing itself."""
    return message


# What a wrongly shaped value should have been: the parameter `wanted` of `type`.
A_STRING = gettext_noop("text")
A_NUMBER = gettext_noop("a number")
A_WHOLE_NUMBER = gettext_noop("a whole number")
A_BOOLEAN = gettext_noop("true or false")
AN_OBJECT = gettext_noop("an object")
A_LIST = gettext_noop("a list")
A_KEY = gettext_noop("a key of 1 to 128 characters")
A_NAME = gettext_noop("a name of small letters, digits and underscores that starts with a letter")
NOTHING = gettext_noop("nothing")
A_CHOICE = gettext_noop("an option's key")
A_SOURCE = gettext_noop("a web address, a file id or a path")
SOMETHING_ELSE = gettext_noop("something else")
A_CALL = gettext_noop("a call with a name and arguments")
TRUE = gettext_noop("true, or nothing at all")

MESSAGES = {
    # any value
    "required": gettext_noop("An answer is needed here."),
    "type": gettext_noop("This should be %(wanted)s."),
    "unknown_question": gettext_noop("There is no question of this name."),
    "unknown_item": gettext_noop("There is no such item in this task."),
    "missing_item": gettext_noop("The item %(item)s has no answer yet."),
    "stale_schema": gettext_noop("The questions have changed since."),
    "rule": gettext_noop("These answers do not fit together."),
    "bad_character": gettext_noop("This contains a character that cannot be stored (NUL, or half of a surrogate pair)."),
    "not_finite": gettext_noop("A number must be finite."),
    "too_deep": gettext_noop("This is nested too deeply."),
    # limits
    "too_few": gettext_noop("At least %(min)s wanted."),
    "too_many": gettext_noop("At most %(max)s allowed."),
    "too_short": gettext_noop("At least %(min)s characters wanted."),
    "too_long": gettext_noop("At most %(max)s characters allowed."),
    "too_few_words": gettext_noop("At least %(min)s words wanted."),
    "too_many_words": gettext_noop("At most %(max)s words allowed."),
    "out_of_range": gettext_noop("This must lie between %(min)s and %(max)s."),
    "duplicate": gettext_noop("This is here twice."),
    "contradiction": gettext_noop("These two cannot both be chosen."),
    # options
    "unknown_option": gettext_noop("This is not one of the options."),
    "other_not_allowed": gettext_noop("Please choose one of the options."),
    "exclusive": gettext_noop("%(key)s cannot be combined with another option."),
    "na_not_allowed": gettext_noop("Please choose a step of the scale."),
    # text
    "pattern": gettext_noop("This does not have the expected form."),
    "unchanged": gettext_noop("The text has not been changed."),
    "bad_syntax": gettext_noop("This is not valid %(syntax)s."),
    "constraint": gettext_noop("The text does not follow the rule %(rule)s."),
    "check:language": gettext_noop("This seems to be another language than the one asked for."),
    "check:personal_data": gettext_noop("This seems to contain personal data."),
    "check:effort": gettext_noop("This seems to be filler text."),
    # ranking and preference
    "ties_not_allowed": gettext_noop("Every item needs a place of its own."),
    "all_bad_not_allowed": gettext_noop("Please order the items."),
    "tie_not_allowed": gettext_noop("Please prefer one of the two."),
    "both_bad_not_allowed": gettext_noop("Please compare the two."),
    "needs_two_items": gettext_noop("Exactly two items are needed for a comparison."),
    # marks
    "unknown_label": gettext_noop("This is not one of the labels."),
    "unknown_field": gettext_noop("There is no field of this name."),
    "bad_offset": gettext_noop("This mark does not lie in the text."),
    "quote_mismatch": gettext_noop("The quote is not what stands at this place."),
    "text_changed": gettext_noop("The marked text has been changed since."),
    "overlap": gettext_noop("This mark overlaps another one."),
    "missing_attribute": gettext_noop("%(attribute)s is needed here."),
    "unknown_attribute": gettext_noop("There is no attribute of this name here."),
    "bad_relation": gettext_noop("These two marks cannot be connected like this."),
    "empty_unconfirmed": gettext_noop("Please confirm that there is nothing to mark."),
    "bad_shape": gettext_noop("This shape is not offered here."),
    "bad_geometry": gettext_noop("This is not a proper shape."),
    "out_of_bounds": gettext_noop("This reaches out of the picture."),
    "too_small": gettext_noop("This is smaller than %(min)s pixels."),
    "too_few_points": gettext_noop("At least %(min)s points wanted."),
    "self_crossing": gettext_noop("The outline crosses itself."),
    # stretches of time
    "bad_time": gettext_noop("A stretch starts before it ends, and lies in the recording."),
    "too_short:seconds": gettext_noop("This is shorter than %(min)s seconds."),
    "not_covered": gettext_noop("Nothing is said of the time from %(start)s to %(end)s seconds."),
    "unknown_speaker": gettext_noop("This is not one of the speakers."),
    "unknown_tag": gettext_noop("This is not one of the tags."),
    # verdicts
    "order": gettext_noop("The items are judged in their order: %(item)s comes first."),
    "after_stop": gettext_noop("The walk has stopped before this item."),
    "reason_missing": gettext_noop("A reason is needed here."),
    "fix_missing": gettext_noop("A better version is needed here."),
    "fix_type": gettext_noop("This should be %(wanted)s."),
    "bad_arguments": gettext_noop("The tool does not take this argument, or not like this."),
    "first_mismatch": gettext_noop("The first fault must be an item that is judged as one."),
    # numbers
    "too_precise": gettext_noop("At most %(decimals)s decimals."),
    "not_on_step": gettext_noop("This goes in steps of %(step)s."),
    # calls of tools
    "unknown_tool": gettext_noop("There is no tool of this name in this task."),
    "parallel_not_allowed": gettext_noop("Only one call may be made here."),
    "no_call_not_allowed": gettext_noop("A tool must be called here."),
    "accept_length": gettext_noop("This should be a list with as many members as there are calls: %(count)s."),
    # records
    "unknown_column": gettext_noop("There is no column of this name."),
    "not_allowed": gettext_noop("This value is not allowed here."),
    "not_unique": gettext_noop("Another row says the same."),
    "bad_date": gettext_noop("This should be a date, written like 2026-03-14."),
    "bad_url": gettext_noop("This should be a web address that begins with http:// or https://."),
    "exactly": gettext_noop("Wanted: exactly %(count)s with %(column)s %(test)s."),
    "at_least": gettext_noop("Wanted: at least %(count)s with %(column)s %(test)s."),
    "cycle": gettext_noop("This row stands below itself."),
    # the envelope of an answer
    "exit_not_allowed": gettext_noop("This exit is not offered here."),
    "unknown_member": gettext_noop("There is no member of this name."),
    # tasks
    "text_normalised": gettext_noop("Line breaks or characters were brought into their standard form."),
    "bad_source": gettext_noop("This should be a web address, a file id or a path inside the upload."),
    "duplicate_key": gettext_noop("The key %(key)s is used twice."),
    "bad_parent": gettext_noop("The parent is not there, or is the element itself."),
    # schema lint
    "unsupported_type": gettext_noop("%(type)s is not supported by this version."),
    "duplicate_name": gettext_noop("The name %(name)s is used twice."),
    "wrong_field_type": gettext_noop("A field of type %(type)s cannot be used here."),
    "question_not_earlier": gettext_noop("The question %(name)s must stand before this one."),
    "hotkey_collision": gettext_noop("The key %(hotkey)s is used twice in this question."),
    "hotkey_reserved": gettext_noop("The key %(hotkey)s belongs to the workspace. Free are a-z, digits, Shift and Shift+Alt with a digit."),
    "bad_scale": gettext_noop("These limits do not fit together."),
    "together_apart": gettext_noop("Who does a task together cannot be kept apart."),
    "together_unsure": gettext_noop(
        "Tasks that are done together need a fixed number of answers each: at least as many as at most, and two or more."
    ),
    "bad_reference": gettext_noop("This refers to something that is not there, or that cannot be used like this."),
    "bad_pattern": gettext_noop("This is not a regular expression (RE2: no look-around, no back-references)."),
    "colour_clash": gettext_noop("The colour %(colour)s is used twice in this question."),
    "title_missing": gettext_noop("An English text (en) is needed."),
    "translation_missing": gettext_noop("The language %(language)s is missing here."),
}  # fmt: skip
