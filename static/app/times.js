/* Times in the reader's zone and language, and "5 minutes ago" that stays true. */

import { locale } from "@mh/app/i18n";

const STYLES = {
  datetime: { dateStyle: "medium", timeStyle: "short" },
  date: { dateStyle: "medium" },
  time: { timeStyle: "short" },
};
const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 7],
  ["week", 4.35],
  ["month", 12],
  ["year", Infinity],
];
const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
const full = new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "long" });

/** A moment in words: `form` is datetime, date or time. */
export function moment(date, form = "datetime") {
  return new Intl.DateTimeFormat(locale(), STYLES[form] ?? STYLES.datetime).format(date);
}

/** How long ago, or in how long. Less than 45 seconds is now. */
export function ago(date, now = Date.now()) {
  let amount = (date.getTime() - now) / 1000;
  if (Math.abs(amount) < 45) return relative.format(0, "second");
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit);
    amount /= size;
  }
  return moment(date);
}

/** Put every `<time data-time>` below `root` into words. */
export function showTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-time]")) {
    const date = new Date(element.dateTime);
    if (Number.isNaN(date.getTime())) continue;
    const words = element.dataset.time === "relative" ? ago(date) : moment(date, element.dataset.time);
    if (element.textContent !== words) element.textContent = words;
    element.title = full.format(date);
  }
}
