// Searching: a field that searches while one types, and values that narrow down what it finds.

import { element, uniqueId } from "./elements.js";

/** Return a search, a landmark that `label` names, with a field and its label. `typed` is called with every change of the text.
 *
 * `body` is the search, `words` returns the text. `hint` describes the field to a screen reader.
 */
export function searchField(label, typed, { placeholder, hint } = {}) {
  const id = uniqueId("search");
  const input = element("input", { id, type: "search", placeholder, autocomplete: "off", spellcheck: "false", maxlength: 500, "aria-describedby": hint && `${id}-hint` });
  input.addEventListener("input", () => typed(input.value));
  const body = element(
    "div",
    { class: "field", role: "search", "aria-label": label },
    element("label", { for: id }, label),
    hint && element("span", { class: "hint", id: `${id}-hint` }, hint),
    input,
  );
  return { body, words: () => input.value };
}

/** Return a group of values to narrow down by, named by `words`, null if there are none.
 *
 * Each is a button that says whether it is pressed, with its `value`, its `count` and whether it is `chosen`; `choose` is
 * called with the value. With the same `id` the buttons keep the focus when the group is made again.
 */
export function choices(words, values, choose, { id }) {
  if (values.length === 0) return null;
  const buttons = values.map(({ value, count, chosen }) =>
    element(
      "button",
      { type: "button", class: "choice", id: `${id}-${encodeURIComponent(value)}`, "aria-pressed": String(chosen), on: { click: () => choose(value) } },
      element("span", {}, value === "" ? "(empty)" : value),
      " ",
      element("span", { class: "count" }, count),
    ),
  );
  return element("fieldset", { class: "choices" }, element("legend", {}, words), element("div", { class: "row" }, buttons));
}
