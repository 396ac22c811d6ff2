// States: nothing yet, not here yet, refused, failed, out of date, done.

import { element } from "./elements.js";
import { button } from "./forms.js";
import { head, page, title } from "./layout.js";
import { link, paragraph } from "./texts.js";

/** Return what is said while something is not here yet. */
export function loading(words) {
  return paragraph(words, { look: "quiet" });
}

/** Return what is said where there is nothing, and what to do about it; with `large` on a surface of its own. */
export function empty(words, { large = false } = {}) {
  return paragraph(words, { look: large ? "panel" : "quiet" });
}

/** Return the place for why an action was refused: nothing until `say` has words for it, then an alert. */
export function refusal(words = "") {
  const body = element("p", { class: "wrong", role: "alert" }, words);
  return { body, say: (said) => (body.textContent = said) };
}

/** Return what stands in place of a part that could not be read, and a button that tries `again`. */
export function failed(message, again) {
  return [paragraph(message, { look: "quiet" }), button("Try again", again, { look: "quiet" })];
}

/** Return the page that is shown when another cannot be: why, the button for what to do, when there is one, and a way out. */
export function failedPage(words, message, action, away) {
  return page(title(words), paragraph(message), action, link(away.words, away.href));
}

/** Return the line at the foot of a page that is kept up to date, a status.
 *
 * `say` changes its words, which are said only when they are others, and shows the button that calls `again` when `late`.
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

/** Say something to whoever listens, and show it for a while at the edge of the page, in its element with the id `status`. */
export function announce(words) {
  const status = document.getElementById("status");
  // The same words again are said only when they have been away.
  status.textContent = "";
  setTimeout(() => (status.textContent = words), 50);
}
