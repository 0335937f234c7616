/* What a problem's code means, in words. The same catalogue as the server's (`annotation/questions/messages.py`), as far as an editor
   can cause it; problems that come from the server bring their own words. */

import { t } from "@mh/app/i18n";
import { words } from "@mh/app/words";

const CATALOGUE = {
  required: () => t("An answer is needed here."),
  type: (params) => t("This should be {wanted}.", params),
  missing_item: (params) => t("The item {item} has no answer yet.", params),
  rule: () => t("These answers do not fit together."),
  too_few: (params) => t("At least {min} wanted.", params),
  too_many: (params) => t("At most {max} allowed.", params),
  too_short: (params) => t("At least {min} characters wanted.", params),
  too_long: (params) => t("At most {max} characters allowed.", params),
  too_few_words: (params) => t("At least {min} words wanted.", params),
  too_many_words: (params) => t("At most {max} words allowed.", params),
  out_of_range: (params) => t("This must lie between {min} and {max}.", params),
  too_precise: (params) => t("At most {decimals} decimals.", params),
  not_on_step: (params) => t("This goes in steps of {step}.", params),
  duplicate: () => t("This is here twice."),
  contradiction: () => t("These two cannot both be chosen."),
  exclusive: (params) => t("{key} cannot be combined with another option.", params),
  pattern: () => t("This does not have the expected form."),
  unchanged: () => t("The text has not been changed."),
  bad_syntax: (params) => t("This is not valid {syntax}.", params),
  constraint: (params) => t("The text does not follow the rule {rule}.", params),
  "check:language": () => t("This seems to be another language than the one asked for."),
  "check:personal_data": () => t("This seems to contain personal data."),
  "check:effort": () => t("This seems to be filler text."),
  ties_not_allowed: () => t("Every item needs a place of its own."),
  quote_mismatch: () => t("The quote is not what stands at this place."),
  text_changed: () => t("The marked text has been changed since."),
  overlap: () => t("This mark overlaps another one."),
  missing_attribute: (params) => t("{attribute} is needed here.", params),
  bad_relation: () => t("These two marks cannot be connected like this."),
  empty_unconfirmed: () => t("Please confirm that there is nothing to mark."),
  bad_geometry: () => t("This is not a proper shape."),
  out_of_bounds: () => t("This reaches out of the picture."),
  too_small: (params) => t("This is smaller than {min} pixels.", params),
  bad_time: () => t("A stretch starts before it ends, and lies in the recording."),
  "too_short:seconds": (params) => t("This is shorter than {min} seconds.", params),
  not_covered: (params) => t("Nothing is said of the time from {start} to {end} seconds.", params),
  unknown_label: () => t("This is not one of the labels."),
  unknown_speaker: () => t("This is not one of the speakers."),
  unknown_tag: () => t("This is not one of the tags."),
  reason_missing: () => t("A reason is needed here."),
  fix_missing: () => t("A better version is needed here."),
  fix_type: (params) => t("This should be {wanted}.", params),
  unknown_tool: () => t("There is no tool of this name in this task."),
  bad_arguments: () => t("The tool does not take this argument, or not like this."),
  not_allowed: () => t("This value is not allowed here."),
  not_unique: () => t("Another row says the same."),
  bad_url: () => t("This should be a web address that begins with http:// or https://."),
  exactly: (params) => t("Wanted: exactly {count} with {column} {test}.", params),
  at_least: (params) => t("Wanted: at least {count} with {column} {test}.", params),
  too_few_points: (params) => t("At least {min} points wanted.", params),
  self_crossing: () => t("The outline crosses itself."),
};

/** The words of a problem: its own, the project's, or the catalogue's by code (`a:b:c` falls back to `a:b`, then `a`). */
export function message(problem) {
  if (problem.message) return problem.message;
  if (problem.words) return words(problem.words);
  for (let code = problem.code.replace(/^warning:/, ""); code; code = code.slice(0, Math.max(0, code.lastIndexOf(":")))) {
    if (CATALOGUE[code]) return CATALOGUE[code](problem.params ?? {});
  }
  return t("This answer is not complete.");
}
