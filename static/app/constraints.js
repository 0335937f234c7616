/* Writing rules that a program can check, while one writes. The server decides by the same rules (`annotation/questions/constraints.py`);
   rules about the language of a text are left to it. */

import { wordList, words } from "@mh/app/prose";

const RELATIONS = {
  "at least": (count, wanted) => count >= wanted,
  "less than": (count, wanted) => count < wanted,
  "at most": (count, wanted) => count <= wanted,
  exactly: (count, wanted) => count === wanted,
};
const SENTENCE_END = /(?:(?<![.!?])[.!?]+["'”’)\]]*(?=\s|$)|[。！？]+|\n{2,})/;
const ANSWERS = ["my answer is yes.", "my answer is no.", "my answer is maybe."];
const QUOTES = ['""', "“”", "„“", "「」", "『』", "«»"];
const WORD_CHARACTER = "[\\p{L}\\p{N}_]";

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const compare = (relation, count, wanted) => RELATIONS[relation](count, wanted);
const occurrences = (text, part) => text.toLowerCase().split(part.toLowerCase()).length - 1;
const blocks = (text, separator) => text.split(separator).map((each) => each.trim()).filter(Boolean);
const count = (text, pattern) => (text.match(pattern) ?? []).length;

/** Number of sentences: stretches with a word in them. */
function sentences(text) {
  return text.split(SENTENCE_END).filter((each) => words(each) > 0).length;
}

function nthParagraph(text, { num_paragraphs: wanted, nth_paragraph: nth, first_word: first }) {
  const found = blocks(text, /\n\s*\n/);
  if (found.length !== wanted || nth < 1 || nth > wanted) return false;
  return wordList(found[nth - 1])[0]?.toLowerCase() === first.toLowerCase();
}

function isJson(text) {
  try {
    JSON.parse(text.trim().replace(/^```(?:json)?\s*\n|\n```\s*$/gi, ""));
    return true;
  } catch {
    return false;
  }
}

function postscript(text, { postscript_marker: marker }) {
  const letters = [...marker.replace(/[\s.]/g, "")].map(escaped).join("\\.?\\s?");
  return new RegExp(`^[ \\t]*${letters}`, "im").test(text);
}

function quotation(text) {
  const plain = [...text.trim()];
  return plain.length > 1 && QUOTES.some(([open, close]) => plain[0] === open && plain.at(-1) === close);
}

function twoResponses(text) {
  const parts = blocks(text, /\*{6}/);
  return parts.length === 2 && parts[0] !== parts[1];
}

const isUpper = (word) => word === word.toUpperCase() && word !== word.toLowerCase();

const PROGRAMS = {
  "keywords:existence": (text, { keywords }) => keywords.every((word) => text.toLowerCase().includes(word.toLowerCase())),
  "keywords:forbidden_words": (text, { forbidden_words: list }) =>
    !list.some((word) => new RegExp(`(?<!${WORD_CHARACTER})${escaped(word)}(?!${WORD_CHARACTER})`, "iu").test(text)),
  "keywords:frequency": (text, { keyword, frequency, relation }) => compare(relation, occurrences(text, keyword), frequency),
  "keywords:letter_frequency": (text, { letter, let_frequency: wanted, let_relation: relation }) => compare(relation, occurrences(text, letter), wanted),
  "length_constraints:number_words": (text, { num_words: wanted, relation }) => compare(relation, words(text), wanted),
  "length_constraints:number_sentences": (text, { num_sentences: wanted, relation }) => compare(relation, sentences(text), wanted),
  "length_constraints:number_paragraphs": (text, { num_paragraphs: wanted }) => blocks(text, /\*\*\*/).length === wanted,
  "length_constraints:nth_paragraph_first_word": nthParagraph,
  "detectable_format:title": (text) => [...text.matchAll(/<<([^\n<>]+)>>/g)].some(([, inner]) => inner.trim()),
  "detectable_format:json_format": isJson,
  "detectable_format:number_bullet_lists": (text, { num_bullets: wanted }) => count(text, /^[ \t]*[*-][ \t]+\S/gm) === wanted,
  "detectable_format:number_highlighted_sections": (text, { num_highlights: wanted }) => count(text, /\*\*[^\n*]+\*\*|\*[^\n*]+\*/g) >= wanted,
  "detectable_format:multiple_sections": (text, { section_spliter: head, num_sections: wanted }) =>
    count(text, new RegExp(`(?<!${WORD_CHARACTER})${escaped(head)}\\s+\\d+`, "gu")) >= wanted,
  "detectable_format:constrained_response": (text) => ANSWERS.some((answer) => text.toLowerCase().includes(answer)),
  "detectable_content:number_placeholders": (text, { num_placeholders: wanted }) => count(text, /\[[^[\]\n]+\]/g) >= wanted,
  "detectable_content:postscript": postscript,
  "change_case:capital_word_frequency": (text, { capital_frequency: wanted, capital_relation: relation }) =>
    compare(relation, wordList(text).filter(isUpper).length, wanted),
  "startend:end_checker": (text, { end_phrase: end }) => text.trim().replace(/^"+|"+$/g, "").toLowerCase().endsWith(end.trim().toLowerCase()),
  "startend:quotation": quotation,
  "punctuation:no_comma": (text) => !/[,，、،]/.test(text),
  "combination:repeat_prompt": (text, { prompt_to_repeat: prompt }) => text.trim().toLowerCase().startsWith(prompt.trim().toLowerCase()),
  "combination:two_responses": twoResponses,
};

/** Does the text follow the rule? null if only the server can say. */
export function holds(rule, args, text) {
  const program = PROGRAMS[rule];
  return program ? Boolean(program(text, args ?? {})) : null;
}
