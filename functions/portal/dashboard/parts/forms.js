// Buttons and forms: a refusal is shown at its field, input stays until it has arrived, and sending twice has one effect.

import { element, uniqueId } from "./elements.js";

/** Return a button that calls `act`. `look`: "primary" for the main action, "quiet" for a rare one.
 *
 * `label` is its accessible name if its words alone are not clear, `key` a key that does the same. With an `id` it keeps the focus when its part is
 * made again.
 */
export function button(words, act, { look, label, id, hidden, key } = {}) {
  return element("button", { type: "button", class: look, "aria-label": label, "aria-keyshortcuts": key, id, hidden, on: { click: act } }, words);
}

/** Return buttons side by side, and their refusal. */
export function actions(...children) {
  return element("div", { class: "actions" }, children);
}

/** Return a labelled field.
 *
 * `attributes` are those of the input; with `rows` it is a textarea. `known` is the name of the field in the API. Hint and
 * refusal describe the input to a screen reader.
 */
export function field(name, label, attributes = {}, hint = "", known = name) {
  const id = uniqueId("field");
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

/** Return two short fields side by side. */
export function pair(first, second) {
  return element("div", { class: "pair" }, first, second);
}

/** Return an address to copy: `copy` is the name of the button, `hint` says what the address is for. */
export function copyable(label, value, hint, copy) {
  const shown = field("address", label, { readonly: true, value }, hint);
  const copying = button("Copy", copied, { label: copy });
  async function copied() {
    try {
      await navigator.clipboard.writeText(value);
      copying.textContent = "Copied";
    } catch {
      // Not every browser lets a page write there; what is selected is copied by hand.
      shown.querySelector("input").select();
    }
  }
  return element("div", { class: "address" }, shown, copying);
}

/** Return a form. Enter in a field sends it.
 *
 * `send` is called with the filled fields by name, trimmed, and a key that is the same while they are. While it runs, the
 * button says `busy`. When it throws, the `message` of the error is an alert, its `errors` (`field`, `reason`) are
 * shown at their fields, the first of which gets the focus, and all fields keep their values. An error that is `silent` shows
 * nothing. `more` is beside the button.
 */
export function form({ label, busy, send, more = [] }, ...fields) {
  const wrong = element("p", { class: "wrong", role: "alert" });
  const sender = element("button", { class: "primary" }, label);
  const shown = element("form", {}, fields, wrong, element("div", { class: "row" }, sender, more));
  const keyOf = keys();
  let sending = false;
  shown.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    sender.textContent = busy;
    clear(shown);
    try {
      const values = filled(shown);
      await send(values, keyOf(JSON.stringify(values)));
      shown.reset();
    } catch (error) {
      if (!error.silent) blame(shown, wrong, error);
    }
    sending = false;
    sender.textContent = label;
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
  const texts = [...new FormData(shown)].filter(([, value]) => typeof value === "string");
  const entries = texts.map(([name, value]) => [name, name === "password" ? value : value.trim()]);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

function clear(shown) {
  for (const each of shown.querySelectorAll(".wrong")) each.textContent = "";
  for (const each of shown.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
}

function blame(shown, wrong, error) {
  const unplaced = (error.errors ?? []).filter(({ field: name, reason }) => !placed(shown, name, reason));
  wrong.textContent = unplaced.length || !error.errors?.length ? error.message : "";
  (shown.querySelector("[aria-invalid]") ?? shown.querySelector("input, select, textarea"))?.focus();
}

function placed(shown, name, reason) {
  const place = shown.querySelector(`[data-of="${CSS.escape(name)}"]`);
  if (!place) return false;
  place.textContent = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
  place.parentElement.querySelector("input, select, textarea").setAttribute("aria-invalid", "true");
  return true;
}
