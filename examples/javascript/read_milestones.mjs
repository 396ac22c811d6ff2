// Say which milestones of a goal are reached, which time alone will reach, and what was reached lately.

import { call } from "./milepost.mjs";

const halfDone = { title: "Learn Italian", start_at: "2026-01-01T00:00:00Z", deadline: "2035-12-31" };
const goal = await call("POST", "/goals", { ...halfDone, weights: { task: 50, time: 50 } });
const task = await call("POST", `/goals/${goal.goal_id}/tasks`, { title: "First course" });
await call("POST", `/goals/${goal.goal_id}/tasks`, { title: "Second course" });
await call("POST", `/goals/${goal.goal_id}/tasks/${task.task_id}/complete`);

const progress = await call("GET", `/goals/${goal.goal_id}/progress`);
for (const { name, achieved_at, predicted_at } of progress.milestones) {
  console.log(`${name}: reached ${achieved_at}, predicted ${predicted_at}`);
}

const [latest] = (await call("GET", "/milestone-achievements?limit=1")).items;
console.log(`Latest: ${latest.name} of ${latest.goal_title}`);
