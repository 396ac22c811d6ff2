// Invoices: those whose money somebody sees, those of a project, and those of a milestone.

import * as api from "./api.js";
import { Listed } from "./lists.js";
import { money } from "./money.js";
import { capital } from "./naming.js";
import { select } from "./parts/choosing.js";
import { field, form, pair } from "./parts/forms.js";
import { back, disclosure, head, page } from "./parts/layout.js";
import { card, cards } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { paragraph } from "./parts/texts.js";
import { may, userId } from "./session.js";

const DAY_MS = 86_400_000;
const DOING = { draft: "still", issued: "behind", paid: "done", cancelled: "still" };
const ACTING = ["manager", "finance"];

/** Return how an invoice is doing: a name for the style sheet, and words. */
export function standing({ status, is_overdue: isOverdue }) {
  return isOverdue ? { doing: "overdue", words: "Overdue" } : { doing: DOING[status], words: capital(status) };
}

/** Return what an invoice is called. */
export function nameOf({ number }) {
  return number ?? "Draft of an invoice";
}

/** Return how much of an invoice is due. */
export function dueOf({ status, currency, payable_minor_units: all, amount_due_minor_units: due }) {
  const whole = money(all, currency);
  if (status === "draft") return `${whole} once it is issued`;
  if (status === "issued") return due === all ? `${whole} due` : `${money(due, currency)} of ${whole} due`;
  return `${whole} ${status}`;
}

/** Return whether somebody may ask for the money of a project, by their roles in it; the API has the last word. */
export async function acting(projectId) {
  if (may("payments:admin")) return true;
  const { items } = await api.read(`projects/${projectId}/members?limit=100`).catch(() => ({ items: [] }));
  return items.some((each) => each.user_id === userId() && each.roles.some((role) => ACTING.includes(role)));
}

/** Return a list to choose a project from, to which a list of money is narrowed down. */
export async function choosingProject(list) {
  const { items } = await api.read("projects?limit=100").catch(() => ({ items: [] }));
  const projects = [["", "All"], ...items.map((each) => [each.project_id, each.name])];
  return select("project_id", "Project", projects, { change: (id) => list.narrow({ project_id: id }) });
}

/** Return the page of invoices, of a project or a milestone if its id is given. Throws what the API throws. */
export async function invoices(id = "") {
  const isOfMilestone = id.startsWith("pms_");
  const of = id && (await api.read(`${isOfMilestone ? "project-milestones" : "projects"}/${id}`));
  const list = new Listed(isOfMilestone ? `project-milestones/${id}/invoices` : "invoices", shown, "Show more invoices", { project_id: isOfMilestone ? "" : id });
  await list.look();
  const above = id ? back(of.title ?? of.name, `#/projects/${isOfMilestone ? `milestones/${id}` : id}`) : back("Payments", "#/payments");
  const heading = head("Invoices", paragraph(id ? `Of ${of.title ?? of.name}, the newest first.` : "Of all projects whose money is for you.", { look: "quiet" }));
  const asks = isOfMilestone && may("payments:write") && (await acting(of.project_id));
  const narrow = isOfMilestone ? undefined : pair(id ? undefined : await choosingProject(list), choosingState(list));
  return { title: "Invoices", body: page(above, heading, asks && asking(id), narrow, list.body), look: () => list.look() };
}

function choosingState(list) {
  // Days end everywhere within a day of UTC; which invoices are overdue, the API says.
  const late = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
  const states = [["", "All"], ["draft", "Draft"], ["issued", "Issued"], ["overdue", "Overdue"], ["paid", "Paid"], ["cancelled", "Cancelled"]];
  const change = (state) => {
    const isLate = state === "overdue";
    list.show = (items) => shown(isLate ? items.filter((each) => each.is_overdue) : items);
    return list.narrow({ status: isLate ? "issued" : state, due_before: isLate && late });
  };
  return select("status", "State", states, { change });
}

function shown(items) {
  if (items.length === 0) return empty("There are no such invoices.", { large: true });
  return cards(
    items.map((each) =>
      card({
        title: nameOf(each),
        href: `#/payments/invoices/${each.invoice_id}`,
        id: each.invoice_id,
        ...standing(each),
        facts: [dueOf(each), each.lines[0]?.description, each.buyer?.name && `to ${each.buyer.name}`, each.due_on && `by ${each.due_on}`],
      }),
    ),
  );
}

function asking(milestoneId) {
  const send = async ({ as, ...values }, key) => {
    const made = await api.write("POST", `project-milestones/${milestoneId}/invoices`, { body: { ...values, draft: as === "draft" }, key });
    location.hash = `#/payments/invoices/${made.invoice_id}`;
  };
  return disclosure(
    "New invoice",
    { id: "new-invoice" },
    form(
      { label: "Make it", busy: "Making …", send },
      field("percentage", "Share of the milestone in percent", { inputmode: "decimal", maxlength: 8 }, "Without it, all that is not invoiced yet."),
      field("note", "Note for the client", { rows: 3, maxlength: 1000 }),
      select("as", "What is it to be?", [["draft", "A draft, which has no number yet"], ["issued", "Issued at once, which is final"]]),
    ),
  );
}
