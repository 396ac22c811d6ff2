// Texts: paragraphs, links, moments, lists of words.

import { element } from "./elements.js";

/** Return a paragraph. `look`: "quiet" steps back, "note" stands out, "figure" is a number that matters, "description" keeps the lines of its words. */
export function paragraph(words, { look } = {}) {
  return element("p", { class: look }, words);
}

/** Return a link to a page (`#/…`) or an address. With an `id` it keeps the focus when its part is made again. */
export function link(words, href, { id } = {}) {
  return element("a", { href, id }, words);
}

/** Return a moment: shown as `words`, for machines and on hover the instant `at`. A screen reader says `before` first. */
export function moment(at, words, before = "") {
  return element("time", { datetime: at, title: at }, before && spoken(before), words);
}

/** Return a list of texts with a dot before each. */
export function dots(texts) {
  return element("ul", { class: "dots" }, texts.map((each) => element("li", {}, each)));
}

/** Return text that only a screen reader says. */
export function spoken(words) {
  return element("span", { class: "spoken" }, words);
}

/** Return a text in which words are marked: `pieces` are its texts in their order, each with whether it is marked. */
export function marked(pieces) {
  return element("span", {}, pieces.map(([words, isMarked]) => (isMarked ? element("mark", {}, words) : words)));
}
