// What a milestone waits for: the milestones that it depends on, and why they keep it from going on.

import { capital, standing } from "./naming.js";
import { section } from "./parts/layout.js";
import { row, rows } from "./parts/rows.js";
import { counted } from "./words.js";

const TYPES = {
  finish_to_start: "to be finished before the start",
  verified_to_start: "to be verified before the start",
  payment_to_start: "to be paid before the start",
  start_to_start: "to begin before the start",
  finish_to_finish: "to be finished before the end",
  start_to_finish: "to begin before the end",
};
const REASONS = { not_there: "not there any more", not_paid: "not paid yet", lag: "its lag is not over", condition_failed: "its condition has no value" };

/** Return the section of what a milestone depends on; false, which shows nothing, if that is nothing. */
export function dependencies(items) {
  return items.length > 0 && section("What it waits for", rows(items.map(shown)));
}

function shown({ from_id: id, title, status, type, lag_days: lag, is_open: isOpen, is_optional: isOptional, reason }) {
  const { words, doing } = status ? standing(status) : { words: "Gone", doing: "overdue" };
  const open = isOptional ? "for the plan only" : isOpen ? (REASONS[reason] ?? "waits for it") : "done";
  return row({
    title: title ?? capital(id),
    href: status && `#/projects/milestones/${id}`,
    doing: isOpen && !isOptional ? "behind" : doing,
    words,
    facts: [TYPES[type] ?? capital(type), lag !== 0 && `${counted(lag, "working day")} later`, open],
  });
}
