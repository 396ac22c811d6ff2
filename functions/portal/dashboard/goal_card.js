// A goal as a card and as the top of its page: how it is doing, its bar, and its milestones.

import { progressLine } from "./parts/bars.js";
import { card, headCard } from "./parts/rows.js";
import { due, health, pace, standing, tasksDone } from "./words.js";

/** Return the card of a goal in a list of goals. */
export function goalCard(goal) {
  return card({ ...summary(goal), href: `#/goals/${goal.goal_id}`, id: `goal-${goal.goal_id}` });
}

/** Return the top of the page of a goal. */
export function goalHead(goal) {
  return headCard({ ...summary(goal), description: goal.description, id: "title" });
}

function summary(goal) {
  const { name, words } = health(goal);
  const { progress_percentage: value, progress_text: text } = goal.progress;
  return {
    title: goal.title,
    figure: text,
    doing: name,
    words,
    facts: [due(goal), tasksDone(goal), pace(goal)],
    bar: progressLine({ label: `Progress of ${goal.title}`, value, text, stops: goal.milestones.map(stop) }),
  };
}

function stop(milestone) {
  return { percent: milestone.percentage, name: milestone.name, ...standing(milestone) };
}
