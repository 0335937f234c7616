/* What is asked about the selected mark beside its label: a control per attribute. */

import { t } from "@mh/app/i18n";
import { spoken } from "@mh/app/keys";
import { make } from "@mh/app/layout";
import { isAbout } from "@mh/app/marks";
import { title, words } from "@mh/app/words";

let serial = 0;

export class AttributesForm {
  element = make("div", "attributes");
  #drawn = "";
  #controls = [];

  /** `change(key, value, {merge})`: value undefined takes it away. `targets(attribute)`: [{key, title}] for references. */
  constructor({ attributes, lang, readonly, change, targets }) {
    Object.assign(this, { attributes, lang, readonly, change, targets });
  }

  /** Show the attributes of a mark; null for none. */
  update(mark) {
    const asked = mark ? this.attributes.filter((attribute) => isAbout(attribute, mark.label)) : [];
    const drawn = asked.length ? `${mark.id} ${mark.label}` : "";
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.#controls = asked.map((attribute) => CONTROLS[attribute.type](this, attribute));
      this.element.replaceChildren(...this.#controls.map(({ element }) => element));
    }
    this.element.hidden = !asked.length;
    for (const [at, { show }] of this.#controls.entries()) show(mark.attributes?.[asked[at].key]);
  }
}

function frame(form, attribute, tag = "div") {
  serial += 1;
  const element = make(tag, "attributes__row");
  const name = make(tag === "fieldset" ? "legend" : "label", "attributes__name", title(attribute, form.lang));
  if (!attribute.required && !form.readonly) name.append(" ", make("span", "attributes__optional", t("optional")));
  if (tag !== "fieldset") name.htmlFor = `attribute-${serial}`;
  element.append(name);
  if (attribute.help) element.append(make("p", "attributes__help", words(attribute.help, form.lang)));
  return { element, id: `attribute-${serial}` };
}

/** Buttons; `pick(key, pressed)` gives the new value. */
function chips(form, attribute, pick, isOn) {
  const { element } = frame(form, attribute, "fieldset");
  const row = make("div", "chips");
  let now;
  const buttons = attribute.options.map((option) => {
    const button = make("button", "chip", title(option, form.lang), { type: "button" });
    if (option.help) button.title = words(option.help, form.lang);
    if (option.hotkey) button.append(make("kbd", "", spoken(option.hotkey)));
    button.disabled = form.readonly;
    button.addEventListener("click", () => form.change(attribute.key, pick(now, option.key)));
    row.append(button);
    return { button, key: option.key };
  });
  element.append(row);
  const show = (value) => {
    now = value;
    for (const { button, key } of buttons) button.setAttribute("aria-pressed", String(isOn(value, key)));
  };
  return { element, show };
}

/** A field to write in: what is typed counts at once, and is undone in one go. */
function written(form, attribute, control, read) {
  const { element, id } = frame(form, attribute);
  control.id = id;
  control.disabled = form.readonly;
  control.addEventListener("input", () => form.change(attribute.key, read(control), { merge: `${id} ${attribute.key}` }));
  element.append(control);
  const show = (value) => {
    const text = value === undefined ? "" : String(value);
    if (read(control) !== value) control.value = text;
  };
  return { element, show };
}

/** The new value of a choice after a press of one of its options. */
export function toggled(attribute, now, key) {
  if (attribute.type === "choice") return now === key && !attribute.required ? undefined : key;
  const chosen = now ?? [];
  const next = chosen.includes(key) ? chosen.filter((each) => each !== key) : [...chosen, key];
  const inOrder = attribute.options.map((option) => option.key).filter((each) => next.includes(each));
  return inOrder.length ? inOrder : undefined;
}

const CONTROLS = {
  choice: (form, attribute) => chips(form, attribute, (now, key) => toggled(attribute, now, key), (value, key) => value === key),
  choices: (form, attribute) => chips(form, attribute, (now, key) => toggled(attribute, now, key), (value, key) => (value ?? []).includes(key)),
  boolean(form, attribute) {
    const element = make("label", "check attributes__row");
    const box = make("input", "", "", { type: "checkbox" });
    box.disabled = form.readonly;
    box.addEventListener("change", () => form.change(attribute.key, box.checked));
    element.append(box, make("span", "", title(attribute, form.lang)));
    return { element, show: (value) => (box.checked = value === true) };
  },
  number(form, attribute) {
    const control = make("input", "", "", { type: "number", step: "any" });
    for (const limit of ["min", "max"]) if (attribute[limit] !== undefined) control[limit] = attribute[limit];
    return written(form, attribute, control, ({ value }) => (value === "" ? undefined : Number(value)));
  },
  text(form, attribute) {
    const control = make("textarea", "", "", { rows: "2", dir: "auto" });
    return written(form, attribute, control, ({ value }) => value || undefined);
  },
  ref(form, attribute) {
    const control = make("select");
    const made = written(form, attribute, control, ({ value }) => value || undefined);
    const show = (value) => {
      const offered = form.targets(attribute);
      if (value !== undefined && !offered.some(({ key }) => key === value)) offered.push({ key: value, title: value });
      control.replaceChildren(new Option(t("Choose"), ""), ...offered.map(({ key, title: name }) => new Option(name, key)));
      control.value = value ?? "";
    };
    return { ...made, show };
  },
};
