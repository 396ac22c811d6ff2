// Tracked projects: known by the milestones that an evaluator judges, each with what it waits for.

import * as api from "./api.js";
import { chart } from "./chart.js";
import { bar } from "./parts/bars.js";
import { diagram } from "./parts/diagrams.js";
import { back, head, page, replaceKeeping, section, stack } from "./parts/layout.js";
import { card, cards, headCard, row, rows, waits } from "./parts/rows.js";
import { paragraph } from "./parts/texts.js";
import { counted, number } from "./words.js";

const PAGE = 100;
const SAID = { pending: "Not begun", in_progress: "Under way", completed: "Completed", missed: "Missed" };
const LOOK = { pending: "still", in_progress: "on-track", completed: "done", missed: "overdue" };

/** Return the list of tracked projects, which is empty until its first look; nothing is shown while there is none. */
export function tracked() {
  return new Listed((found) => (found.items.length ? [paragraph("Tracked by a program:", { look: "quiet" }), ...grouped(found)] : []));
}

/** Return the page of a tracked project. Throws what the API throws. */
export async function trackedProject(projectId) {
  const list = new Listed((found, progress) => [overview(projectId, progress), ...milestones(found)], projectId);
  await list.look();
  const drawing = projectId.includes("/") ? null : chart(`projects/${encodeURIComponent(projectId)}`, projectId);
  drawing?.draw();
  list.changed = drawing?.draw;
  const body = page(back("Projects", "#/projects"), list.body, drawing?.body);
  return { title: projectId, body, look: () => list.look() };
}

/** What is shown of tracked milestones, made anew when one of them has changed. */
class Listed {
  constructor(show, projectId) {
    this.show = show;
    this.projectId = projectId;
    this.body = stack();
  }

  async look() {
    const which = this.projectId ? `&project_id=${encodeURIComponent(this.projectId)}` : "";
    const found = await api.read(`milestones?limit=${PAGE}${which}`);
    const seen = JSON.stringify(found.items);
    if (seen === this.seen) return;
    const progress = this.projectId && (await progressOf(this.projectId));
    this.body = replaceKeeping(this.body, stack(this.show(found, progress)));
    if (this.seen) this.changed?.();
    this.seen = seen;
  }
}

/** Return how far a project is; null when its name has a slash, which no path of the API can hold. */
async function progressOf(projectId) {
  return projectId.includes("/") ? null : await api.read(`projects/${encodeURIComponent(projectId)}/progress`);
}

function grouped(found) {
  const projects = new Map();
  for (const milestone of found.items) projects.set(milestone.project_id, [...(projects.get(milestone.project_id) ?? []), milestone]);
  const shown = [...projects].map(([projectId, own]) => {
    const done = own.filter((milestone) => milestone.is_completed).length;
    return card({
      title: projectId,
      href: address(projectId),
      id: `project-${projectId}`,
      doing: "done",
      facts: [`${done} of ${counted(own.length, "milestone")} completed`],
      bar: bar({ label: `Milestones of ${projectId} completed`, value: done, max: own.length }),
    });
  });
  return [cards(shown), cut(found, `Of the first ${PAGE} milestones.`)];
}

function cut(found, words) {
  return found.next_cursor && paragraph(words, { look: "quiet" });
}

function overview(projectId, progress) {
  if (progress === null) return head(projectId);
  const { counts, total, weighted_progress: value, weighted_progress_text: text, next_due } = progress;
  const byStatus = Object.entries(SAID).map(([status, words]) => counts[status] > 0 && `${words}: ${counts[status]}`);
  return headCard({
    title: projectId,
    figure: text,
    doing: "done",
    facts: [counted(total, "milestone"), ...byStatus, next_due && `Next due ${next_due.timeframe_to_text}`],
    bar: bar({ label: `Progress of ${projectId}`, value, text }),
  });
}

function milestones(found) {
  const inOrder = [...found.items].sort((one, other) => one.milestone_index - other.milestone_index);
  const names = new Map(inOrder.map((milestone) => [milestone.milestone_uid, name(milestone)]));
  const list = section("Milestones", rows(inOrder.map((milestone) => row(trackedOne(milestone, names)))));
  return [diagram("What waits for what", inOrder.map(node)), list, cut(found, `These are the first ${PAGE}.`)];
}

function node(milestone) {
  const { milestone_uid: id, status, depends_on: after } = milestone;
  return { id, title: name(milestone), words: SAID[status], doing: LOOK[status], after };
}

function trackedOne(milestone, names) {
  const { status, progress_text: text, progress_percentage: value } = milestone;
  const waiting = milestone.depends_on.map((uid) => `${names.get(uid) ?? uid}, ${milestone.blocked_by.includes(uid) ? "not completed yet" : "completed"}`);
  return {
    title: name(milestone),
    figure: text,
    doing: LOOK[status],
    words: SAID[status],
    facts: said(milestone),
    bar: bar({ label: `Progress of ${name(milestone)}`, value, text }),
    more: waits("Waits for", waiting),
  };
}

function said(milestone) {
  const { kpi_id, current_value, target, timeframe_to_text, completed_text, sync } = milestone;
  const values = `${kpi_id}: ${number(current_value)} of ${number(target)}`;
  const when = completed_text ? `completed ${completed_text}` : timeframe_to_text && `due ${timeframe_to_text}`;
  return [values, when, sync.state === "refused" && "refused by the evaluator"];
}

/** Return what a milestone is called: by the title in its metadata, else by what is measured. */
function name({ kpi_id, milestone_index, metadata }) {
  return typeof metadata.title === "string" && metadata.title ? metadata.title : `${milestone_index}. ${kpi_id}`;
}

/** Return where a tracked project is shown; one whose name is the address of another page is behind that. */
function address(projectId) {
  const place = `#/projects/${encodeURIComponent(projectId)}`;
  return /^(prj_|worklist$)/.test(projectId) ? `${place}/tracked` : place;
}
