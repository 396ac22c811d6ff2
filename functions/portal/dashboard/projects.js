// Projects: those whose milestones people prove and approve, and those whose milestones are tracked.

import * as api from "./api.js";
import { Listed } from "./lists.js";
import { projectStanding } from "./naming.js";
import { bar } from "./parts/bars.js";
import { field, form, pair } from "./parts/forms.js";
import { disclosure, head, page } from "./parts/layout.js";
import { card, cards } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { link, paragraph } from "./parts/texts.js";
import { isGuest, may } from "./session.js";
import { tracked } from "./tracked.js";
import { counted } from "./words.js";

/** Return the page of all projects. Throws what the API throws. */
export async function projects() {
  const list = new Listed("projects", shown, "Show more projects");
  const others = may("milestones:read") && !isGuest() ? tracked() : null;
  const look = () => Promise.all([list.look(), others?.look()]);
  await look();
  const heading = head("Projects", paragraph("What you plan, prove and approve, milestone by milestone.", { look: "quiet" }), link("What waits for you", "#/projects/worklist"));
  return { title: "Projects", body: page(heading, may("projects:write") && adding(), list.body, others?.body), look };
}

function shown(items) {
  if (items.length === 0) return empty("You are a member of no project yet. Whoever creates one is its first member.", { large: true });
  return cards(items.map(projectCard));
}

function projectCard({ project_id: id, name, status, client, progress_percent: value, progress_text: text, milestones, open_milestones: open }) {
  return card({
    title: name,
    href: `#/projects/${id}`,
    id,
    ...projectStanding(status),
    figure: text,
    facts: [open ? `${open} of ${counted(milestones, "milestone")} open` : counted(milestones, "milestone"), client && `for ${client.name}`],
    bar: bar({ label: `Progress of ${name}`, value, text }),
  });
}

function adding() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const send = async ({ client, ...values }, key) => {
    const made = await api.write("POST", "projects", { body: { ...values, ...(client && { client: { name: client } }) }, key });
    location.hash = `#/projects/${made.project_id}`;
  };
  return disclosure(
    "New project",
    { id: "new-project" },
    form(
      { label: "Create it", busy: "Creating …", send },
      field("name", "What is it called?", { required: true, maxlength: 200 }),
      pair(
        field("currency", "Currency", { required: true, maxlength: 3, minlength: 3, value: "EUR", autocapitalize: "characters" }, "Of all its amounts."),
        field("time_zone", "Time zone", { required: true, maxlength: 64, value: zone }, "Whose days its days are."),
      ),
      field("client", "Whom is it for?", { maxlength: 200 }, "You may leave this open."),
    ),
  );
}
