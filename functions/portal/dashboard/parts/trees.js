// Trees that are edited: groups in groups, with what is chosen and typed in each of them.

import { element, uniqueId } from "./elements.js";

/** Return a node of a tree, a group that `label` names: `controls` are beside each other, `children` (null for none) below, then `actions`.
 *
 * `say` shows what is wrong with the node, or as a note what it may not be meant to be; a screen reader reads it with the node.
 */
export function node(label, controls, children, actions) {
  const id = uniqueId("node");
  const said = element("p", { id, class: "wrong" });
  const body = element(
    "fieldset",
    { class: "node-of-tree", "aria-describedby": id },
    element("legend", {}, label),
    element("div", { class: "controls" }, controls),
    said,
    children && element("ul", { class: "branches" }, children.map((each) => element("li", {}, each))),
    actions,
  );
  function say(words, { note = false } = {}) {
    said.setAttribute("class", note ? "note" : "wrong");
    said.textContent = words;
  }
  return { body, say };
}

/** Return a labelled field of a node: `typed` is called with each change of its text. With `rows` it has lines.
 *
 * With an `id` it keeps the focus when its part is made again. The hint describes it to a screen reader.
 */
export function entry(label, { id = uniqueId("entry"), value = "", rows, typed, hint } = {}) {
  const input = element(rows ? "textarea" : "input", { id, rows, autocomplete: "off", spellcheck: "false", "aria-describedby": hint && `${id}-hint`, on: { input: (event) => typed(event.target.value) } });
  input.value = value;
  return element("div", { class: "field" }, element("label", { for: id }, label), hint && element("span", { class: "hint", id: `${id}-hint` }, hint), input);
}
