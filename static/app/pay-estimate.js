/* What the price on a settings form comes to: pay by the hour, cost of a task. */

import { t } from "@mh/app/i18n";

const NAMES = ["price", "answers_min", "answers_max"];

/** Keep the line `data-part=estimate` true while prices are typed; returns how to change the minutes a task takes. */
export function watchEstimate(form) {
  const line = form.querySelector("[data-part=estimate]");
  if (!line) return () => {};
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: line.dataset.currency });
  const draw = () => (line.textContent = words(form, line.dataset.minutes, money));
  form.addEventListener("input", (event) => NAMES.includes(event.target.name) && draw());
  draw();
  return (minutes) => {
    line.dataset.minutes = String(minutes);
    draw();
  };
}

function words(form, minutes, money) {
  const [price, least, most] = NAMES.map((name) => Number(form.elements[name]?.value));
  if (!price) return t("Nothing is paid.");
  const low = money.format(price * least);
  const cost = most > least ? t("A task costs {low} to {high}.", { low, high: money.format(price * most) }) : t("A task costs {low}.", { low });
  if (!Number(minutes)) return cost;
  const hour = money.format((price * 60) / Number(minutes));
  return `${t("At {minutes} min a task this pays {pay} an hour.", { minutes: Number(minutes), pay: hour })} ${cost}`;
}
