// Choosing one of several.

import { element, uniqueId } from "./elements.js";

/** Return a labelled list to choose from, closed until it is used; the keyboard does what it does in every `select`.
 *
 * `options` are pairs of value and words, or groups of them: words and a list of pairs. `value` is the one that is chosen.
 * `change` is called with the value that somebody chooses. With an `id` it keeps the focus when its part is made again. Hint and refusal
 * describe it to a screen reader; `known` is the name of the field in the API.
 */
export function select(name, label, options, { value, change, id = uniqueId("select"), hint = "", known = name } = {}) {
  const listened = change && { change: (event) => change(event.target.value) };
  const described = `${id}-hint ${id}-wrong`;
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, label),
    hint && element("span", { class: "hint", id: `${id}-hint` }, hint),
    element("select", { id, name, "aria-describedby": described, on: listened || {} }, options.map((each) => grouped(each, value))),
    element("span", { class: "wrong", id: `${id}-wrong`, "data-of": known }),
  );
}

function grouped([first, second], chosen) {
  if (!Array.isArray(second)) return element("option", { value: first, selected: first === chosen }, second);
  return element("optgroup", { label: first }, second.map((each) => grouped(each, chosen)));
}
