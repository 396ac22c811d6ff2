// The worklist: what waits for who is signed in, over all projects, what is due first first.

import { Listed } from "./lists.js";
import { capital, people } from "./naming.js";
import { back, head, page, section } from "./parts/layout.js";
import { card, cards } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { paragraph } from "./parts/texts.js";
import { given, principals } from "./standing_in.js";
import { minute } from "./words.js";

/** Return the page of the worklist. Throws what the API throws. */
export async function worklist() {
  const list = new Listed("worklist", shown, "Show more that waits");
  const [who, all] = await Promise.all([people(), given()]);
  const others = principals(all).map((id) => new Listed(`worklist?on_behalf_of=${id}`, (items) => standingIn(who.name(id), items), "Show more that waits"));
  const look = () => Promise.all([list, ...others].map((each) => each.look()));
  await look();
  const heading = head("What waits for you", paragraph("What is due first is first. It goes once you have dealt with it.", { look: "quiet" }));
  return { title: "Worklist", body: page(back("Projects", "#/projects"), heading, list.body, others.map((each) => each.body)), look };
}

function standingIn(name, items) {
  return section(`In the place of ${name}`, items.length ? listed(items) : empty("Nothing waits for you there."));
}

function shown(items) {
  return items.length ? listed(items) : empty("Nothing waits for you. What asks for you is here within seconds.", { large: true });
}

function listed(items) {
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
