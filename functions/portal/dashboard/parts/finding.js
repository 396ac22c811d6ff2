// The box that finds things wherever one is: a text field with a list of what was found (the combobox pattern of ARIA).

import { element, uniqueId } from "./elements.js";
import { marked } from "./texts.js";

/** Return the box, a search that `label` names.
 *
 * `typed` is called with every change of the text, `open` with the item that was chosen. `show` takes groups of items, each
 * with `words` and `items`; an item has a `title` and `texts` in marked pieces. It also takes what to say instead, if
 * there are none. The arrow keys go through the items while the focus stays in the field, Enter opens one, Escape closes
 * the list and, without one, gives the focus back to where it was before `focus` was called.
 */
export function finder({ label, placeholder, key, typed, open }) {
  const id = uniqueId("finder");
  const list = element("div", { id, role: "listbox", "aria-label": "What was found", class: "found", hidden: true });
  const said = element("p", { class: "spoken", role: "status" });
  const empty = element("p", { class: "found quiet", hidden: true });
  const input = element("input", {
    type: "search",
    role: "combobox",
    "aria-label": label,
    "aria-expanded": "false",
    "aria-controls": id,
    "aria-autocomplete": "list",
    "aria-keyshortcuts": key,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 500,
    placeholder,
  });
  const body = element("div", { class: "finder", role: "search", "aria-label": label }, input, element("kbd", { "aria-hidden": "true" }, key), list, empty, said);
  let options = [], at = -1, cameFrom = null;

  input.addEventListener("input", () => {
    if (input.value.trim() === "") close();
    // What was found for other words is not opened by Enter.
    point(-1);
    typed(input.value);
  });
  input.addEventListener("keydown", pressed);
  input.addEventListener("focus", () => {
    if (options.length && input.value.trim()) expand(true);
  });
  body.addEventListener("focusout", ({ relatedTarget }) => {
    if (!body.contains(relatedTarget)) expand(false);
  });
  // A press on the list does not take the focus from the field.
  list.addEventListener("pointerdown", (event) => event.preventDefault());

  function pressed(event) {
    if (event.key === "Escape") leave(event);
    else if (event.key === "Enter" && options[at]) choose(options[at].item);
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && options.length) {
      event.preventDefault();
      expand(true);
      point((at + (event.key === "ArrowDown" ? 1 : -1) + options.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % options.length);
    }
  }

  function leave(event) {
    // Browsers empty a search field on Escape; here the first one only closes the list.
    event.preventDefault();
    if (!list.hidden || !empty.hidden) return expand(false);
    input.value = "";
    typed("");
    (cameFrom?.isConnected ? cameFrom : document.getElementById("main"))?.focus();
  }

  function choose(item) {
    input.value = "";
    typed("");
    close();
    input.blur();
    open(item);
  }

  function point(to) {
    options[at]?.shown.setAttribute("aria-selected", "false");
    at = to;
    options[at]?.shown.setAttribute("aria-selected", "true");
    options[at]?.shown.scrollIntoView({ block: "nearest" });
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options[at].shown.id);
  }

  function expand(isOpen) {
    list.hidden = !isOpen || options.length === 0;
    empty.hidden = !isOpen || empty.textContent === "";
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) point(-1);
  }

  function close() {
    options = [];
    list.replaceChildren();
    empty.textContent = said.textContent = "";
    expand(false);
  }

  function show(groups, instead) {
    options = [];
    list.replaceChildren(...groups.map(group));
    at = -1;
    const words = options.length ? `${options.length} found. The arrow keys go through them.` : instead;
    empty.textContent = options.length ? "" : instead;
    if (said.textContent !== words) said.textContent = words;
    expand(document.activeElement === input);
    if (options.length) point(0);
  }

  function group({ words, items }) {
    const name = uniqueId("group");
    return element("div", { role: "group", "aria-labelledby": name }, element("span", { id: name, class: "kind", role: "presentation" }, words), items.map(option));
  }

  function option(item) {
    const shown = element(
      "div",
      { id: uniqueId("option"), role: "option", "aria-selected": "false", class: "option", on: { click: () => choose(item) } },
      element("strong", {}, marked(item.title)),
      item.texts.map((text) => element("span", { class: "quiet" }, marked(text))),
    );
    options.push({ item, shown });
    return shown;
  }

  function focus() {
    if (document.activeElement !== input) cameFrom = document.activeElement;
    input.focus();
    input.select();
  }

  return { body, show, focus, close };
}
