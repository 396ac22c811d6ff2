// Show a goal to whoever has the address: a badge, a chart and a calendar; then end that.

import { API, call } from "./milepost.mjs";

const goal = await call("POST", "/goals", { title: "Run a marathon" });
const link = await call("POST", "/links", { goal_id: goal.goal_id, name: "README of the running club" });

// The address is shown only now. Put it into a page as <img src="…">; nobody signs in to see it.
const badge = API.replace(/\/api\/v1$/, "") + link.urls.badge;
console.log(`The badge is ${(await fetch(badge)).headers.get("content-type")}.`);

await call("DELETE", `/links/${link.link_id}`);
console.log(`After the link has ended it is ${(await fetch(badge)).status}.`);
