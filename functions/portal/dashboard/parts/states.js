// States: loading, empty, refused, failed, out of date; and announcements.

import { element } from "./elements.js";
import { button } from "./forms.js";
import { head, page, title } from "./layout.js";
import { link, paragraph } from "./texts.js";

/** Return the text for something that is still loading. */
export function loading(words) {
  return paragraph(words, { look: "quiet" });
}

/** Return the text for something empty, which says what to do next. With `large` it has a surface. */
export function empty(words, { large = false } = {}) {
  return paragraph(words, { look: large ? "panel" : "quiet" });
}

/** Return a place for the reason of a refusal. It is empty until `say` gets words; then it is an alert. */
export function refusal(words = "") {
  const body = element("p", { class: "wrong", role: "alert" }, words);
  return { body, say: (said) => (body.textContent = said) };
}

/** Return the content of a part that could not be read: the reason, and a button that calls `again`. */
export function failed(message, again) {
  return [paragraph(message, { look: "quiet" }), button("Try again", again, { look: "quiet" })];
}

/** Return the page for an error: the reason, a button or null, and a link `away` (`words`, `href`). */
export function failedPage(words, message, action, away) {
  return page(title(words), paragraph(message), action, link(away.words, away.href));
}

/** Return the line at the foot of a page that is kept up to date, a status.
 *
 * `say` changes its words; the same words are not read again. With `late` it shows the button that calls `again`.
 */
export function freshness(words, again) {
  const said = element("p", { class: "live" }, words);
  const now = button("Try now", again, { look: "quiet", hidden: true });
  const body = element("div", { class: "foot", role: "status" }, said, now);
  function say(others, { late }) {
    now.hidden = !late;
    if (said.textContent !== others) said.textContent = others;
  }
  return { body, say };
}

/** Announce words to screen readers, and show them for six seconds, in the element of the page with the id `status`. */
export function announce(words) {
  const status = document.getElementById("status");
  // The same words again are said only when they have been away.
  status.textContent = "";
  setTimeout(() => (status.textContent = words), 50);
}
