// The bar of a goal with its four milestones: what is reached, and when the others are expected.

import { element } from "./elements.js";
import { day, moment, percent, standing } from "./words.js";

/** Return bar and milestones of a goal. */
export function progressLine(goal) {
  const value = goal.progress.progress_percentage;
  return element(
    "div",
    { class: "line" },
    element("progress", { max: 100, value, "aria-label": `Progress of ${goal.title}` }, percent(value)),
    element("ol", { class: "stops", "aria-label": "Milestones" }, goal.milestones.map(stop)),
  );
}

function stop(milestone) {
  const { state, words, at } = standing(milestone);
  return element(
    "li",
    { class: `stop ${state}`, title: milestone.name },
    element("strong", {}, `${milestone.percentage} %`),
    " ",
    element("span", {}, words),
    " ",
    at && element("time", { datetime: at, title: moment(at) }, day(at)),
  );
}
