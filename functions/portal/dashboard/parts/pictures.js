// Pictures that say the same in words.

import { element } from "./elements.js";
import { section } from "./layout.js";
import { failed, loading } from "./states.js";

/** Return a region for a picture: `waiting` is said until `show` or `fail`.
 *
 * `show` takes the address of the picture, its `alt`, and the caption that says it in words; `fail` takes why there is none
 * and what tries again.
 */
export function picture(words, waiting) {
  const figure = element("figure", {}, loading(waiting));
  return {
    body: section(words, figure),
    show: (src, alt, ...caption) => figure.replaceChildren(element("img", { src, alt }), element("figcaption", {}, caption)),
    fail: (message, again) => figure.replaceChildren(...failed(message, again)),
  };
}

/** Return the sentence that a caption begins with. */
export function lead(words) {
  return element("p", {}, element("strong", {}, words));
}

/** Return further words that open and close below a caption. */
export function furtherWords(words, ...children) {
  return element("details", {}, element("summary", {}, words), children);
}
