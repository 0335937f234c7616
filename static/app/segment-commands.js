/* What can be done with the stretches of a recording, and by which keys. `editor` is the editor of the question. */

import { t } from "@mh/app/i18n";
import { title, words } from "@mh/app/words";

export function commandsOf(editor) {
  if (editor.readonly) return listening(editor);
  return [...labels(editor), ...listening(editor), ...cutting(editor), ...writing(editor), ...speakersAndTags(editor), ...leaving(editor)];
}

const some = (editor) => () => editor.segments.length > 0;
const chosen = (editor) => () => editor.chosen !== null;

function listening(editor) {
  const { surface } = editor;
  return [
    { id: "play", title: t("Play or pause"), keys: "Space", run: () => surface?.toggle() },
    { id: "back", title: t("Back three seconds"), keys: "Shift+Space", run: () => surface?.back() },
    { id: "faster", title: t("Faster"), keys: "Alt+ArrowUp", run: () => surface?.faster(1) },
    { id: "slower", title: t("Slower"), keys: "Alt+ArrowDown", run: () => surface?.faster(-1) },
    { id: "next-mark", title: t("Next segment"), keys: ".", when: some(editor), run: () => editor.step(1) },
    { id: "previous-mark", title: t("Previous segment"), keys: ",", when: some(editor), run: () => editor.step(-1) },
  ].map((command) => ({ ...command, kind: "listen" }));
}

function labels(editor) {
  const counts = Map.groupBy(editor.segments, ({ label }) => label);
  return editor.offered.labels.map((label) => ({
    id: `label-${label.key}`,
    kind: "label",
    title: label.title,
    help: words(label.help, editor.lang),
    keys: label.hotkey || [],
    colour: label.colour,
    tag: label.tag,
    count: counts.get(label.key)?.length ?? 0,
    pressed: editor.chosen?.label === label.key,
    when: () => true,
    run: () => editor.name("label", label.key),
  }));
}

function cutting(editor) {
  return [
    { id: "split", title: t("Split here, or begin a segment"), keys: "s", run: () => editor.split() },
    { id: "start", title: t("The segment starts here"), keys: "i", run: () => editor.setEdge("start") },
    { id: "end", title: t("The segment ends here"), keys: "o", when: chosen(editor), run: () => editor.setEdge("end") },
  ];
}

function writing(editor) {
  const may = () => editor.chosen !== null && editor.offered.transcript;
  return [
    { id: "write", title: t("To the words that are missing"), keys: "Enter", when: () => editor.unwritten !== null, run: () => editor.write(editor.unwritten.id) },
    { id: "edit", title: t("Change the words"), keys: "e", when: may, run: () => editor.write(editor.selected) },
  ];
}

function speakersAndTags(editor) {
  const { speakers, speakerKeys, tags, tagKeys, lang } = editor.offered;
  const named = speakers.map((speaker, at) => ({
    id: `speaker-${speaker}`,
    title: t("Speaker: {name}", { name: speaker }),
    keys: speakerKeys[at] || [],
    run: () => editor.name("speaker", speaker),
  }));
  const tagged = tags.map((tag, at) => ({
    id: `tag-${tag.key}`,
    title: t("Tag: {name}", { name: title(tag, lang) }),
    keys: tagKeys[at] || [],
    when: chosen(editor),
    run: () => editor.toggleTag(tag.key),
  }));
  return [...named, ...tagged];
}

function leaving(editor) {
  const none = () => !editor.segments.length && !editor.config.min;
  return [
    { id: "delete-mark", title: t("Delete the segment"), keys: ["Delete", "Backspace"], when: chosen(editor), run: () => editor.remove(editor.selected) },
    { id: "none", title: t("Nothing to mark"), keys: "Alt+0", when: none, run: () => editor.setNone(!editor.isNone) },
  ];
}
