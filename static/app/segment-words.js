/* Stretches of time in words. Nothing here touches the page. */

import { t } from "@mh/app/i18n";
import { words } from "@mh/app/words";

/** Seconds as people read them: 1:02.5, in tenths; with `exact` in thousandths. */
export function clock(seconds, exact = false) {
  const scale = exact ? 1000 : 10;
  const whole = Math.round(Math.max(0, seconds) * scale);
  const [minutes, rest] = [Math.floor(whole / (60 * scale)), whole % (60 * scale)];
  const [hours, left] = [Math.floor(minutes / 60), minutes % 60];
  const tail = (rest / scale).toFixed(exact ? 3 : 1).padStart(exact ? 6 : 4, "0");
  return hours ? `${hours}:${String(left).padStart(2, "0")}:${tail}` : `${left}:${tail}`;
}

/** Seconds of what somebody wrote: 62.5, 1:02.5, 1:00:02.5; NaN where it is no time. */
export function secondsOf(text) {
  const parts = text.trim().replace(",", ".").split(":");
  if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d*)?$/.test(part))) return NaN;
  return parts.reduce((all, part) => 60 * all + Number(part), 0);
}

/** Who or what is heard: speaker, label, tags. */
export function heardWords({ labels = [], tags = [] }, { label, speaker, tags: given = [] }, lang) {
  const named = (list, key) => words(list.find((each) => each.key === key)?.title, lang) || key;
  return [speaker, label !== undefined && named(labels, label), ...given.map((tag) => named(tags, tag))].filter(Boolean).join(" · ");
}

/** One stretch: when, who or what, and what is said. */
export function segmentWords(config, segment, lang) {
  const who = heardWords(config, segment, lang);
  const when = `${clock(segment.start)}–${clock(segment.end)}`;
  return [who ? `${when} ${who}` : when, segment.text].filter(Boolean).join(": ");
}

/** An answer, one stretch to a line. */
export function segmentsWords(config, value, lang) {
  return value.segments.map((segment) => segmentWords(config, segment, lang)).join("\n") || t("nothing to mark");
}
