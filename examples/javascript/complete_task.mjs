// Complete a task so that a repeated request changes nothing.

import { randomUUID } from "node:crypto";
import { call } from "./milepost.mjs";

const goal = await call("POST", "/goals", { title: "Run a marathon" });
const task = await call("POST", `/goals/${goal.goal_id}/tasks`, { title: "Buy shoes" });

// The same key is the same request: the second answer is that of the first, and there was one effect.
const idempotencyKey = randomUUID();
const path = `/goals/${goal.goal_id}/tasks/${task.task_id}/complete`;
const first = await call("POST", path, undefined, { idempotencyKey });
const again = await call("POST", path, undefined, { idempotencyKey });
console.log(`${first.title} completed at ${first.completed_at}`);
console.log(`${again.title} completed at ${again.completed_at}`);
