/* Passkeys: a form with data-passkey asks the browser for a credential before it is sent.

   data-passkey="create" and "get" find their options in the JSON element named by data-options; "login" asks the form's
   own address for them. The credential goes into the hidden field `credential`, as JSON. */

import { t } from "@mh/app/i18n";
import { icon } from "@mh/ui/icon";

const BYTES = ["id", "challenge"]; // the members that travel as base64url

function toBytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
}

function toText(buffer) {
  if (!buffer) return null;
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The options as the browser wants them: every base64url member becomes bytes. */
function decoded(value, name = "") {
  if (BYTES.includes(name) && typeof value === "string") return toBytes(value);
  if (Array.isArray(value)) return value.map((each) => decoded(each));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decoded(each, key)]));
}

/** `rp.id` is a name, not bytes. */
function publicKey(options) {
  const { rp, ...rest } = options;
  return rp ? { ...decoded(rest), rp } : decoded(rest);
}

/** The credential as the server reads it. */
function encoded(credential) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = Object.fromEntries(names.filter((name) => name in credential.response).map((name) => [name, toText(credential.response[name])]));
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

/** Signing in with the key alone needs one that keeps the account itself and checks who holds it. */
function wanted(options, form) {
  const alone = form.elements.passwordless?.checked ?? false;
  const selection = { ...options.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) selection.userVerification = "required";
  return { ...options, authenticatorSelection: selection };
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "login") return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

async function credentialFor(form) {
  const data = await optionsOf(form);
  if (form.dataset.passkey === "create") return navigator.credentials.create({ publicKey: publicKey(wanted(data.creation_options.publicKey, form)) });
  return navigator.credentials.get({ publicKey: publicKey(data.request_options.publicKey) });
}

function reason(error) {
  if (!window.PublicKeyCredential) return t("This browser cannot use passkeys here. They need https, or the address localhost.");
  if (error.name === "SecurityError") return t("Passkeys do not work at this address. Open the page under its name, or under localhost.");
  if (error.name === "InvalidStateError") return t("This device already has a passkey for your account.");
  if (error.name === "NotAllowedError") return t("The device did not confirm. Try again, or use another way.");
  return t("That did not work. Try again, or use another way.");
}

function say(form, text) {
  const slot = form.querySelector("[data-passkey-error]");
  const note = document.createElement("div");
  note.className = "notice notice--bad";
  const words = document.createElement("p");
  words.className = "notice__words";
  words.textContent = text;
  note.append(icon("error"), words);
  slot.hidden = false;
  slot.replaceChildren(note);
}

async function send(form, button) {
  button.setAttribute("aria-busy", "true");
  try {
    form.elements.credential.value = JSON.stringify(encoded(await credentialFor(form)));
    form.submit();
  } catch (error) {
    button.removeAttribute("aria-busy");
    say(form, reason(error));
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, event.submitter ?? form.querySelector("button"));
  });
}
