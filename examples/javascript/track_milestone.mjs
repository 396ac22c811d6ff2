// Track two milestones of a project, one of which waits for the other.

import { randomUUID } from "node:crypto";
import { call } from "./milepost.mjs";

const project_id = `apollo-${randomUUID()}`;
const tvl = { project_id, kpi_id: "tvl", target: 1_000_000, timeframe_to: "2030-12-31" };
const users = { project_id, kpi_id: "users", target: 500, milestone_index: 1 };
const first = await call("POST", "/milestones", tvl);
const second = await call("POST", "/milestones", users);
const waiting = await call("POST", `/milestones/${second.milestone_uid}/dependencies`, {
  depends_on: first.milestone_uid,
});
console.log(`${waiting.kpi_id} waits for ${waiting.blocked_by[0]}`);

const progress = await call("GET", `/projects/${project_id}/progress`);
const { counts, total, next_due } = progress;
console.log(`${counts.completed} of ${total} completed, next due ${next_due.timeframe_to}`);
