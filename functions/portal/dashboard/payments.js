// Payments: what invoices come to on its way to the payee, and what each waits for.

import * as api from "./api.js";
import { choosingProject } from "./invoices.js";
import { Listed, choosingState } from "./lists.js";
import { money } from "./money.js";
import { capital, standing as standingOf } from "./naming.js";
import { pair } from "./parts/forms.js";
import { back, beside, head, page, replaceKeeping, stack } from "./parts/layout.js";
import { card, cards } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { link, paragraph } from "./parts/texts.js";
import { may } from "./session.js";

const STANDING = {
  pending: ["Waits for its invoice", "still"],
  invoiced: ["Invoiced", "behind"],
  release_requested: ["Release is asked for", "on-track"],
  processing: ["On its way", "on-track"],
  completed: ["Paid", "done"],
  failed: ["Failed", "overdue"],
  on_hold: ["On hold", "urgent"],
  cancelled: ["Cancelled", "still"],
  partially_refunded: ["Partly refunded", "done"],
  refunded: ["Refunded", "still"],
};
const REASONS = {
  not_automatic: "a person, as its terms say",
  no_limit: "a person, as no amount of its currency is released by itself",
  above_limit: "a person, as its amount is above what is released by itself",
  no_approval: "a person, as nobody has approved the milestone who neither created nor owns it",
  milestone_held: "the end of an escalation that holds its milestone",
  milestone_reworked: "people, as the milestone was begun again after it was invoiced",
  people: "whoever holds it to let it go on",
  dispute: "a third person to settle the dispute",
  no_answer: "people to look at the gateway, which has not answered for a day",
  amount_differs: "people to look at the gateway, which tells of another amount",
  deposit_missing: "a deposit, as those of its project do not cover it",
  payee_missing: "a payee, whom a person proposes and another one confirms",
  amount_not_taken: "people, as the gateway does not move this amount",
  gateway_not_configured: "whoever runs Milepost, as the gateway has no account here",
  paid_outside: "nothing, as the client paid outside of Milepost",
};

/** Return how a payment is doing: a name for the style sheet, and words. */
export function standing({ status, is_unsure: isUnsure, is_late: isLate }) {
  if (status === "processing" && (isUnsure || isLate)) return { words: isUnsure ? "Outcome not known yet" : "On its way for a week", doing: "urgent" };
  return standingOf(status, STANDING);
}

/** Return what a payment waits for, in words. */
export function waitsFor({ reasons }) {
  return reasons.map((each) => REASONS[each] ?? of(each));
}

/** Return the page of payments, of a project if its id is given. Throws what the API throws. */
export async function payments(projectId = "") {
  const list = new Payments(projectId);
  const of = projectId ? await api.read(`projects/${projectId}`) : null;
  await list.look();
  const ofAll = may("payments:admin") && [link("Ledger", "#/payments/ledger"), link("Reports", "#/payments/reports"), link("Settings", "#/payments/settings")];
  const others = beside(link("Invoices", "#/payments/invoices"), link("Advances", "#/payments/advances"), ofAll);
  const said = of ? `Of ${of.name}, those of its newest invoices first.` : "What is invoiced goes to the payee by a payment, once.";
  const heading = head("Payments", paragraph(said, { look: "quiet" }), of ? undefined : others);
  const narrow = pair(of ? undefined : await choosingProject(list), choosingState(list, STANDING));
  const above = of && back(of.name, `#/projects/${projectId}`);
  return { title: "Payments", body: page(above, heading, narrow, list.body), look: () => list.look() };
}

/** The list of payments, each called by its invoice. */
class Payments extends Listed {
  constructor(projectId) {
    super("payments", (items) => this.shown(items), "Show more payments", { project_id: projectId });
    this.invoices = new Map();
  }

  async look() {
    await super.look();
    // What an invoice is called never changes.
    const news = this.items.filter((each) => !this.invoices.has(each.invoice_id));
    if (news.length === 0) return;
    const found = await Promise.all(news.map((each) => api.read(`invoices/${each.invoice_id}`).catch(() => null)));
    for (const each of found) if (each) this.invoices.set(each.invoice_id, each);
    this.list = replaceKeeping(this.list, stack(this.shown(this.items)));
  }

  shown(items) {
    if (items.length === 0) return empty("There are no such payments.", { large: true });
    return cards(items.map((each) => paymentCard(each, this.invoices.get(each.invoice_id))));
  }
}

function paymentCard(shown, invoice) {
  const [first, ...more] = waitsFor(shown);
  return card({
    title: invoice?.number ?? shown.payment_id,
    href: `#/payments/${shown.payment_id}`,
    id: shown.payment_id,
    ...standing(shown),
    facts: [money(shown.amount_minor_units, shown.currency), invoice?.lines[0]?.description, invoice?.buyer && `from ${invoice.buyer.name}`],
    description: first && `Waits for ${first}${more.length ? `, and ${more.length} more` : ""}.`,
  });
}

function of(reason) {
  const [, thing, status] = reason.match(/^(milestone|invoice)_(.+)$/) ?? [];
  if (thing === "milestone") return `its milestone, which is “${standingOf(status).words}”`;
  return thing ? `nothing, as its invoice is ${status}` : capital(reason);
}
