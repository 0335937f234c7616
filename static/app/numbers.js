/* What may be said as a number: the same rules as the server's (`annotation/questions/number.py`). */

const NOISE = 1e-9; // of a number's size: what binary fractions leave behind

const near = (a, b) => Math.abs(a - b) <= NOISE * Math.max(1, Math.abs(a));

/** The first thing that is wrong, {code, params}; null if nothing is. */
export function numberProblem(value, { min, max, step, decimals }) {
  if (value < (min ?? -Infinity) || value > (max ?? Infinity)) return { code: "out_of_range", params: { min: min ?? "-∞", max: max ?? "∞" } };
  if (decimals !== undefined && !near(value, Number(value.toFixed(decimals)))) return { code: "too_precise", params: { decimals } };
  const steps = (value - (min ?? 0)) / step;
  return step !== undefined && !near(steps, Math.round(steps)) ? { code: "not_on_step", params: { step } } : null;
}
