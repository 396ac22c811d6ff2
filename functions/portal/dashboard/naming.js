// How milestones of projects, and the people who work on them, are called.

import * as api from "./api.js";
import { may, userId } from "./session.js";

const STANDING = {
  draft: ["Draft", "still"],
  pending: ["Waits for others", "still"],
  active: ["Ready to start", "on-track"],
  in_progress: ["Under way", "on-track"],
  escalated: ["Escalated", "overdue"],
  completed: ["Under review", "behind"],
  verified: ["Waits for acceptance", "behind"],
  rejected: ["Rejected", "overdue"],
  approved: ["Approved", "done"],
  cancelled: ["Cancelled", "still"],
};
const PROJECTS = { active: "on-track", completed: "done", archived: "still" };

/** The statuses of milestones, those that are worked on first. */
export const STATUSES = ["in_progress", "escalated", "completed", "verified", "rejected", "active", "pending", "draft", "approved", "cancelled"];

export const KINDS = ["deliverable", "payment", "approval", "review", "documentation", "testing", "deployment", "training", "signoff", "custom"];

/** Return the words with a capital, and without the marks of a name in the API. */
export function capital(words) {
  return `${words.charAt(0).toUpperCase()}${words.slice(1).replaceAll("_", " ")}`;
}

/** Return how a milestone, or a thing whose statuses are `known`, is doing: a name for the style sheet, and words. */
export function standing(status, known = STANDING) {
  const [words, doing] = known[status] ?? [capital(status), "still"];
  return { words, doing };
}

/** Return how a project is doing, as `standing` does. */
export function projectStanding(status) {
  return { words: capital(status), doing: PROJECTS[status] ?? "still" };
}

/** Return a function that calls a user by name. Only admins of a tenant are told names; others see the end of an id. */
export async function people() {
  const found = may("identity:admin") ? (await api.read("members?limit=100")).items : [];
  const names = new Map(found.map((each) => [each.user_id, each.display_name]));
  const name = (id) => (id === userId() ? "you" : (names.get(id) ?? `user …${id.slice(-6)}`));
  return { name, everybody: found.filter((each) => each.status !== "disabled") };
}
