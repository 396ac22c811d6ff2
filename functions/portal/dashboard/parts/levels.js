// Levels: how much there is of each of several things, as bars below each other.

import { bar } from "./bars.js";
import { classes, element } from "./elements.js";

/** Return a list named `label`: each of its things has a `name`, a `value` of `max`, `words` for it, and how it is `doing`.
 *
 * The words say the same as the bar, so a screen reader leaves the bar out.
 */
export function levels(label, max, things) {
  const shown = things.map(({ name, value, words, doing }) =>
    element(
      "li",
      { class: classes("level", doing) },
      element("span", {}, name),
      element("span", { class: "count" }, words),
      element("div", { "aria-hidden": "true" }, bar({ label: name, value, max: Math.max(max, 1), text: words })),
    ),
  );
  return element("ul", { class: "levels", "aria-label": label }, shown);
}
