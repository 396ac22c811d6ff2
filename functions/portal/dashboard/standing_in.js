// In whose place somebody may decide: as their delegate, or as their backup while they are out of office.

import * as api from "./api.js";
import { may } from "./session.js";

/** Return what who is signed in may decide for others now, each with a `principal_id`. Throws what the API throws. */
export async function given() {
  if (!may("projects:decide")) return [];
  const [delegated, office] = await Promise.all([
    api.read("delegations?side=received&limit=100"),
    may("identity:read") ? api.read("out-of-office") : { covering: [] },
  ]);
  const now = Date.now();
  const covered = office.covering.filter((each) => Date.parse(each.starts_at) <= now && now < Date.parse(each.ends_at));
  return [...delegated.items.filter((each) => each.is_in_force), ...covered];
}

/** Return the ids of those for whom this is good, each once; of a milestone, or of any if none is named. */
export function principals(all, milestone) {
  const isFor = ({ scope, project_id: project, project_milestone_id: one }) => {
    if (!milestone || !scope || scope === "tenant") return true;
    return scope === "project" ? project === milestone.project_id : one === milestone.project_milestone_id;
  };
  return [...new Set(all.filter(isFor).map((each) => each.principal_id))];
}
