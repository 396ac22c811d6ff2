// Say when a goal will be done at its own pace, and what its chart is drawn from.

import { call } from "./milepost.mjs";

const now = Date.now();
const ago = (days) => new Date(now - days * 86_400_000).toISOString();
const chapters = [...Array(10).keys()];
const added = chapters.map((n) => ({ at: ago(60), event: "task_added", task: `${n}`, title: `Chapter ${n}` }));
const completed = chapters.slice(0, 8).map((n) => ({ at: ago(54 - 6 * n), event: "task_completed", task: `${n}` }));
const book = { title: "Write a book", start_at: ago(60), history: [...added, ...completed] };
const goal = await call("POST", "/goals/import", book);

const chart = await call("GET", `/goals/${goal.goal_id}/chart`);
const last = chart.samples.at(-1);
console.log(`${chart.samples.length} samples, now ${last.done_weight} of ${last.scope_weight}`);

const { p50_at, p85_at } = await call("GET", `/goals/${goal.goal_id}/forecast`);
console.log(`Even chances by ${p50_at.slice(0, 10)}, fairly sure by ${p85_at.slice(0, 10)}`);
