// The worklist: what waits for who is signed in, over all projects, what is due first first.

import { Listed } from "./lists.js";
import { capital } from "./naming.js";
import { back, head, page } from "./parts/layout.js";
import { card, cards } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { paragraph } from "./parts/texts.js";
import { minute } from "./words.js";

/** Return the page of the worklist. Throws what the API throws. */
export async function worklist() {
  const list = new Listed("worklist", shown, "Show more that waits");
  await list.look();
  const heading = head("What waits for you", paragraph("What is due first is first. It goes once you have dealt with it.", { look: "quiet" }));
  return { title: "Worklist", body: page(back("Projects", "#/projects"), heading, list.body), look: () => list.look() };
}

function shown(items) {
  if (items.length === 0) return empty("Nothing waits for you. What asks for you is here within seconds.", { large: true });
  return cards(
    items.map(({ kind, work_id: id, title, name, project_milestone_id: milestoneId, due_at: due, created_at: since }) =>
      card({
        title,
        href: milestoneId === null ? undefined : `#/projects/milestones/${milestoneId}`,
        id: `work-${id}`,
        ...standing(due),
        facts: [capital(kind), name, due && `due ${minute(due)}`, `waits since ${minute(since)}`],
      }),
    ),
  );
}

function standing(due) {
  return due !== null && Date.parse(due) < Date.now() ? { doing: "overdue", words: "Overdue" } : { doing: "behind", words: "Waits for you" };
}
