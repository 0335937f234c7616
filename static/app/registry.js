/* Which module draws a field and which one asks a question: loaded when a schema first needs it, defined once. */

const loaded = new Map();

/** The custom element class of a field type; its module is fetched on first use. */
export function viewer(type) {
  return element("view", type, () => import(`@mh/viewers/${type}`));
}

/** The custom element class of a question type. */
export function editor(type) {
  return element("edit", type, () => import(`@mh/editors/${type}`));
}

/** Fetch every module that a schema needs, in parallel, without showing anything. */
export function preload(schema) {
  return Promise.all([
    ...schema.fields.map((field) => viewer(field.type)),
    ...schema.questions.map((question) => editor(question.type)),
  ]);
}

function element(kind, type, load) {
  const name = `mh-${kind}-${type.replaceAll("_", "-")}`;
  if (!loaded.has(name)) {
    loaded.set(
      name,
      load().then((module) => {
        if (!customElements.get(name)) customElements.define(name, module.default);
        return customElements.get(name);
      }),
    );
    loaded.get(name).catch(() => loaded.delete(name)); // a lost connection must not stay for ever
  }
  return loaded.get(name);
}
