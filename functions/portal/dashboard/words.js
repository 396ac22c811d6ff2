// How things are said: numbers, days, and how a goal is doing. Pure, but for the time zone of whoever looks.

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const PLAIN_DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Return the day of an instant, where you are. */
export function day(instant) {
  return DAY.format(new Date(instant));
}

/** Return a day that has no time zone, like a deadline. */
export function plainDay(date) {
  return PLAIN_DAY.format(new Date(`${date}T00:00:00Z`));
}

/** Return day and time of an instant, where you are. */
export function moment(instant) {
  return MOMENT.format(new Date(instant));
}

/** Return the time of day of now or of a number of milliseconds. */
export function clock(milliseconds) {
  return CLOCK.format(new Date(milliseconds));
}

/** Return a percentage, never more than it is: 99.96 is not yet 100. */
export function percent(number) {
  return `${Math.floor(number * 10 + 1e-6) / 10} %`;
}

/** Return a number with its thousands apart. */
export function number(value) {
  return new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 }).format(value);
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

/** Return how far the tasks are ahead of the calendar, "" when there is nothing to compare them with. */
export function pace(goal) {
  const points = goal.progress.pace;
  if (points === null || goal.status !== "active") return "";
  if (Math.abs(points) < 0.5) return "In step with the calendar";
  const rounded = Math.round(Math.abs(points));
  return `${counted(rounded, "point")} ${points > 0 ? "ahead of" : "behind"} the calendar`;
}

/** Return how many tasks are done. */
export function tasksDone(goal) {
  const { completed_tasks, total_tasks } = goal.progress;
  return total_tasks === 0 ? "No tasks yet" : `${completed_tasks} of ${counted(total_tasks, "task")} done`;
}

/** Return when a goal is due. */
export function due(goal) {
  return goal.deadline === null ? "No deadline" : `Due ${plainDay(goal.deadline)}`;
}

/** Return where a milestone of a goal stands. */
export function standing(milestone) {
  if (milestone.achieved) return { state: "reached", words: "reached", at: milestone.achieved_at };
  if (milestone.predicted_at) return { state: "expected", words: "expected", at: milestone.predicted_at };
  return { state: "open", words: "needs tasks", at: null };
}
