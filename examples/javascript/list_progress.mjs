// List all goals with their progress, page by page.

import { call } from "./milepost.mjs";

let page = await call("GET", "/goals?limit=2");
for (;;) {
  for (const goal of page.items) console.log(`${goal.progress.progress_percentage.toFixed(2)} % ${goal.title}`);
  if (!page.next_cursor) break;
  page = await call("GET", `/goals?limit=2&cursor=${page.next_cursor}`);
}
