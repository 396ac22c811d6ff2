// How things are said. Days and percentages are texts of the API (`…_text`): nothing is rounded and no day is made here.

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 20 });

/** Return the time of day of now or of a number of milliseconds. */
export function clock(milliseconds) {
  return CLOCK.format(new Date(milliseconds));
}

/** Return an instant to the minute, for which the API has no text. */
export function minute(instant) {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** Return a number with its thousands apart and all its decimals. */
export function number(value) {
  return NUMBER.format(value);
}

/** Return a count with its noun. */
export function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Return how a goal is doing: a name for the style sheet, and words. */
export function health(goal) {
  const { is_overdue, is_urgent, is_on_track } = goal.progress;
  if (goal.status === "completed") return { name: "done", words: "Done" };
  if (goal.status === "archived") return { name: "still", words: "Archived" };
  if (goal.status === "paused") return { name: "still", words: "Paused" };
  if (is_overdue) return { name: "overdue", words: "Overdue" };
  if (is_urgent) return { name: "urgent", words: is_on_track ? "Urgent, on track" : "Urgent, behind" };
  return is_on_track ? { name: "on-track", words: "On track" } : { name: "behind", words: "Behind" };
}

/** Return how far the tasks are ahead of schedule, "" when there is nothing to compare them with. */
export function pace(goal) {
  const { pace_text } = goal.progress;
  return pace_text === null || goal.status !== "active" ? "" : pace_text;
}

/** Return how many tasks are done. */
export function tasksDone(goal) {
  const { completed_tasks, total_tasks } = goal.progress;
  return total_tasks === 0 ? "No tasks yet" : `${completed_tasks} of ${counted(total_tasks, "task")} done`;
}

/** Return when a goal is due. */
export function due(goal) {
  return goal.deadline_text === null ? "No deadline" : `Due ${goal.deadline_text}`;
}

/** Return where a milestone of a goal stands. */
export function standing(milestone) {
  if (milestone.achieved) return { state: "reached", words: "reached", at: milestone.achieved_at, day: milestone.achieved_text };
  if (milestone.predicted_at) return { state: "expected", words: "expected", at: milestone.predicted_at, day: milestone.predicted_text };
  return { state: "open", words: "needs tasks", at: null, day: null };
}

/** The roles of a tenant, as what somebody is. */
export const ROLES = { owner: "an owner", admin: "an admin", member: "a member", viewer: "a viewer", guest: "a guest" };
