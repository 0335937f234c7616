/* What may be said of a stretch of a recording: labels, speakers and tags, each with a key; and what people are told about it. */

import { allocate } from "@mh/app/hotkeys";
import { t } from "@mh/app/i18n";
import { labelsOf } from "@mh/app/legend";

const FEW_SPEAKERS = 8; // offered where the schema does not say how many
const SLOTS = 20; // colours of the label palette

export class Offer {
  constructor({ question, payload, lang, recording }) {
    const { labels, labels_from: from, speakers, tags = [], transcript = "none", text_rules: rules } = question.config ?? {};
    this.labelled = Boolean(labels || from);
    this.labels = this.labelled ? labelsOf(question, payload, lang) : [];
    this.speakers = speakersOf(speakers);
    this.tags = tags;
    this.transcript = transcript !== "none";
    this.rules = RULES[rules]?.() ?? "";
    this.lang = lang;
    this.wordsLang = recording?.lang;
    const keys = allocate([...this.labels.map(({ hotkey }) => hotkey), ...this.speakers.map(() => ""), ...tags.map(({ hotkey }) => hotkey)]);
    const first = this.labels.length + this.speakers.length;
    this.speakerKeys = keys.slice(this.labels.length, first);
    this.tagKeys = keys.slice(first);
  }

  /** Keys of the labels, null where none are asked for. */
  get labelKeys() {
    return this.labelled ? new Set(this.labels.map(({ key }) => key)) : null;
  }

  /** Colour of a stretch: of its label, else of its speaker. */
  slotOf({ label, speaker }) {
    const found = this.labels.find(({ key }) => key === label);
    return String(found?.colour ?? (Math.max(0, this.speakers.indexOf(speaker)) % SLOTS) + 1);
  }

  /** A letter for those who do not tell colours apart. */
  tagOf({ label, speaker }) {
    return this.labels.find(({ key }) => key === label)?.tag ?? speaker?.slice(-1) ?? "•";
  }

  /** What to do next, with and without segments. */
  hint(begun) {
    if (!begun) return t("Space plays. Press S to begin a segment, and again where somebody else speaks.");
    const keys = this.speakerKeys.filter(Boolean);
    const name = keys.length > 1 ? t("{first} to {last} say who speaks.", { first: keys[0], last: keys.at(-1) }) : "";
    const write = this.transcript ? t("Enter goes to the words that are missing.") : "";
    return [t("S splits a segment where you are; I and O set its start and end."), name, write].filter(Boolean).join(" ");
  }
}

function speakersOf(speakers) {
  if (!speakers) return [];
  return speakers.names?.length ? speakers.names : Array.from({ length: speakers.max ?? FEW_SPEAKERS }, (_, at) => `S${at + 1}`);
}

const RULES = {
  verbatim: () => t("Write down every word as it is said, with fillers and false starts."),
  clean: () => t("Write down what is said without fillers, false starts and repetitions."),
};
