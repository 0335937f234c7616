/* Talking to the server: JSON over the session cookie and the CSRF token. Three ways to fail, each its own error. */

/** The server said no: `status`, `code`, `message`, `remedy`, and whatever else came with it in `body`. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.message || `${status}`);
    Object.assign(this, { status, code: body.code ?? "", remedy: body.remedy ?? "", body });
  }
}

/** No answer, or the server cannot serve now: try again later. `status` is 0 without an answer. */
export class Away extends Error {
  constructor(status, after = 0) {
    super(`away ${status}`);
    Object.assign(this, { status, after });
  }
}

/** The session has ended, or somebody else signed in: nothing is sent until the person is back. */
export class SignedOut extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);
let person = "";

/** Whose page this is: sent along, so that another person's session never answers for this one. */
export function speakAs(id) {
  person = id;
}

function csrfToken() {
  const name = document.querySelector('meta[name="mh-csrf-cookie"]')?.content || "csrftoken";
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Call the server; returns {status, body, headers}. Throws Refused, Away or SignedOut. */
export async function call(method, path, { body, headers = {}, keepalive = false, signal } = {}) {
  const request = {
    method,
    signal,
    keepalive,
    credentials: "same-origin",
    redirect: "error",
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken(), "X-Contributor": person, ...headers },
  };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Away(0);
  });
  const answer = await read(response);
  if (response.ok) return { status: response.status, body: answer, headers: response.headers };
  if (response.status === 401) throw new SignedOut(answer?.code ?? "sign_in");
  if (response.status === 403 && !answer) throw new SignedOut("csrf"); // the cookies are gone: signing in brings new ones
  if (BUSY.has(response.status) || (!answer && response.status !== 413)) throw new Away(response.status, Number(response.headers.get("Retry-After")) || 0);
  throw new Refused(response.status, answer ?? {});
}

/** The JSON of an answer; null if it is none: then a proxy or a captive portal spoke, or a page meant for people. */
async function read(response) {
  if (response.status === 204) return {};
  if (!response.headers.get("Content-Type")?.includes("json")) {
    if (response.ok) throw new Away(response.status);
    return null;
  }
  return response.json().catch(() => {
    throw new Away(response.status);
  });
}
