// Set a goal and the tasks that lead to it.

import { call } from "./milepost.mjs";

const wanted = { title: "Run a marathon", deadline: "2030-09-29", time_zone: "Europe/Berlin" };
const goal = await call("POST", "/goals", wanted);
for (const [title, weight] of [["Buy shoes", 1], ["Run 10 km", 3], ["Run 30 km", 6]]) {
  const task = await call("POST", `/goals/${goal.goal_id}/tasks`, { title, weight });
  console.log(`${task.title}, weight ${task.weight}`);
}

const progress = await call("GET", `/goals/${goal.goal_id}/progress`);
console.log(`${progress.completed_tasks} of ${progress.total_tasks} tasks of ${goal.title}`);
