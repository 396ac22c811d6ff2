// The bar of a goal with its four milestones: what is reached, and when the others are expected.

import { element } from "./elements.js";
import { standing } from "./words.js";

/** Return bar and milestones of a goal. */
export function progressLine(goal) {
  const { progress_percentage: value, progress_text } = goal.progress;
  return element(
    "div",
    { class: "line" },
    element("progress", { max: 100, value, "aria-label": `Progress of ${goal.title}` }, progress_text),
    element("ol", { class: "stops", "aria-label": "Milestones" }, goal.milestones.map(stop)),
  );
}

function stop(milestone) {
  const { state, words, at, day } = standing(milestone);
  return element(
    "li",
    { class: `stop ${state}`, title: milestone.name },
    element("strong", {}, `${milestone.percentage} %`),
    " ",
    element("span", {}, words),
    " ",
    at && element("time", { datetime: at, title: at }, day),
  );
}
