// A project: how far it is, its milestones by their states, who works on it, and a form for another milestone.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { deposits } from "./deposits.js";
import { Listed } from "./lists.js";
import { minorUnits } from "./money.js";
import { KINDS, STATUSES, capital, people, projectStanding, standing } from "./naming.js";
import { bar } from "./parts/bars.js";
import { select } from "./parts/choosing.js";
import { field, form, pair } from "./parts/forms.js";
import { aside, back, beside, columns, disclosure, page, replaceKeeping, section, stack } from "./parts/layout.js";
import { headCard, plainRows, row, rows, terms } from "./parts/rows.js";
import { announce, empty } from "./parts/states.js";
import { link } from "./parts/texts.js";
import { may, userId } from "./session.js";
import { Teams } from "./teams.js";
import { planning } from "./templates.js";
import { timeline } from "./timeline.js";
import { counted } from "./words.js";

const MOVES = { active: [["complete", "Complete the project"]], completed: [["reopen", "Reopen"], ["archive", "Archive for good"]] };
const ROLES = ["manager", "creator", "verifier", "finance", "client", "viewer"];
const MONEY = ["manager", "finance", "client"];
const REVIEWS = {
  "": ["Nobody", null],
  manager: ["Any manager", { mode: "any", role: "manager" }],
  verifier: ["Any verifier", { mode: "any", role: "verifier" }],
  verifiers: ["All verifiers", { mode: "all", role: "verifier" }],
  client: ["The client", { mode: "any", role: "client" }],
};
const ACCEPTED = [["none", "Nobody"], ["manager", "A manager"], ["client", "The client"]];

/** Return the page of a project. Throws what the API throws. */
export async function project(projectId) {
  const shown = new ProjectPage(projectId, await people());
  await shown.look();
  const main = stack(shown.commands.refused.body, shown.milestones.body, shown.timeline.body);
  const more = aside("More about this project", shown.about, shown.deposits, shown.members, shown.teams.body);
  const adding = may("projects:write") && stack(shown.adding(), shown.planning());
  const body = page(back("Projects", "#/projects"), shown.head, adding, columns(main, more));
  return { title: shown.project.name, body, look: () => shown.look() };
}

class ProjectPage {
  constructor(projectId, who) {
    this.path = `projects/${projectId}`;
    this.who = who;
    this.commands = new Commands(this.path, () => this.look(), { version: () => this.project.version, said: () => `It is ${this.project.status} now.` });
    this.milestones = new Milestones(this.path, who);
    this.timeline = timeline(this.path, this.commands.refused);
    this.projectId = projectId;
    this.teams = new Teams(this.path, who, () => this.look());
    this.head = stack();
    this.about = stack();
    this.deposits = stack();
    this.members = stack();
  }

  /** Look again at the project, its milestones and its members. */
  async look() {
    const parts = ["", "/members?limit=100", "/teams"].map((part) => api.read(`${this.path}${part}`));
    const [shown, members, teams] = await Promise.all([...parts, this.milestones.look(), this.timeline.look()]);
    [this.project, this.joined] = [shown, members.items];
    const held = this.sees(MONEY, members.items) && may("payments:read") ? await api.read(`${this.path}/deposits`) : null;
    const seen = JSON.stringify([shown, members, teams, held]);
    if (seen === this.seen) return;
    this.seen = seen;
    this.head = replaceKeeping(this.head, this.heading(shown));
    this.about = replaceKeeping(this.about, this.facts(shown, members.items));
    this.deposits = replaceKeeping(this.deposits, (held && this.held(held, members.items)) || stack());
    this.members = replaceKeeping(this.members, this.people(members.items));
    this.teams.take(teams.items, members.items);
  }

  heading(shown) {
    const { name, status, progress_percent: value, progress_text: text, client } = shown;
    const moves = (may("projects:write") && MOVES[status]) || [];
    return headCard({
      title: name,
      figure: text,
      ...projectStanding(status),
      facts: [`${shown.open_milestones} of ${counted(shown.milestones, "milestone")} open`, client && `for ${client.name}`],
      bar: bar({ label: `Progress of ${name}`, value, text }),
      more: moves.length > 0 && beside(moves.map(([event, words]) => this.commands.button(words, { event }))),
    });
  }

  facts({ project_id: id, currency, time_zone: zone, working_days: days, client }, members) {
    const week = days.map((day) => capital(day.slice(0, 3))).join(", ");
    const money = this.sees(MONEY, members) && may("payments:read") && beside(link("Invoices of it", `#/payments/invoices/of/${id}`), link("Payments of it", `#/payments/of/${id}`));
    return section("About it", terms([["Client", client?.name], ["Amounts", `in ${currency}`], ["Days", `end in ${zone}`], ["Works on", week], ["Money", money]]));
  }

  /** Return whether whoever looks has one of these roles in the project, or counts as its manager where money is concerned. */
  sees(roles, members) {
    const own = members.find((each) => each.user_id === userId());
    return may("payments:admin") || Boolean(own?.roles.some((role) => roles.includes(role)));
  }

  held(held, members) {
    const isOpen = this.project.status === "active";
    const acts = may("payments:write") && (isOpen || held.escrow) && this.sees(["manager", "finance"], members);
    const manages = may("projects:write") && isOpen && this.sees(["manager"], members);
    return deposits(held, this.path, { acts, manages, look: () => this.look() });
  }

  people(members) {
    const listed = plainRows(members.map((each) => ({ name: capital(this.who.name(each.user_id)), said: each.roles.join(", ") })));
    return section("Members", listed, may("projects:write") && disclosure("Add a member", { id: "add-member" }, this.joining(members)));
  }

  joining(members) {
    const known = new Set(members.map((each) => each.user_id));
    const others = this.who.everybody.filter((each) => !known.has(each.user_id));
    const who = this.who.everybody.length
      ? select("user_id", "Who?", others.map((each) => [each.user_id, `${each.display_name}, ${each.role}`]))
      : field("user_id", "Who?", { required: true }, "The id of a user of your tenant.");
    const send = async ({ user_id: id, role }) => {
      await api.write("PUT", `${this.path}/members/${encodeURIComponent(id ?? "")}`, { body: { roles: [role] } });
      await this.look();
      announce(`${capital(this.who.name(id))} is a member now.`);
    };
    return form({ label: "Add them", busy: "Adding …", send }, who, select("role", "As what?", ROLES.map((role) => [role, capital(role)]), { known: "roles" }));
  }

  planning() {
    const { projectId, who, project: { currency } } = this;
    return planning({ projectId, currency, who, members: () => this.joined, planned: () => this.look() });
  }

  adding() {
    const send = async (values, key) => {
      const body = draft(values, this.project.currency);
      const made = await api.write("POST", `${this.path}/project-milestones`, { body, key });
      location.hash = `#/projects/milestones/${made.project_milestone_id}`;
    };
    return disclosure(
      "New milestone",
      { id: "new-milestone" },
      form(
        { label: "Make a draft", busy: "Making …", send },
        field("title", "What will be done?", { required: true, maxlength: 200 }),
        pair(select("kind", "Kind", KINDS.map((kind) => [kind, capital(kind)])), field("due_on", "By when?", { type: "date" })),
        field("amount", `Amount in ${this.project.currency}`, { inputmode: "decimal" }, "You may leave this open.", "amount_minor_units"),
        field("criteria", "What must be true then?", { rows: 3, maxlength: 5000 }, "One criterion a line.", "completion_criteria"),
        field("evidence", "Evidence that is wanted", { maxlength: 200 }, "Such as: report of the inspection.", "evidence_requirements"),
        pair(
          select("review", "Who approves it?", Object.entries(REVIEWS).map(([key, [words]]) => [key, words]), { known: "verification_policy" }),
          select("acceptance", "Who accepts it then?", ACCEPTED),
        ),
      ),
    );
  }
}

/** The milestones of a project by their states, each with its owner. */
class Milestones extends Listed {
  constructor(path, who) {
    super(`${path}/project-milestones`, (items) => this.shown(items), "Show more milestones");
    this.who = who;
  }

  shown(items) {
    if (items.length === 0) return empty("There is no milestone yet.", { large: true });
    const groups = STATUSES.map((status) => [status, items.filter((each) => each.status === status)]).filter(([, own]) => own.length > 0);
    return groups.map(([status, own]) => section(standing(status).words, rows(own.map((each) => this.one(each)))));
  }

  one({ project_milestone_id: id, title, status, progress, kind, due_on: due, priority, primary_owner_id: owner }) {
    return row({
      title,
      href: `#/projects/milestones/${id}`,
      figure: `${progress} %`,
      doing: standing(status).doing,
      facts: [capital(kind), due && `due ${due}`, owner ? `owned by ${this.who.name(owner)}` : "nobody owns it", priority !== "medium" && `${priority} priority`],
      bar: bar({ label: `Progress of ${title}`, value: progress, text: `${progress} %` }),
    });
  }
}

/** Return a new milestone as the API takes it. Throws what a form shows. */
function draft({ amount, criteria, evidence, review = "", ...values }, currency) {
  const layer = REVIEWS[review][1];
  const lines = (criteria ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
  return {
    ...values,
    amount_minor_units: minorUnits(amount, currency),
    completion_criteria: lines.map((text, place) => ({ key: `criterion-${place + 1}`, text })),
    ...(evidence && { evidence_requirements: [{ key: "evidence", title: evidence }] }),
    ...(layer && { verification_policy: { layers: [{ level: 1, name: "Review", mode: layer.mode, approvers: [{ role: layer.role }] }] } }),
  };
}
