// Days: how many there were on each of them, drawn.

import { drawn, element } from "./elements.js";

const SLOT = 10, GAP = 2, HEIGHT = 100;

/** Return a drawing of the latest days, the last at its right edge: each has a `day`, a `count`, and `words` shown on hover.
 *
 * It has room for `most` days. `label` says what is to be seen, for a screen reader instead of the drawing; `scale` are
 * the words at the upper edge, `ends` those below its left and right edge.
 */
export function dayBars({ label, days, most, scale, ends }) {
  const highest = Math.max(1, ...days.map(({ count }) => count));
  const bars = days.map(({ count, words }, place) => {
    const height = Math.max((count / highest) * HEIGHT, 1);
    const x = (most - days.length + place) * SLOT;
    return drawn("rect", { x, y: HEIGHT - height, width: SLOT - GAP, height }, drawn("title", {}, words));
  });
  const attributes = { viewBox: `0 0 ${most * SLOT - GAP} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label };
  return element(
    "div",
    { class: "days" },
    element("span", { "aria-hidden": "true" }, scale),
    drawn("svg", attributes, bars),
    element("div", { class: "ends", "aria-hidden": "true" }, ends.map((words) => element("span", {}, words))),
  );
}
