/* Everything that can be done now, found by typing (Ctrl+K), and all keys on one sheet (?). Both are made from the commands. */

import { t } from "@mh/app/i18n";
import { chordsFor, normalise, spoken } from "@mh/app/keys";
import { make } from "@mh/app/layout";
import { prefs, setPrefs } from "@mh/app/prefs";
import { openSheet } from "@mh/ui/sheet";

/** Find a command by name and run it. `groups`: [{title, commands}], best first. */
export async function openPalette(groups) {
  const commands = groups.flatMap((group) => group.commands.filter(({ when }) => when?.() ?? true));
  const search = make("input", "command-search", "", {
    type: "search",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "command-list",
    "aria-label": t("Find a command"),
    placeholder: t("Find a command"),
    autofocus: "",
  });
  const list = make("ul", "command-list", "", { id: "command-list", role: "listbox", "aria-label": t("Commands") });
  const sheet = openSheet({ title: t("Commands"), content: [search, list], className: "sheet--palette" });
  let shown = [];
  let at = 0;
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    shown = commands.filter(({ title }) => title.toLowerCase().includes(wanted));
    at = Math.min(at, Math.max(0, shown.length - 1));
    list.replaceChildren(...shown.map((command, index) => option(command, index, index === at)));
    search.setAttribute("aria-activedescendant", shown.length ? `command-${at}` : "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  search.addEventListener("input", () => {
    at = 0;
    draw();
  });
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) at = (at + move + shown.length) % Math.max(1, shown.length);
    else if (event.key !== "Enter") return;
    event.preventDefault();
    if (move) draw();
    else sheet.close(shown[at]);
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) sheet.close(shown[Number(row.dataset.index)]);
  });
  draw();
  (await sheet.closed)?.run();
}

function option(command, index, selected) {
  const row = make("li", "command", "", { role: "option", id: `command-${index}`, "data-index": index, "aria-selected": selected });
  row.append(make("span", "command__title", command.title), keysOf(command));
  return row;
}

function keysOf(command) {
  const row = make("span", "keys");
  const own = prefs().remap[command.id];
  for (const chord of own ? [own] : chordsFor(command)) row.append(make("kbd", "", spoken(chord)));
  return row;
}

/** All keys, and the few settings about keys. `changeable`: the commands that a person may put on other keys. */
export function openKeySheet(groups, changeable) {
  const columns = make("div", "key-sheet");
  const draw = () =>
    columns.replaceChildren(
      ...groups.filter(({ commands }) => commands.length).map((group) => keyGroup(group, changeable, groups, draw)),
    );
  draw();
  const settings = make("div", "key-settings stack gap-2");
  settings.append(
    toggle("singleKeys", t("Single letters and digits act as keys")),
    toggle("submitOnPick", t("Where one choice is the whole answer, its key also submits")),
    toggle("advance", t("After a key has answered a question, go on to the next one")),
    toggle("keysBy", t("Letters by their place on the keyboard, not by what is printed on them"), "code", "key"),
  );
  return openSheet({ title: t("All keys"), content: [columns, settings], className: "sheet--wide" });
}

function keyGroup(group, changeable, groups, redraw) {
  const section = make("section", "key-group");
  section.append(make("h3", "", group.title));
  const list = make("dl", "key-group__list");
  for (const command of group.commands.filter((candidate) => chordsFor(candidate).length)) {
    const keys = make("dd");
    keys.append(keysOf(command));
    if (changeable.includes(command)) keys.append(changeButton(command, groups, redraw));
    list.append(make("dt", "", command.title), keys);
  }
  section.append(list);
  return section;
}

/** Waits for the next chord and puts the command on it, unless another command has it. */
function changeButton(command, groups, redraw) {
  const button = make("button", "key-change", t("Change"), { type: "button", "aria-label": t("Change the key for {command}", { command: command.title }) });
  button.addEventListener("click", () => {
    button.textContent = t("Press the new key");
    const listen = (event) => {
      if (["Control", "Alt", "Shift", "Meta"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      button.removeEventListener("keydown", listen);
      const chord = event.key === "Escape" ? null : chordFrom(event);
      const other = chord && clash(chord, command, groups);
      if (other) {
        button.textContent = t("{key} already means: {command}", { key: spoken(chord), command: other.title });
        return;
      }
      const remap = { ...prefs().remap };
      if (chord) remap[command.id] = chord;
      else delete remap[command.id];
      setPrefs({ remap });
      redraw();
    };
    button.addEventListener("keydown", listen);
  });
  return button;
}

function chordFrom(event) {
  const held = [(event.ctrlKey || event.metaKey) && "Mod", event.altKey && "Alt", event.shiftKey && "Shift"].filter(Boolean);
  return normalise([...held, event.key === "+" ? "Plus" : event.key].join("+"));
}

function clash(chord, command, groups) {
  return groups
    .flatMap(({ commands }) => commands)
    .find((other) => other.id !== command.id && (prefs().remap[other.id] ? [normalise(prefs().remap[other.id])] : chordsFor(other)).includes(chord));
}

function toggle(name, label, on = true, off = false) {
  const row = make("label", "check");
  const box = make("input", "", "", { type: "checkbox" });
  box.checked = prefs()[name] === on;
  box.addEventListener("change", () => setPrefs({ [name]: box.checked ? on : off }));
  row.append(box, make("span", "", label));
  return row;
}
