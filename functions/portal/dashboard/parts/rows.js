// Cards, rows and facts. `doing` is the state of a thing: "on-track", "done", "behind", "urgent", "overdue" or "still". It
// decides colour and mark; the words beside them say the same.

import { classes, element } from "./elements.js";
import { button } from "./forms.js";

/** Return a list of cards. */
export function cards(children = []) {
  return element("ul", { class: "cards" }, children);
}

/** Return a list of cards that grows: `list` is the list of cards, `more` the button that calls `showMore`. */
export function growingCards(words, showMore) {
  const list = cards();
  const more = button(words, showMore, { look: "quiet" });
  return { body: element("div", {}, list, more), list, more };
}

/** Return the card of one of many things, with a `title` and, if there are any: `href`, `id`, `figure`, `doing`, `words`,
 * `facts`, `description`, `bar`, `more`. A `figure` is the one number of it; a screen reader gets it from the bar.
 */
export function card(shown) {
  return element("li", { class: classes("card", shown.doing) }, summary(shown, "h2", { id: shown.id }));
}

/** Return the card at the top of the page of one thing, with the same content. Its title is the title of the page. */
export function headCard(shown) {
  return element("div", { class: classes("head", "card", shown.doing) }, summary(shown, "h1", { tabindex: -1, id: shown.id }));
}

/** Return an ordered list of rows. */
export function rows(children) {
  return element("ol", { class: "rows" }, children);
}

/** Return a row in a list of rows: the content of a card without its surface. */
export function row(shown) {
  return element("li", { class: classes("tracked-one", shown.doing) }, summary(shown, "h3"));
}

function summary({ title, href, figure, description, words, facts = [], bar, more }, level, { id, ...attributes } = {}) {
  const named = href ? element(level, attributes, element("a", { href, id }, title)) : element(level, { ...attributes, id }, title);
  return [
    figure === undefined ? named : element("div", { class: "card-head" }, named, element("span", { class: "percent", "aria-hidden": "true" }, figure)),
    description && element("p", { class: "description" }, description),
    (words || facts.length > 0) && element("p", { class: "facts" }, words && element("span", { class: "health" }, words), spans(facts)),
    bar,
    more,
  ];
}

/** Return a list of things to tick off, or the text `nothing` if there are none. */
export function ticks(children, nothing) {
  return element("ul", { class: "ticks" }, children.length ? children : element("li", { class: "quiet" }, nothing));
}

/** Return a thing to tick off, a checkbox that Space changes; its facts describe it to a screen reader.
 *
 * `change` is called with the checkbox after it has changed. The row has the id with `-row` behind it, and takes the focus.
 */
export function tick({ id, title, done, disabled, facts, change }) {
  const box = element("input", { type: "checkbox", id, checked: done, disabled, "aria-describedby": `${id}-facts` });
  box.addEventListener("change", () => change(box));
  return element(
    "li",
    { class: classes("task", done && "is-done"), id: `${id}-row`, tabindex: -1 },
    box,
    element("label", { for: id }, title),
    element("span", { class: "facts", id: `${id}-facts` }, spans(facts)),
  );
}

/** Return a list of events, each a `link`, a text (`said`) and a `moment`. */
export function entries(children) {
  return element("ol", { class: "entries" }, children.map(({ link, said, moment }) => element("li", {}, link, element("span", {}, said), moment)));
}

/** Return named facts as pairs of name and words; a pair without words is left out. With `inline`, each on one line. */
export function terms(pairs, { inline = false } = {}) {
  const shown = pairs.filter(([, words]) => words);
  return element("dl", { class: inline && "inline" }, shown.map(([name, words]) => [element("dt", {}, name), element("dd", {}, words)]));
}

/** Return a list of what a thing waits for, below `words`; false, which shows nothing, if `texts` is empty. */
export function waits(words, texts) {
  return texts.length > 0 && element("div", { class: "waits" }, words, element("ul", {}, texts.map((each) => element("li", {}, each))));
}

/** Return a plain list of rows, each a `name`, a text (`said`) and a `button`. */
export function plainRows(children) {
  return element("ul", {}, children.map(({ name, said, button }) => element("li", { class: "row" }, element("span", {}, name), element("span", { class: "quiet" }, said), button)));
}

function spans(facts) {
  return facts.filter(Boolean).map((each) => element("span", {}, each));
}
