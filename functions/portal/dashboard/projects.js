// Projects: known by their tracked milestones, each with what it waits for.

import * as api from "./api.js";
import { chart } from "./chart.js";
import { dependencies } from "./dependencies.js";
import { element, replaceKeeping } from "./elements.js";
import { counted, number } from "./words.js";

const PAGE = 100;
const SAID = { pending: "Not begun", in_progress: "Under way", completed: "Completed", missed: "Missed" };
const LOOK = { pending: "still", in_progress: "on-track", completed: "done", missed: "overdue" };

/** Return the page of all projects. Throws what the API throws. */
export async function projects() {
  const list = new Listed((page) => grouped(page));
  await list.look();
  const heading = element("div", { class: "head" }, element("h1", { tabindex: -1 }, "Projects"), element("p", { class: "quiet" }, "What your tenant tracks, by project."));
  return { title: "Projects", body: element("div", { class: "page" }, heading, list.body), look: () => list.look() };
}

/** Return the page of a project. Throws what the API throws. */
export async function project(projectId) {
  const list = new Listed((page, progress) => [overview(projectId, progress), ...milestones(page)], projectId);
  await list.look();
  const drawing = projectId.includes("/") ? null : chart(`projects/${encodeURIComponent(projectId)}`, projectId);
  drawing?.draw();
  list.changed = drawing?.draw;
  const body = element("div", { class: "page" }, element("a", { href: "#/projects", class: "back" }, "Projects"), list.body, drawing?.body);
  return { title: projectId, body, look: () => list.look() };
}

/** What is shown of tracked milestones, made anew when one of them has changed. */
class Listed {
  constructor(show, projectId) {
    this.show = show;
    this.projectId = projectId;
    this.body = element("div", { class: "stack" });
  }

  async look() {
    const which = this.projectId ? `&project_id=${encodeURIComponent(this.projectId)}` : "";
    const page = await api.read(`milestones?limit=${PAGE}${which}`);
    const seen = JSON.stringify(page.items);
    if (seen === this.seen) return;
    const progress = this.projectId && (await progressOf(this.projectId));
    this.body = replaceKeeping(this.body, element("div", { class: "stack" }, this.show(page, progress)));
    if (this.seen) this.changed?.();
    this.seen = seen;
  }
}

/** Return how far a project is; null when its name has a slash, which no path of the API can hold. */
async function progressOf(projectId) {
  return projectId.includes("/") ? null : await api.read(`projects/${encodeURIComponent(projectId)}/progress`);
}

function grouped(page) {
  const projects = new Map();
  for (const milestone of page.items) projects.set(milestone.project_id, [...(projects.get(milestone.project_id) ?? []), milestone]);
  const cards = [...projects].map(([projectId, own]) => {
    const done = own.filter((milestone) => milestone.is_completed).length;
    const link = element("a", { href: `#/projects/${encodeURIComponent(projectId)}`, id: `project-${projectId}` }, projectId);
    const bar = element("progress", { max: own.length, value: done, "aria-label": `Milestones of ${projectId} completed` });
    return element("li", { class: "card done" }, element("h2", {}, link), element("p", { class: "facts" }, `${done} of ${counted(own.length, "milestone")} completed`), bar);
  });
  const nothing = element("p", { class: "panel" }, "No milestone is tracked yet. A program creates them: POST /api/v1/milestones.");
  return [cards.length ? element("ul", { class: "cards" }, cards) : nothing, page.next_cursor && element("p", { class: "quiet" }, `Of the first ${PAGE} milestones.`)];
}

function overview(projectId, progress) {
  if (progress === null) return element("div", { class: "head" }, element("h1", { tabindex: -1 }, projectId));
  const { counts, total, weighted_progress, weighted_progress_text, next_due } = progress;
  const said = Object.entries(SAID).map(([status, words]) => counts[status] > 0 && element("span", {}, `${words}: ${counts[status]}`));
  return element(
    "div",
    { class: "head card done" },
    element("div", { class: "card-head" }, element("h1", { tabindex: -1 }, projectId), element("span", { class: "percent", "aria-hidden": "true" }, weighted_progress_text)),
    element("p", { class: "facts" }, element("span", {}, counted(total, "milestone")), said, next_due && element("span", {}, `Next due ${next_due.timeframe_to_text}`)),
    element("progress", { max: 100, value: weighted_progress, "aria-label": `Progress of ${projectId}` }, weighted_progress_text),
  );
}

function milestones(page) {
  const inOrder = [...page.items].sort((one, other) => one.milestone_index - other.milestone_index);
  const names = new Map(inOrder.map((milestone) => [milestone.milestone_uid, name(milestone)]));
  const items = inOrder.map((milestone) => row(milestone, names));
  const list = element("section", { class: "panel", "aria-labelledby": "tracked" }, element("h2", { id: "tracked" }, "Milestones"), element("ol", { class: "tracked" }, items));
  const drawing = dependencies(inOrder, name, (milestone) => SAID[milestone.status]);
  return [drawing, list, page.next_cursor && element("p", { class: "quiet" }, `These are the first ${PAGE}.`)];
}

function row(milestone, names) {
  const waiting = milestone.depends_on.map((uid) => {
    const isOpen = milestone.blocked_by.includes(uid);
    return element("li", {}, names.get(uid) ?? uid, isOpen ? ", not completed yet" : ", completed");
  });
  return element(
    "li",
    { class: `tracked-one ${LOOK[milestone.status]}` },
    element("div", { class: "card-head" }, element("h3", {}, name(milestone)), element("span", { class: "percent", "aria-hidden": "true" }, milestone.progress_text)),
    element("p", { class: "facts" }, element("span", { class: "health" }, SAID[milestone.status]), said(milestone).map((words) => element("span", {}, words))),
    element("progress", { max: 100, value: milestone.progress_percentage, "aria-label": `Progress of ${name(milestone)}` }, milestone.progress_text),
    waiting.length > 0 && element("div", { class: "waits" }, "Waits for", element("ul", {}, waiting)),
  );
}

function said(milestone) {
  const { kpi_id, current_value, target, timeframe_to_text, completed_text, sync } = milestone;
  const values = `${kpi_id}: ${number(current_value)} of ${number(target)}`;
  const when = completed_text ? `completed ${completed_text}` : timeframe_to_text && `due ${timeframe_to_text}`;
  return [values, when, sync.state === "refused" && "refused by the evaluator"].filter(Boolean);
}

/** Return what a milestone is called: by the title in its metadata, else by what is measured. */
function name({ kpi_id, milestone_index, metadata }) {
  return typeof metadata.title === "string" && metadata.title ? metadata.title : `${milestone_index}. ${kpi_id}`;
}
