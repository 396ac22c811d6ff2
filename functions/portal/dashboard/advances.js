// Advances: asking for one on milestones and invoices, who approves it, its instalments, and what was repaid.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { Listed, choosingState } from "./lists.js";
import { minorUnits, money } from "./money.js";
import { capital, people, standing } from "./naming.js";
import { bar } from "./parts/bars.js";
import { select } from "./parts/choosing.js";
import { actions, field, form, pair } from "./parts/forms.js";
import { aside, back, columns, disclosure, head, page, place, replaceKeeping, section, stack } from "./parts/layout.js";
import { card, cards, headCard, terms, tick, ticks } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { table } from "./parts/tables.js";
import { dots, link, moment, paragraph } from "./parts/texts.js";
import { may, userId } from "./session.js";
import { saidIn, tried } from "./trying.js";
import { counted, minute } from "./words.js";

const STANDING = {
  pending: ["Waits for approval", "behind"],
  approved: ["Approved, not paid out", "on-track"],
  active: ["Being repaid", "on-track"],
  defaulted: ["Too late", "overdue"],
  completed: ["Repaid", "done"],
  rejected: ["Rejected", "still"],
};
const PATH = "financing-requests";
const PAGE = "#/payments/advances";
const APPROVERS = { admin: "who administer the payments of the tenant", finance: "of the managers and finance of the project" };

function nameOf({ amount_minor_units: amount, currency }) {
  return `Advance of ${money(amount, currency)}`;
}

/** Return the page of advances. Throws what the API throws. */
export async function advances() {
  const list = new Listed(PATH, shown, "Show more advances");
  const [projects] = await Promise.all([api.read("projects?limit=100"), list.look()]);
  const heading = head("Advances", paragraph("Money ahead of what verified milestones and unpaid invoices will bring.", { look: "quiet" }));
  const asks = may("payments:write") && projects.items.length > 0 && asking(projects.items);
  return { title: "Advances", body: page(back("Payments", "#/payments"), heading, asks, choosingState(list, STANDING), list.body), look: () => list.look() };
}

function shown(items) {
  if (items.length === 0) return empty("There are no such advances. Managers and finance of a project ask for them.", { large: true });
  return cards(
    items.map((each) =>
      card({
        title: nameOf(each),
        href: `${PAGE}/${each.financing_id}`,
        id: each.financing_id,
        ...standing(each.status, STANDING),
        facts: [`${each.yearly_percent} % a year`, counted(each.instalment_count, "instalment"), each.next_due_on && `next due ${each.next_due_on}`, each.disbursed_on && `${money(each.outstanding_minor_units, each.currency)} left`],
        description: each.purpose,
      }),
    ),
  );
}

function asking(projects) {
  const chosen = place({ look: "stack", live: true });
  const choose = async (id) => {
    chosen.fill();
    const found = id && (await pledgeable(id));
    if (id) chosen.fill(found.length ? pledging(projects.find((each) => each.project_id === id).currency, found) : empty("It has no verified milestone and no unpaid invoice."));
  };
  const named = [["", "Choose one"], ...projects.map((each) => [each.project_id, each.name])];
  return disclosure("Ask for an advance", { id: "new-advance" }, select("project", "Of which project?", named, { change: (id) => tried(() => choose(id), saidIn(chosen)) }), chosen.body);
}

/** Return what of a project may be pledged, the API has the last word: the field of the API, id, name and what it comes to. */
async function pledgeable(projectId) {
  const asked = ["verified", "approved"].map((status) => `projects/${projectId}/project-milestones?limit=100&status=${status}`);
  const [invoices, ...milestones] = await Promise.all([`invoices?project_id=${projectId}&limit=100&status=issued`, ...asked].map((path) => api.read(path)));
  return [
    ...milestones.flatMap(({ items }) => items).map((each) => ["project_milestone_ids", each.project_milestone_id, each.title, "what is not invoiced of it"]),
    ...invoices.items.map((each) => ["invoice_ids", each.invoice_id, each.number, `${money(each.amount_due_minor_units, each.currency)} due`]),
  ];
}

function pledging(currency, found) {
  const pledged = new Set();
  const boxes = found.map(([, id, title, said]) => tick({ id: `pledge-${id}`, title, facts: [said], change: (box) => (box.checked ? pledged.add(id) : pledged.delete(id)) }));
  const send = async ({ amount, instalment_count: count, ...values }, key) => {
    if (pledged.size === 0) throw new Error("Choose what is pledged for it.");
    const ids = (kind) => found.filter(([of, id]) => of === kind && pledged.has(id)).map(([, id]) => id);
    const body = { ...values, currency, amount_minor_units: minorUnits(amount, currency), instalment_count: Number(count), project_milestone_ids: ids("project_milestone_ids"), invoice_ids: ids("invoice_ids") };
    const made = await api.write("POST", PATH, { body, key });
    location.hash = `${PAGE}/${made.financing_id}`;
  };
  return form(
    { label: "Ask for it", busy: "Asking …", send },
    paragraph("What is pledged?"),
    ticks(boxes),
    field("amount", `Amount in ${currency}`, { inputmode: "decimal", required: true }, "At most 80 % of what is pledged.", "amount_minor_units"),
    pair(
      field("yearly_percent", "Interest a year, in percent", { inputmode: "decimal", required: true, maxlength: 8 }),
      field("instalment_count", "In how many months?", { type: "number", min: 1, max: 60, required: true }),
    ),
    field("purpose", "What is it for?", { maxlength: 1000 }, "You may leave this open."),
  );
}

/** Return the page of an advance. Throws what the API throws. */
export async function advance(id) {
  const shown = new AdvancePage(id, await people());
  await shown.look();
  const body = columns(stack(shown.layers, shown.schedule, shown.repaid.body), aside("More about this advance", shown.debt, shown.about));
  return { title: nameOf(shown.advance), body: page(back("Advances", PAGE), shown.head, body), look: () => shown.look() };
}

class AdvancePage {
  constructor(id, who) {
    this.path = `${PATH}/${id}`;
    this.who = who;
    this.commands = new Commands(this.path, () => this.look(), { version: () => this.advance.version, said: () => `${standing(this.advance.status, STANDING).words}.` });
    this.repaid = new Listed(`${this.path}/statement`, (items) => this.repayments(items), "Show more repayments");
    for (const part of ["head", "layers", "schedule", "debt", "about"]) this[part] = stack();
  }

  /** Look again at the request, its instalments, which cost more interest with each day, and what was repaid. */
  async look() {
    const found = await Promise.all([this.path, `${this.path}/schedule`].map((path) => api.read(path)));
    [this.advance, this.owed] = found;
    await this.repaid.look();
    const seen = JSON.stringify(found);
    if (seen === this.seen) return;
    this.seen = seen;
    const part = (name, made) => (this[name] = replaceKeeping(this[name], made || stack()));
    part("head", this.heading(this.advance));
    part("layers", this.approving(this.advance));
    part("schedule", instalments(this.owed, this.advance));
    part("debt", this.advance.disbursed_on && owing(this.owed, this.advance));
    part("about", this.facts(this.advance));
  }

  heading(shown) {
    const { currency, amount_minor_units: amount, outstanding_minor_units: left, disbursed_on: on, purpose, status, reason } = shown;
    const said = `${money(amount - left, currency)} of ${money(amount, currency)} repaid`;
    return headCard({
      title: nameOf(shown),
      ...standing(status, STANDING),
      facts: [`${shown.yearly_percent} % a year`, counted(shown.instalment_count, "instalment"), on && `paid out ${on}`],
      description: [purpose, status === "rejected" && `Why: ${reason}`].filter(Boolean).join("\n"),
      bar: on && bar({ label: said, value: amount - left, max: amount, text: said }),
      more: [may("payments:release") && this.moving(shown), this.commands.refused.body],
    });
  }

  /** Return the layer that is asked now, undefined once all have approved. */
  get asked() {
    return this.advance.layers.find((each) => each.outcome !== "approved");
  }

  /** Return why whoever looks does not approve it now, "" if they may. */
  get barred() {
    if (this.advance.requested_by === userId()) return "You have asked for it, so somebody else approves it.";
    if (this.advance.layers.some((each) => each.decisions.some((made) => made.user_id === userId()))) return "You have decided on it; the next layer takes somebody else.";
    return this.asked?.by === "admin" && !may("payments:admin") ? "It waits for those who administer the payments of the tenant." : "";
  }

  moving({ allowed, currency, requested_by: by }) {
    const isMine = by === userId();
    const owed = money(this.owed.payoff_minor_units, currency);
    const made = (event, words, command) => allowed.includes(event) && this.commands.button(words, { event, ...command });
    const rejecting = { title: isMine ? "Withdraw this request?" : "Reject this request?", fields: [paragraph("What is pledged for it is free again."), field("reason", "Why?", { rows: 3, required: true, maxlength: 1000 })] };
    const layer = this.advance.layers.at(-1);
    const rejects = isMine || (this.asked ?? layer).by !== "admin" || may("payments:admin");
    const buttons = [
      !this.barred && made("approve", "Approve it", { look: "primary", title: "Approve this advance?", fields: [field("note", "Note", { maxlength: 1000 }, "You may leave this open.")], read: (typed) => ({ note: "", ...typed }) }),
      made("disburse", "Pay it out", { look: "primary", title: "Pay this advance out?", fields: [paragraph("Its first instalment is due a month from now.")] }),
      made("repay", "Repay", { look: "primary", title: "What is repaid?", fields: [field("amount_minor_units", `Amount in ${currency}`, { inputmode: "decimal" }, `Without it, all that is owed today: ${owed}.`)], read: ({ amount_minor_units: typed = null }) => ({ amount_minor_units: typed && minorUnits(typed, currency) }) }),
      rejects && made("reject", isMine ? "Withdraw it" : "Reject it", rejecting),
    ];
    return buttons.some(Boolean) && actions(buttons);
  }

  approving({ layers, status, currency }) {
    const said = layers.map((each) => `${each.above_minor_units ? `Above ${money(each.above_minor_units, currency)}: ` : ""}${counted(each.approvals, "approval")} by people ${APPROVERS[each.by]}. ${capital(each.outcome)}.`);
    const decisions = layers.flatMap((each) => each.decisions);
    const cells = decisions.map((each) => [capital(this.who.name(each.user_id)), each.is_approval ? "Approved" : "Rejected", each.note, moment(each.decided_at, minute(each.decided_at))]);
    return section(
      "Who approves it",
      dots(said),
      status === "pending" && this.barred && paragraph(this.barred, { look: "note" }),
      decisions.length > 0 && table("Decisions", ["Who", "What", "Note", "When"], cells),
    );
  }

  facts({ project_id: project, pledges, requested_by: by, created_at: at, disbursed_by: payer, currency }) {
    const pledged = pledges.map(({ invoice_id: invoice, project_milestone_id: milestone, percentage, worth_minor_units: worth }) =>
      stack(link(`${invoice ? "An invoice" : "A milestone"}, ${percentage} %: ${money(worth, currency)}`, invoice ? `#/payments/invoices/${invoice}` : `#/projects/milestones/${milestone}`)));
    return section("About it", terms([["Pledged", stack(pledged)], ["Project", link("What it is for", `#/projects/${project}`)], ["Asked for by", `${this.who.name(by)}, ${minute(at)}`], ["Paid out by", payer && this.who.name(payer)]]));
  }

  repayments(items) {
    if (items.length === 0) return stack();
    const { currency } = this.advance;
    const amount = (each, name) => money(each[`${name}_minor_units`], currency);
    const by = (each) => (each.payment_id ? link("Pledged money", `#/payments/${each.payment_id}`) : capital(this.who.name(each.repaid_by)));
    const cells = items.map((each) => [each.repaid_on, by(each), amount(each, "principal"), amount(each, "interest"), amount(each, "outstanding")]);
    return section("Statement", table("What was repaid", ["Day", "By", "Principal", "Interest", "Left"], cells, { amounts: ["Principal", "Interest", "Left"] }));
  }
}

function owing({ as_of: day, due_minor_units: due, accrued_minor_units: accrued, payoff_minor_units: whole, currency }, { next_due_on: next, interest_paid_minor_units: paid }) {
  return section("What is owed", terms([["Day", day], ["Due by then", money(due, currency)], ["Interest since", money(accrued, currency)], ["Ends it today", money(whole, currency)], ["Next due", next], ["Interest paid", money(paid, currency)]], { inline: true }));
}

function instalments({ instalments: parts, currency }, { status, disbursed_on: on }) {
  const amount = (each, name) => (each[`${name}_minor_units`] ? money(each[`${name}_minor_units`], currency) : "");
  const cells = parts.map((each) => [String(each.number), each.due_on, amount(each, "amount"), amount(each, "interest"), amount(each, "paid")]);
  const amounts = ["Amount", "Interest", "Paid"];
  return status !== "rejected" && section("Instalments", !on && paragraph("As they would be if it were paid out today.", { look: "quiet" }), table("Instalments", ["Number", "Due", ...amounts], cells, { amounts }));
}
