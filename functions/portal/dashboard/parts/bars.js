// Bars: how far something is, and the stops on the way.

import { classes, element } from "./elements.js";

/** Return a bar (`progress`). `label` names it, `value` of `max` is its length, `text` is for browsers without bars.
 *
 * It has the colour of the card or row that it is in.
 */
export function bar({ label, value, max = 100, text }) {
  return element("progress", { max, value, "aria-label": label }, text);
}

/** Return a bar with its stops below, a list named Milestones.
 *
 * A stop has `percent`, `name` (shown on hover), `state` ("reached", "expected" or "open"), the `words` of it, and the
 * moment `at` with its `day`, null while there is none.
 */
export function progressLine({ label, value, text, stops }) {
  return element(
    "div",
    { class: "line" },
    bar({ label, value, text }),
    element("ol", { class: "stops", "aria-label": "Milestones" }, stops.map(stop)),
  );
}

function stop({ percent, name, state, words, at, day }) {
  return element(
    "li",
    { class: classes("stop", state), title: name },
    element("strong", {}, `${percent} %`),
    " ",
    element("span", {}, words),
    " ",
    at && element("time", { datetime: at, title: at }, day),
  );
}
