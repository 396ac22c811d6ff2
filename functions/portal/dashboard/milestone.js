// A milestone of a project: what must be true, what proves it, who has approved it, and what may be done with it now.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { dependencies } from "./dependencies.js";
import { Escalations } from "./escalations.js";
import { Evidence } from "./evidence.js";
import { happened } from "./happened.js";
import { Layers } from "./layers.js";
import { money } from "./money.js";
import { capital, people, standing } from "./naming.js";
import { bar } from "./parts/bars.js";
import { select } from "./parts/choosing.js";
import { actions, field, form } from "./parts/forms.js";
import { aside, back, columns, disclosure, page, replaceKeeping, section, stack } from "./parts/layout.js";
import { headCard, plainRows, terms, tick, ticks } from "./parts/rows.js";
import { announce, empty, refusal } from "./parts/states.js";
import { link, paragraph } from "./parts/texts.js";
import { Probes } from "./probes.js";
import { may, userId } from "./session.js";
import { given } from "./standing_in.js";

// What people may let happen: the path of the API, words, and which scope it takes.
const EVENTS = {
  activate: ["activate", "Activate", "projects:write"],
  start: ["start", "Start", "projects:write"],
  complete: ["complete", "Complete", "projects:write"],
  recall: ["recall", "Take it back", "projects:write"],
  accept: ["accept", "Accept", "projects:decide"],
  reject: ["refuse", "Refuse", "projects:decide"],
  rework: ["rework", "Work on it again", "projects:write"],
  cancel: ["cancel", "Cancel", "projects:write"],
};
const REASONED = { reject: "Why is it refused?", cancel: "Why is it cancelled?" };
const RISKS = { escalated: "an escalation has stopped it", blocked: "it waits for others", not_started: "it has not begun", behind: "it lies behind its time" };
const MAIN = new Set(["activate", "start", "complete", "accept", "rework"]);
const OWNERS = ["primary", "secondary", "reviewer", "approver", "observer", "contributor"];

/** Return the page of a milestone. Throws what the API throws. */
export async function milestone(milestoneId) {
  const shown = new MilestonePage(milestoneId, ...(await Promise.all([people(), given()])));
  await shown.look();
  const { project_id: projectId, title } = shown.milestone;
  const project = await api.read(`projects/${projectId}`);
  const main = stack(shown.escalations.body, shown.criteria, shown.waiting, shown.evidence.body, shown.layers.body, shown.probes.body, shown.history.body);
  const more = aside("More about this milestone", shown.about, shown.owners);
  return { title, body: page(back(project.name, `#/projects/${projectId}`), shown.head, columns(main, more)), look: () => shown.look() };
}

class MilestonePage {
  constructor(milestoneId, who, inPlaceOf) {
    this.id = milestoneId;
    this.path = `project-milestones/${milestoneId}`;
    this.who = who;
    const changed = () => this.look();
    this.commands = new Commands(this.path, changed, { version: () => this.milestone.version, said: () => `${standing(this.milestone.status).words}.` });
    this.refused = this.commands.refused;
    this.evidence = new Evidence(this.path, who, changed);
    this.layers = new Layers(who, inPlaceOf, changed);
    this.escalations = new Escalations(changed);
    this.probes = new Probes(who, changed);
    this.history = happened(this.path, who);
    this.teams = new Map();
    for (const part of ["head", "criteria", "waiting", "about", "owners"]) this[part] = stack();
  }

  /** Look again at the milestone, its evidence, its layers, its owners, what it waits for, what is wrong with it, and what asks about it. */
  async look() {
    const parts = ["", "/evidence?limit=100", "/verifications", "/owners", "/dependencies"].map((part) => `${this.path}${part}`);
    const found = await Promise.all([...parts, ...["escalations", "probes"].map((of) => `${of}?project_milestone_id=${this.id}`)].map((path) => api.read(path)));
    const [shown, evidence, verified, owners, waiting, escalated, asking] = found;
    this.milestone = shown;
    if (owners.items.some((each) => each.team_id && !this.teams.has(each.team_id))) await this.nameTeams(shown);
    const seen = JSON.stringify(found);
    if (seen === this.seen) return;
    this.seen = seen;
    this.head = replaceKeeping(this.head, this.heading(shown));
    this.criteria = replaceKeeping(this.criteria, this.checklist(shown));
    this.evidence.take(evidence.items, shown);
    this.layers.take(verified, shown);
    this.waiting = replaceKeeping(this.waiting, stack(dependencies(waiting.items)));
    this.escalations.take(escalated.items);
    await this.probes.take(asking.items, shown);
    this.about = replaceKeeping(this.about, this.facts(shown));
    this.owners = replaceKeeping(this.owners, this.owning(owners.items, shown));
    await this.history.look();
  }

  heading(shown) {
    const { title, status, progress, kind, due_on: due, description, reason, attempt } = shown;
    const text = `${progress} %`;
    const why = ["rejected", "cancelled"].includes(status) && reason;
    return headCard({
      title,
      figure: text,
      ...standing(status),
      facts: [capital(kind), due && `due ${due}`, ...outlook(shown), attempt > 1 && `attempt ${attempt}`],
      description: [description, why && `${standing(status).words}: ${reason}`].filter(Boolean).join("\n"),
      bar: bar({ label: `Progress of ${title}`, value: progress, text }),
      more: [this.moving(shown), this.refused.body],
    });
  }

  /** Return the commands that its status takes now; what the API refuses is said with its reason. */
  moving(shown) {
    const shownNow = shown.allowed.filter((event) => EVENTS[event] && may(EVENTS[event][2]));
    const buttons = shownNow.map((event) => this.command(event, shown));
    const open = this.missing(shown);
    const waiting = shown.allowed.includes("complete") && open.length > 0 && paragraph(`It is complete once this is there: ${open.join(", ")}.`, { look: "note" });
    const isWorking = shown.allowed.includes("progress") && shown.progress_source === "manual" && may("projects:write");
    return [waiting, buttons.length > 0 && actions(buttons), isWorking && this.progressing(shown)];
  }

  command(event, { title }) {
    const [path, words] = EVENTS[event];
    const why = REASONED[event] && { title: `${words} ${title}`, fields: [field("reason", REASONED[event], { rows: 3, required: true, maxlength: 500 })] };
    return this.commands.button(words, { event: path, look: MAIN.has(event) ? "primary" : "quiet", ...why });
  }

  /** Return what keeps it from being complete, as far as the page can see. */
  missing({ completion_criteria: criteria, evidence_requirements: wanted }) {
    const open = criteria.filter((each) => !each.is_met).map((each) => each.text);
    return [...open, ...wanted.filter((each) => this.evidence.counted(each) < each.at_least).map((each) => each.title)];
  }

  progressing({ progress }) {
    const send = async ({ progress: typed }) => {
      await api.write("PUT", `${this.path}/progress`, { body: { progress: Number(typed) } });
      await this.look();
      announce(`It is at ${this.milestone.progress} %.`);
    };
    const typed = field("progress", "How far is it, in percent?", { type: "number", min: 0, max: 100, required: true, value: progress });
    return disclosure("Say how far it is", { id: "progressing" }, form({ label: "Say it", busy: "Saying …", send }, typed));
  }

  checklist(shown) {
    const { completion_criteria: criteria, allowed } = shown;
    const disabled = !(allowed.includes("progress") && may("projects:write"));
    const change = async (box) => {
      const key = box.id.slice("criterion-".length);
      this.refused.say("");
      try {
        await api.write("PUT", `${this.path}/checklist/${encodeURIComponent(key)}`, { body: { is_met: box.checked } });
        await this.look();
      } catch (error) {
        box.checked = !box.checked;
        if (!error.silent) this.refused.say(error.message);
      }
    };
    const boxes = criteria.map((each) => tick({ id: `criterion-${each.key}`, title: each.text, done: each.is_met, disabled, facts: [each.is_met ? "met" : "not met"], change }));
    return section("What must be true", ticks(boxes, "It has no criteria."));
  }

  facts(shown) {
    const { amount_minor_units: amount, currency, acceptance, tags, notes, submitted_by: by, estimated_hours: hours, priority } = shown;
    return section(
      "About it",
      terms([
        ["Amount", amount !== null && money(amount, currency)],
        ["Invoices", amount !== null && may("payments:read") && link("Invoices of it", `#/payments/invoices/of/${shown.project_milestone_id}`)],
        ["Priority", capital(priority)],
        ["Hours", hours !== null && `${shown.actual_hours ?? 0} of ${hours}`],
        ["Accepted by", acceptance === "none" ? "nobody: approved once it is verified" : `a ${acceptance} of the project`],
        ["Submitted by", by && this.who.name(by)],
        ["Tags", tags.join(", ")],
        ["Notes", notes],
      ]),
    );
  }

  owning(owners, shown) {
    const mayChange = may("projects:write") && !["approved", "cancelled"].includes(shown.status);
    const mine = owners.find((each) => each.user_id === userId() && each.status === "assigned");
    const answer = (words, word, look) => this.commands.button(words, { look, id: `own-${word}`, path: `/owners/${word}` });
    const listed = owners.map(({ user_id: user, team_id: team, role, status }) => ({
      name: team ? (this.teams.get(team) ?? "A team") : capital(this.who.name(user)),
      said: `${team ? "team, " : ""}${role}${status === "assigned" ? ", has not accepted yet" : ""}`,
      button: mayChange && this.commands.button("Remove", { id: `remove-${team ?? user}`, event: "remove", method: "DELETE", path: `/owners/${team ?? user}`, title: "Remove this owner?", fields: [] }),
    }));
    return section(
      "Owners",
      owners.length ? plainRows(listed) : empty("Nobody owns it. It is activated once its primary owner has accepted."),
      mine && may("projects:write") && actions(answer("Accept it", "accept", "primary"), answer("Decline", "decline")),
      mayChange && disclosure("Assign it to somebody", { id: "assign" }, this.assigning(owners, shown)),
    );
  }

  /** Remember what the teams of the project are called, and return them. */
  async nameTeams({ project_id: projectId }) {
    const { items } = await api.read(`projects/${projectId}/teams`);
    for (const each of items) this.teams.set(each.team_id, each.name);
    return items;
  }

  assigning(owners, shown) {
    const place = stack(paragraph("Members are being read.", { look: "quiet" }));
    const send = async ({ holder, role }, key) => {
      await api.write("POST", `${this.path}/owners`, { body: { [holder.startsWith("team_") ? "team_id" : "user_id"]: holder, role }, key });
      await this.look();
      announce("It is assigned.");
    };
    this.holders(owners, shown).then(
      (groups) => {
        const as = select("role", "As what?", OWNERS.map((role) => [role, capital(role)]), { value: owners.some((each) => each.role === "primary") ? "secondary" : "primary" });
        place.replaceChildren(groups.length ? form({ label: "Assign it", busy: "Assigning …", send }, select("holder", "To whom?", groups, { known: "user_id" }), as) : empty("Nobody of the project is left, or it takes a manager."));
      },
      (error) => place.replaceChildren(refusal(error.message).body),
    );
    return place;
  }

  /** Return who may still own it, in groups: those who suit it best, with why, the others, and teams; none for who is no manager. */
  async holders(owners, shown) {
    const [{ items: members }, teams] = await Promise.all([api.read(`projects/${shown.project_id}/members?limit=100`), this.nameTeams(shown)]);
    const isManager = members.some((each) => each.user_id === userId() && each.roles.includes("manager"));
    if (!isManager && !may("projects:admin")) return [];
    const { items: best } = await api.read(`${this.path}/owners/recommendations?limit=100`);
    const isFree = (id) => !owners.some((each) => [each.user_id, each.team_id].includes(id));
    const others = members.filter((each) => isFree(each.user_id) && !best.some((one) => one.user_id === each.user_id));
    const groups = [
      ["Suited best first", best.map((each) => [each.user_id, `${capital(this.who.name(each.user_id))}: ${suited(each)}`])],
      ["Others", others.map((each) => [each.user_id, `${capital(this.who.name(each.user_id))}, ${each.roles.join(", ")}`])],
      ["Teams", teams.filter((each) => isFree(each.team_id)).map((each) => [each.team_id, each.name])],
    ];
    return groups.filter(([, own]) => own.length > 0);
  }
}

/** Return whether it is late, or why it may be. */
function outlook({ is_overdue: isOverdue, risks }) {
  return [isOverdue && "overdue", risks.length > 0 && `at risk: ${risks.map((each) => RISKS[each]).join(", ")}`];
}

/** Return how well somebody suits a milestone, and why. */
function suited({ score, matched, workload_percent: taken, is_overloaded: isOverloaded }) {
  const skills = matched.length ? `knows ${matched.join(", ")}` : "no wanted skill";
  return `suits ${Math.round(score * 100)}\u00a0%, ${skills}, ${isOverloaded ? "overloaded, " : ""}${taken}\u00a0% of their time taken`;
}
