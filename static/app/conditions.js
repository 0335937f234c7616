/* Which questions are asked now (`show_if`) and which rules between questions are broken. The server decides with the same rules;
   here they only save the contributor a round trip. */

/** What the tests of a condition see of an answer: {answered, scalar, set, count}. */
function facts(question, value) {
  if (value === undefined || value === null) return { answered: false };
  const read = READERS[question.type];
  return { answered: true, ...(read ? read(value, question.config ?? {}) : { scalar: value }) };
}

const keys = (list) => list.filter((key) => typeof key === "string");
const marks = (name) => (value) => ({ scalar: value[name].length, count: value[name].length });
const READERS = {
  choice: (value) => ({ scalar: typeof value === "string" ? value : null }), // nothing of own words
  choices: (value) => ({ set: keys(value), count: value.length }),
  tree: (value) => ({ set: value.flat(), count: value.length }),
  text: (value) => ({ scalar: value, count: [...value].length }),
  ranking: (value) => ({ set: value.order[0] ?? [], count: value.order.length }),
  preference: (value) => ({ scalar: value.score }),
  spans: marks("spans"),
  regions: marks("regions"),
  segments: marks("segments"),
  tracks: marks("tracks"),
  records: marks("records"),
  tool_calls: marks("calls"),
  verdicts: (value, { options = [] }) => {
    const faults = new Set(options.filter(({ error }) => error).map(({ key }) => key));
    return { scalar: value.first ?? null, count: value.items.filter(({ verdict }) => faults.has(verdict)).length };
  },
};

const TESTS = {
  is: (seen, wanted) => (seen.set ? seen.set.length === 1 && seen.set[0] === wanted : seen.scalar === wanted),
  in: (seen, wanted) => (seen.set ? seen.set.some((key) => wanted.includes(key)) : wanted.includes(seen.scalar)),
  not_in: (seen, wanted) => !TESTS.in(seen, wanted),
  contains: (seen, wanted) => (seen.set ?? []).includes(wanted),
  gte: (seen, wanted) => typeof seen.scalar === "number" && seen.scalar >= wanted,
  lte: (seen, wanted) => typeof seen.scalar === "number" && seen.scalar <= wanted,
  count_gte: (seen, wanted) => seen.count !== undefined && seen.count >= wanted,
  count_lte: (seen, wanted) => seen.count !== undefined && seen.count <= wanted,
};

/** Does `condition` hold? `item` is the item key when a `per` question is judged item by item. */
export function holds(condition, { schema, payload, value, item }) {
  const context = { schema, payload, value, item };
  if (condition.all) return condition.all.every((part) => holds(part, context));
  if (condition.any) return condition.any.some((part) => holds(part, context));
  if (condition.not) return !holds(condition.not, context);
  if (condition.field) return fieldHolds(condition, payload[condition.field]);
  const question = schema.questions.find((candidate) => candidate.name === condition.question);
  const given = value[condition.question];
  const seen = facts(question, question.per && item !== undefined ? given?.[item] : given);
  return Object.entries(condition).every(([test, wanted]) => {
    if (test === "question") return true;
    if (test === "answered") return seen.answered === wanted;
    return seen.answered && TESTS[test](seen, wanted);
  });
}

function fieldHolds(condition, given) {
  const present = given !== undefined && given !== null;
  if (condition.present !== undefined) return present === condition.present;
  return present && (condition.in ? condition.in.includes(given) : given === condition.is);
}

/** `value` without the answers of questions that are not asked; hiding one may hide later ones. */
export function visible(schema, payload, value, itemsOf) {
  const kept = {};
  for (const question of schema.questions) {
    const given = value[question.name];
    if (given === undefined) continue;
    const context = { schema, payload, value: kept };
    if (!question.per) {
      if (!question.show_if || holds(question.show_if, context)) kept[question.name] = given;
      continue;
    }
    const keys = itemsOf(question).filter((key) => given[key] !== undefined);
    const asked = keys.filter((item) => !question.show_if || holds(question.show_if, { ...context, item }));
    if (asked.length) kept[question.name] = Object.fromEntries(asked.map((key) => [key, given[key]]));
  }
  return kept;
}

/** Rules of the schema that the value breaks: [{path, code: "rule", severity, words}]. */
export function brokenRules(schema, payload, value) {
  return (schema.rules ?? [])
    .filter((rule) => !RULES[rule.rule](rule, { schema, payload, value }))
    .map((rule) => ({
      path: `/${rule.questions?.[0] ?? rule.preference ?? firstQuestion(rule.then) ?? ""}`,
      code: "rule",
      severity: rule.level === "warning" ? "warning" : "error",
      words: rule.message,
    }));
}

const RULES = {
  implies: (rule, context) => !holds(rule.if, context) || holds(rule.then, context),
  require_any: (rule, { value }) => rule.questions.some((name) => value[name] !== undefined),
  preference_matches_ratings: matchesRatings,
};

function matchesRatings(rule, { schema, payload, value }) {
  const score = value[rule.preference]?.score;
  if (score === undefined || (rule.unless && value[rule.unless])) return true;
  const question = schema.questions.find((candidate) => candidate.name === rule.preference);
  const [first, second] = (payload[question.on] ?? []).map((item, index) => item.id ?? String(index));
  const mean = (key) => {
    const given = rule.ratings.map((name) => value[name]?.[key]).filter((rating) => typeof rating === "number");
    return given.length ? given.reduce((sum, rating) => sum + rating, 0) / given.length : null;
  };
  const [a, b] = [mean(first), mean(second)];
  if (a === null || b === null) return true;
  const slack = rule.slack ?? 0;
  return score < 0 ? a >= b - slack : score > 0 ? b >= a - slack : Math.abs(a - b) <= slack;
}

function firstQuestion(condition) {
  const parts = condition?.all ?? condition?.any ?? (condition?.not ? [condition.not] : []);
  return condition?.question ?? parts.map(firstQuestion).find(Boolean);
}
