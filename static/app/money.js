/* Money: integer minor units in, words in the reader's language out. */

import { language } from "@mh/app/words";

/** `amount` in minor units of an ISO 4217 currency. */
export function money(amount, currency) {
  const format = new Intl.NumberFormat(language(), { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** Add {amount, currency} to a list with one entry per currency; returns a new list. */
export function plus(sums, { amount, currency }) {
  const found = sums.find((sum) => sum.currency === currency);
  if (!found) return [...sums, { amount, currency }];
  return sums.map((sum) => (sum === found ? { amount: sum.amount + amount, currency } : sum));
}
