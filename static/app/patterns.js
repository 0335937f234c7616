/* Regular expressions of a project, held against whole texts. */

/** Whether the text has the form; what is written in a dialect that only the server reads is left to it. */
export function fits(pattern, text) {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(text);
  } catch {
    return true;
  }
}
