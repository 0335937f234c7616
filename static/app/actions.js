/* What can be done in the workspace: one list of commands for keys, palette, key sheet and buttons. */

import { t } from "@mh/app/i18n";
import { Keys, chordsFor } from "@mh/app/keys";
import { remember } from "@mh/app/page";
import { openKeySheet, openPalette } from "@mh/app/palette";
import { prefs, setPrefs } from "@mh/app/prefs";
import { openSheet } from "@mh/ui/sheet";

const ONE_VALUE = new Set(["choice", "rating", "preference"]);
const NARROW = "(max-width: 1023px)";

/** The commands of the workspace. */
function commandsOf(ws) {
  const working = () => ws.state === "working";
  const { answering } = ws;
  return [
    { id: "submit", title: t("Submit"), keys: ["Enter", "Mod+Enter"], when: working, run: () => answering.submit() },
    { id: "skip", title: t("Skip or report the task"), keys: "Alt+S", when: working, run: () => answering.leave() },
    { id: "flag", title: t("Flag the task"), keys: "Alt+F", when: working, run: () => answering.flag() },
    { id: "undo", title: t("Undo"), keys: "Mod+Z", when: () => working() && ws.stage.canUndo, run: () => ws.stage.undo() },
    { id: "redo", title: t("Redo"), keys: ["Mod+Shift+Z", "Mod+Y"], when: () => working() && ws.stage.canRedo, run: () => ws.stage.redo() },
    { id: "recall", title: t("Take back the last answer"), keys: "Alt+U", when: () => answering.canRecall, run: () => answering.recall() },
    { id: "save", title: t("Save now"), keys: "Mod+S", when: working, run: () => ws.drafts.save() },
    { id: "extend", title: t("More time for this task"), keys: "Alt+E", when: working, run: () => ws.lifeline.extend() },
    { id: "next-question", title: t("Next question"), keys: "]", when: working, run: () => ws.stage.step(1) },
    { id: "next-open", title: t("Next open question"), when: working, run: () => ws.stage.activate(ws.stage.firstOpen() ?? ws.stage.active) },
    { id: "previous-question", title: t("Previous question"), keys: "[", when: working, run: () => ws.stage.step(-1) },
    { id: "search-labels", title: t("Search labels"), keys: "/", when: () => !ws.view.part.labels.hidden, run: () => ws.palette.search() },
    { id: "zoom-in", title: t("Larger"), keys: ["=", "+"], when: working, run: () => ws.stage.zoom(1) },
    { id: "zoom-out", title: t("Smaller"), keys: "-", when: working, run: () => ws.stage.zoom(-1) },
    hideMarks(ws, working),
    { id: "guidelines", title: t("Guidelines"), keys: "Alt+G", run: () => openGuidelines(ws) },
    { id: "feedback", title: t("Feedback on your answers"), keys: "Alt+B", run: () => ws.feedback.open() },
    { id: "panel", title: t("Show or hide the panel"), keys: "Alt+P", run: () => setPrefs({ panel: !prefs().panel, focusMode: false }) },
    { id: "focus", title: t("Only the task"), keys: "\\", run: () => setPrefs({ focusMode: !prefs().focusMode }) },
    { id: "earned", title: t("Show or hide what you earned"), run: () => setPrefs({ hideEarned: !prefs().hideEarned }) },
    { id: "greyscale", title: t("Pictures without colour"), run: () => setPrefs({ greyscale: !prefs().greyscale }) },
    { id: "theme", title: t("Light or dark"), run: switchTheme },
    { id: "leave-field", title: t("Leave the text field"), keys: "Escape", when: () => ws.stage?.current !== null, run: () => leaveField(ws) },
  ];
}

function hideMarks(ws, working) {
  const set = (hidden) => ws.stage?.root.classList.toggle("marks-hidden", hidden);
  return { id: "hide-marks", title: t("Hide marks while held"), keys: "Alt+H", when: working, run: () => set(true), release: () => set(false) };
}

/** From a text field back to the question, where plain keys act. */
function leaveField(ws) {
  ws.stage?.current?.frame.element.focus({ preventScroll: true });
}

/** Commands of the question in hand; after one of them has answered it, the next open question is taken in hand. */
function editorCommands(ws) {
  const { stage } = ws;
  if (ws.state !== "working" || !stage) return [];
  return stage.commands().map((command) => ({ ...command, run: (event) => runAtQuestion(stage, command, event) }));
}

function runAtQuestion(stage, command, event) {
  const id = stage.active;
  const open = stage.isOpen(id);
  command.run(event);
  const answered = open && stage.active === id && !stage.isOpen(id);
  const next = stage.firstOpen();
  if (answered && next && prefs().advance && ONE_VALUE.has(stage.current.question.type)) stage.activate(next);
}

/** Connect keys and buttons. Returns what must be disposed of. */
export function bind(ws) {
  const commands = commandsOf(ws);
  const everywhere = [
    { id: "keys", title: t("All keys"), keys: "?", run: () => openKeySheet(groups(), commands) },
    { id: "commands", title: t("Find a command"), keys: "Mod+K", run: () => openPalette(groups()) },
  ];
  const groups = () => [
    { title: t("This question"), commands: editorCommands(ws) },
    { title: t("This task"), commands },
    { title: t("Everywhere"), commands: everywhere },
  ];
  const keys = new Keys({ layers: () => [editorCommands(ws), commands, everywhere], prefs });
  const all = [...commands, ...everywhere];
  for (const button of document.querySelectorAll("[data-command]")) {
    const command = all.find(({ id }) => id === button.dataset.command);
    button.addEventListener("click", () => (command.when?.() ?? true) && command.run());
    const [chord] = chordsFor(command);
    if (chord) button.setAttribute("aria-keyshortcuts", chord.replace("Mod", "Control"));
  }
  undoButton(ws);
  return keys;
}

/** The undo button takes back the last answer when nothing on this task can be undone. */
function undoButton(ws) {
  ws.view.part.undo.addEventListener("click", () => {
    if (ws.state === "working" && ws.stage.canUndo) ws.stage.undo();
    else ws.answering.recall();
  });
}

// --- panels: beside the task where there is room; else the guidelines are a sheet, and the labels stand below ----------------

function openGuidelines(ws) {
  if (!matchMedia(NARROW).matches) {
    const shown = prefs().guidelines && !prefs().focusMode;
    setPrefs({ guidelines: !shown, focusMode: false });
    if (!shown) ws.view.part.guidelines.querySelector("input")?.focus();
    return;
  }
  asSheet(ws.view.part.guidelines, t("Guidelines"));
}

/** Show a panel's content in a sheet from below, and put it back afterwards. */
async function asSheet(panel, title) {
  const place = document.createComment("");
  panel.replaceWith(place);
  const sheet = openSheet({ title, content: panel, kind: "bottom" });
  await sheet.closed;
  place.replaceWith(panel);
}

function switchTheme() {
  const { dataset } = document.documentElement;
  const dark = dataset.theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : dataset.theme === "dark";
  dataset.theme = dark ? "light" : "dark";
  remember({ theme: dataset.theme });
}
