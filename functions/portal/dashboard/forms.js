// Forms: what is wrong stands at its field, what was typed stays until it has arrived, and sending twice is sending once.

import { element } from "./elements.js";
import { SessionOver } from "./session.js";

let made = 0;

/** Return a labelled field; `attributes` are those of the input, `known` is what the API calls it. */
export function field(name, label, attributes = {}, hint = "", known = name) {
  const id = `field-${++made}`;
  const described = `${id}-hint ${id}-wrong`;
  const { rows, ...others } = attributes;
  const input = element(rows ? "textarea" : "input", { id, name, rows, "aria-describedby": described, ...others });
  if (rows && others.value) input.textContent = others.value;
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, label),
    hint && element("span", { class: "hint", id: `${id}-hint` }, hint),
    input,
    element("span", { class: "wrong", id: `${id}-wrong`, "data-of": known }),
  );
}

/** Return a form.
 *
 * `send` is called with the filled fields by name, trimmed, and a key that is the same while they are; when it throws,
 * what it says is shown, and the fields stay as they are.
 */
export function form({ label, busy, send, more = [] }, ...fields) {
  const wrong = element("p", { class: "wrong", role: "alert" });
  const button = element("button", { class: "primary" }, label);
  const shown = element("form", { novalidate: false }, fields, wrong, element("div", { class: "row" }, button, more));
  const keyOf = keys();
  let sending = false;
  shown.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    button.textContent = busy;
    clear(shown);
    try {
      const values = filled(shown);
      await send(values, keyOf(JSON.stringify(values)));
      shown.reset();
    } catch (error) {
      if (!(error instanceof SessionOver)) blame(shown, wrong, error);
    }
    sending = false;
    button.textContent = label;
  });
  return shown;
}

/** Return a function that gives the same key for the same words, one after the other, and a new one for others. */
export function keys() {
  let words, key;
  return (others) => {
    if (others !== words) [words, key] = [others, crypto.randomUUID()];
    return key;
  };
}

function filled(shown) {
  const entries = [...new FormData(shown)].map(([name, value]) => [name, name === "password" ? value : value.trim()]);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

function clear(shown) {
  for (const each of shown.querySelectorAll(".wrong")) each.textContent = "";
  for (const each of shown.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
}

function blame(shown, wrong, error) {
  const unplaced = (error.errors ?? []).filter(({ field: name, reason }) => !placed(shown, name, reason));
  wrong.textContent = unplaced.length || !error.errors?.length ? error.message : "";
  (shown.querySelector("[aria-invalid]") ?? shown.querySelector("input, textarea"))?.focus();
}

function placed(shown, name, reason) {
  const place = shown.querySelector(`[data-of="${CSS.escape(name)}"]`);
  if (!place) return false;
  place.textContent = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
  place.parentElement.querySelector("input, textarea").setAttribute("aria-invalid", "true");
  return true;
}
