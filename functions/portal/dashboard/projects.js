// Projects: those whose milestones people prove and approve, and those whose milestones are tracked.

import * as api from "./api.js";
import { Listed } from "./lists.js";
import { projectStanding } from "./naming.js";
import { bar } from "./parts/bars.js";
import { field, form, pair } from "./parts/forms.js";
import { disclosure, head, page, replaceKeeping, stack } from "./parts/layout.js";
import { card, cards } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { link, paragraph } from "./parts/texts.js";
import { isGuest, may } from "./session.js";
import { tracked } from "./tracked.js";
import { counted } from "./words.js";

// How far a project is takes a call for each: that is asked for once a minute.
const COUNTED_MS = 60_000;

/** Return the page of all projects. Throws what the API throws. */
export async function projects() {
  const list = new Projects();
  const others = may("milestones:read") && !isGuest() ? tracked() : null;
  const look = () => Promise.all([list.look(), others?.look()]);
  await look();
  const heading = head("Projects", paragraph("What you plan, prove and approve, milestone by milestone.", { look: "quiet" }), link("What waits for you", "#/projects/worklist"));
  return { title: "Projects", body: page(heading, may("projects:write") && adding(), list.body, others?.body), look };
}

/** The list of projects, each with how far it is. */
class Projects extends Listed {
  constructor() {
    super("projects", (items) => this.shown(items), "Show more projects");
    this.progress = new Map();
  }

  async look() {
    await super.look();
    const missing = this.items.some((each) => !this.progress.has(each.project_id));
    if (!missing && Date.now() - this.counted < COUNTED_MS) return;
    this.counted = Date.now();
    // Whoever has just left a project is listed in it a moment longer.
    const found = await Promise.all(this.items.map((each) => api.read(`projects/${each.project_id}`).catch(() => null)));
    for (const each of found) if (each) this.progress.set(each.project_id, each);
    this.list = replaceKeeping(this.list, stack(this.shown(this.items)));
  }

  shown(items) {
    if (items.length === 0) return empty("You are a member of no project yet. Whoever creates one is its first member.", { large: true });
    return cards(items.map((each) => projectCard(each, this.progress.get(each.project_id))));
  }
}

function projectCard({ project_id: id, name, status, client }, found) {
  const open = found && (found.open_milestones ? `${found.open_milestones} of ${counted(found.milestones, "milestone")} open` : counted(found.milestones, "milestone"));
  return card({
    title: name,
    href: `#/projects/${id}`,
    id,
    ...projectStanding(status),
    figure: found?.progress_text,
    facts: [open, client && `for ${client.name}`],
    bar: found && bar({ label: `Progress of ${name}`, value: found.progress_percent, text: found.progress_text }),
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
