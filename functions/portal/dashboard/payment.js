// A payment: what it waits for, what gateways were asked, and what whoever may release it can do now.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { acting } from "./invoices.js";
import { minorUnits, money } from "./money.js";
import { capital, people } from "./naming.js";
import { actions, field } from "./parts/forms.js";
import { aside, back, columns, page, replaceKeeping, section, stack } from "./parts/layout.js";
import { headCard, terms } from "./parts/rows.js";
import { table } from "./parts/tables.js";
import { dots, link, moment, paragraph, spoken } from "./parts/texts.js";
import { standing, waitsFor } from "./payments.js";
import { may, userId } from "./session.js";
import { minute } from "./words.js";

const UNASKED = ["pending", "invoiced", "release_requested", "failed"];
const RELEASES = "Who releases it: a manager or finance of the project who neither created, owns nor approved the milestone, with a second factor of the last five minutes if they have one.";

/** Return the page of a payment. Throws what the API throws. */
export async function payment(paymentId) {
  const shown = new PaymentPage(paymentId, await people());
  await shown.look();
  const body = columns(stack(shown.waits, shown.dispute, shown.attempts), aside("More about this payment", shown.about));
  return { title: shown.title, body: page(back("Payments", "#/payments"), shown.head, body), look: () => shown.look() };
}

class PaymentPage {
  constructor(id, who) {
    this.path = `payments/${encodeURIComponent(id)}`;
    this.who = who;
    this.commands = new Commands(this.path, () => this.look(), { version: () => this.payment.version, said: () => `${standing(this.payment).words}.` });
    for (const part of ["head", "waits", "dispute", "attempts", "about"]) this[part] = stack();
  }

  /** Look again at the payment; its invoice, its milestone and who looks stay what they are. */
  async look() {
    const shown = await api.read(this.path);
    this.payment = shown;
    this.invoice ??= await api.read(`invoices/${shown.invoice_id}`);
    this.milestone ??= await api.read(`project-milestones/${shown.project_milestone_id}`).catch(() => ({}));
    this.acts ??= may("payments:release") && (await acting(shown.project_id));
    this.title = `Payment of ${this.invoice.number}`;
    if (shown.version === this.seen) return;
    this.seen = shown.version;
    const part = (name, made) => (this[name] = replaceKeeping(this[name], made || stack()));
    part("head", this.heading(shown));
    part("waits", this.waiting(shown));
    part("dispute", shown.dispute && this.disputed(shown));
    part("attempts", shown.attempts.length + shown.refunds.length > 0 && stack(attempts(shown), this.refunds(shown)));
    part("about", this.facts(shown));
  }

  get isOwn() {
    return [this.milestone.created_by, this.milestone.primary_owner_id].includes(userId());
  }

  heading(shown) {
    const { amount_minor_units: amount, currency } = shown;
    return headCard({
      title: this.title,
      figure: money(amount, currency),
      ...standing(shown),
      facts: [this.milestone.title, this.invoice.buyer && `from ${this.invoice.buyer.name}`, spoken(money(amount, currency))],
      more: [this.moving(shown), this.commands.refused.body],
    });
  }

  moving(shown) {
    const { currency, amount_minor_units: amount } = shown;
    const reason = (asked) => field("reason", asked, { rows: 3, required: true, maxlength: 1000 });
    const left = money(amount - shown.refunded_minor_units, currency);
    const commands = {
      release: ["Release it", { look: "primary", title: "Release this payment?", fields: [paragraph(`${money(amount, currency)} goes to the payee.`)] }],
      retry: ["Try it again", { look: "primary" }],
      resume: ["Let it go on", { look: "primary" }],
      made: ["It was made", { event: "confirm", look: "primary", title: "Has the money moved?", fields: [paragraph("Say so only when you have seen it."), field("reference", "What does the bank call it?", { maxlength: 64 })], read: (typed) => ({ ...typed, is_made: true }) }],
      failed: ["It was not made", { event: "confirm", title: "Has the money certainly not moved?", fields: [paragraph("It may be sent once more then.")], read: () => ({ is_made: false }) }],
      settle: ["Settle the dispute", { event: "resolve", path: "/dispute/resolve", look: "primary", title: "Settle the dispute", fields: splitting(this.invoice, currency), read: (typed) => split(typed, currency) }],
      hold: ["Hold it", { title: "Hold this payment", fields: [reason("Why is it held?")] }],
      dispute: ["Dispute it", { title: "Dispute this payment", fields: [paragraph("It is held until a third person has settled that."), reason("What is not right?")] }],
      refund: ["Refund it", { title: "Refund this payment", fields: [field("amount_minor_units", `Amount in ${currency}`, { inputmode: "decimal" }, `Without it, all that is left: ${left}.`), reason("Why?")], read: (typed) => ({ ...typed, amount_minor_units: minorUnits(typed.amount_minor_units, currency) }) }],
    };
    const offered = Object.entries(commands).filter(([name]) => this.offers(name, shown));
    return offered.length > 0 && actions(offered.map(([name, [words, command]]) => this.commands.button(words, { id: name, event: name, ...command })));
  }

  /** Return whether something may be done now, by its status and by who looks; the API has the last word. */
  offers(name, { status, held_from: from, gateway, allowed, dispute }) {
    const isOpen = dispute !== null && dispute.resolved_at === null;
    const isAsked = (status === "processing" && gateway === "manual") || from === "processing";
    if (name === "dispute") return may("payments:dispute") && !isOpen && UNASKED.includes(from ?? status);
    if (!this.acts) return false;
    if (name === "hold") return allowed.includes(name);
    if (this.isOwn) return false;
    if (name === "settle") return isOpen && dispute.opened_by !== userId();
    if (name === "made" || name === "failed") return isAsked;
    return allowed.includes(name) && !(isOpen && name === "resume");
  }

  waiting(shown) {
    const { note, due_at: due, failure, status } = shown;
    const reasons = waitsFor(shown);
    const isOver = ["completed", "partially_refunded", "refunded", "cancelled"].includes(status);
    if (isOver && reasons.length === 0) return null;
    return section(
      "What it waits for",
      reasons.length > 0 && dots(reasons.map(capital)),
      reasons.length === 0 && paragraph(due ? "Milepost goes on with it by itself." : "Nothing holds it."),
      note && paragraph(`Whoever holds it said: ${note}`, { look: "note" }),
      failure && status === "failed" && paragraph(`The last attempt has failed: ${capital(failure)}.`),
      due && paragraph(["It is looked at again at ", moment(due, minute(due)), "."], { look: "quiet" }),
      !isOver && this.acts && this.isOwn && paragraph("You created or own the milestone, so somebody else releases its payment.", { look: "note" }),
      !isOver && paragraph(RELEASES, { look: "quiet" }),
    );
  }

  disputed({ dispute, currency }) {
    const { opened_by: by, opened_at: at, reason, resolution, resolved_by: settler, release_minor_units: released, refund_minor_units: back } = dispute;
    return section(
      "Dispute",
      paragraph(reason, { look: "description" }),
      paragraph([`Opened by ${this.who.name(by)}, `, moment(at, minute(at))], { look: "quiet" }),
      resolution && paragraph(`Settled by ${this.who.name(settler)}: ${resolution} ${money(released, currency)} to the payee, ${money(back, currency)} back to the client.`),
    );
  }

  refunds({ refunds, currency }) {
    const cells = refunds.map((each) => [moment(each.refunded_at, minute(each.refunded_at)), each.reason, each.refunded_by ? this.who.name(each.refunded_by) : "Milepost", money(each.amount_minor_units, currency)]);
    return refunds.length > 0 && section("Refunds", table("Refunds", ["When", "Why", "By", "Amount"], cells, { amounts: ["Amount"] }));
  }

  facts(shown) {
    const { invoice_id: invoice, project_milestone_id: milestone, gateway, reference, requested_by: by, settled_at: at, refunded_minor_units: refunded, currency, is_from_escrow: isFromEscrow, project_id: project } = shown;
    return section(
      "About it",
      terms([
        ["Invoice", link(this.invoice.number, `#/payments/invoices/${invoice}`)],
        ["Milestone", link(this.milestone.title ?? "What it is for", `#/projects/milestones/${milestone}`)],
        ["Gateway", gateway && capital(gateway)],
        ["Drawn from", isFromEscrow && link("the deposits of its project", `#/projects/${project}`)],
        ["Release asked for by", by && (by === "milepost" ? "Milepost" : this.who.name(by))],
        ["Settled", at && moment(at, minute(at))],
        ["Called by the gateway", reference],
        ["Refunded", refunded > 0 && money(refunded, currency)],
      ]),
    );
  }
}

function attempts({ attempts: asked }) {
  const cells = asked.map((each) => [moment(each.claimed_at, minute(each.claimed_at)), capital(each.gateway), each.outcome ? capital(each.outcome) : "Not known yet", each.reason ? capital(each.reason) : ""]);
  return asked.length > 0 && section("What gateways were asked", table("Attempts", ["When", "Gateway", "Outcome", "Why"], cells));
}

function splitting({ amount_due_minor_units: due }, currency) {
  return [
    paragraph(`${money(due, currency)} is split between both.`),
    field("release_minor_units", `To the payee, in ${currency}`, { inputmode: "decimal", required: true }),
    field("refund_minor_units", `Back to the client, in ${currency}`, { inputmode: "decimal", required: true }),
    field("resolution", "Why?", { rows: 3, required: true, maxlength: 1000 }),
  ];
}

function split({ resolution, ...typed }, currency) {
  return { resolution, ...Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, minorUnits(text, currency, name)])) };
}
