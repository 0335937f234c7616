/* Tasks to try a schema with: the given ones as far as they have the schema's fields, and made-up content for the rest. */

const TEXTS = [
  "The train was late again, but the driver was kind and kept us informed. Ada Lovelace sat across from me.",
  "Great value! I ordered from Berlin on Monday and it arrived two days later. Would buy again.",
  "I am not sure this works as described. The manual says 20 minutes, mine took an hour.",
];
const REPLIES = [
  ["Boil the water first, then let the tea draw for four minutes.", "Tea is a drink. Put it in water.", "Use fresh water just off the boil; four minutes for black tea, two for green."],
  ["Paris is the capital of France.", "The capital of France is Lyon.", "France is a country in Europe."],
  ["Yes: 17 is prime, it has no divisors but 1 and itself.", "No, 17 can be divided by 3.", "17 is odd."],
];
const QUESTIONS = ["How do I make good tea?", "What is the capital of France?", "Is 17 a prime number?"];

/** The payload of example `index` for this schema. */
export function exampleFor(schema, given, index) {
  const known = given[index] ?? given[0] ?? {};
  return Object.fromEntries(schema.fields.map((field) => [field.name, known[field.name] ?? made(field, index)]));
}

function made(field, index) {
  const turn = index % TEXTS.length;
  return (MAKERS[field.type] ?? MAKERS.text)(field, turn);
}

const MAKERS = {
  text: (_field, turn) => TEXTS[turn],
  markdown: (_field, turn) => `**${QUESTIONS[turn]}**\n\n${REPLIES[turn][0]}`,
  chat: (_field, turn) => [{ role: "user", content: QUESTIONS[turn] }],
  audio: () => ({ src: tones(), seconds: TONES_S }),
  image: () => ({ src: picture(), width: 480, height: 320 }),
  items: items,
  trajectory: (_field, turn) => run(turn),
  table: rows,
};

/** Three rows with something in each column. */
function rows({ config = {} }) {
  const columns = config.columns?.length ? config.columns : [{ key: "name" }, { key: "price", type: "number" }];
  const value = { number: (place) => 12.5 * (place + 1), boolean: (place) => place % 2 === 0, date: () => "2026-03-14", url: () => "https://example.org" };
  return ["Lamp", "Desk", "Chair"].map((name, place) => Object.fromEntries(columns.map(({ key, type }) => [key, value[type]?.(place) ?? name])));
}

/** A short run of an agent with a tool. */
function run(turn) {
  const steps = [
    { actor: "user", text: QUESTIONS[turn] },
    { actor: "agent", thought: "I should look this up.", calls: [{ name: "search", arguments: { query: QUESTIONS[turn] } }] },
    { actor: "tool", call_name: "search", observation: REPLIES[turn][2] },
    { actor: "agent", text: REPLIES[turn][0] },
  ];
  return { goal: QUESTIONS[turn], steps };
}

/** A tool that is given a place or some words. */
function tool(id, place) {
  const [name, given] = [["weather", "city"], ["search", "query"], ["translate", "text"]][place % 3];
  return { id, name: place < 3 ? name : `${name}_${id}`, parameters: { type: "object", properties: { [given]: { type: "string" } }, required: [given] } };
}

function items(field, turn) {
  const { min, max, item_type: type = "text" } = field.config ?? {};
  const count = Math.max(min ?? Math.min(3, max ?? 3), 1);
  return Array.from({ length: count }, (_, place) => {
    const id = String.fromCharCode(97 + place);
    if (type === "tool") return tool(id, place);
    if (type === "image") return { id, src: picture(place), width: 480, height: 320 };
    return { id, content: REPLIES[turn][place % 3] };
  });
}

const [RATE, TONES_S] = [8000, 3];

/** Three tones, one each second, as a data address: WAV with eight bits a sample. */
function tones() {
  const samples = Array.from({ length: RATE * TONES_S }, (_, at) => {
    const [second, inside] = [Math.floor(at / RATE), (at % RATE) / RATE];
    return 128 + Math.round(90 * Math.max(0, 1 - 2 * inside) * Math.sin(at * (0.2 + 0.1 * second)));
  });
  const long = (number) => [0, 8, 16, 24].map((shift) => (number >> shift) & 255);
  const letters = (text) => [...text].map((letter) => letter.charCodeAt(0));
  const format = [...long(16), 1, 0, 1, 0, ...long(RATE), ...long(RATE), 1, 0, 8, 0];
  const bytes = [...letters("RIFF"), ...long(36 + samples.length), ...letters("WAVEfmt "), ...format, ...letters("data"), ...long(samples.length), ...samples];
  return `data:audio/wav;base64,${btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""))}`;
}

/** A drawn picture with a few things to mark, as a data address. */
function picture(shift = 0) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 320 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#dfe7ee";
  pen.fillRect(0, 0, 480, 320);
  const things = [["#c96442", 70, 90, 90, 110], ["#4f7cac", 220, 60, 110, 80], ["#5b8c5a", 330, 180, 100, 90]];
  for (const [colour, x, y, width, height] of things) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.ellipse(x + width / 2 + shift * 8, y + height / 2, width / 2, height / 2, 0, 0, 7);
    pen.fill();
  }
  return canvas.toDataURL("image/png");
}
