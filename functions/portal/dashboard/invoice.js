// An invoice: its lines, what it comes to, what is due of it, its credit notes, the mail with it, and what may be done with it now.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { documents } from "./documents.js";
import { edited, editing } from "./drafting.js";
import { acting, dueOf, nameOf, standing } from "./invoices.js";
import { Listed } from "./lists.js";
import { minorUnits, money } from "./money.js";
import { capital } from "./naming.js";
import { bar } from "./parts/bars.js";
import { actions, field } from "./parts/forms.js";
import { aside, back, columns, page, replaceKeeping, section, stack } from "./parts/layout.js";
import { headCard, terms } from "./parts/rows.js";
import { table } from "./parts/tables.js";
import { link, paragraph } from "./parts/texts.js";
import { mailed, mailing } from "./sending.js";
import { may } from "./session.js";

/** Return the page of an invoice. Throws what the API throws. */
export async function invoice(invoiceId) {
  const shown = new InvoicePage(invoiceId);
  await shown.look();
  const body = columns(stack(shown.lines, shown.notes), aside("More about this invoice", shown.sums, shown.about));
  return { title: nameOf(shown.invoice), body: page(back("Invoices", "#/payments/invoices"), shown.head, body), look: () => shown.look() };
}

class InvoicePage {
  constructor(id) {
    this.path = `invoices/${encodeURIComponent(id)}`;
    this.commands = new Commands(this.path, () => this.look(), { version: () => this.invoice.version, said: () => `It is ${standing(this.invoice).words.toLowerCase()}: ${dueOf(this.invoice)}.` });
    for (const part of ["head", "lines", "notes", "sums", "about"]) this[part] = stack();
  }

  /** Look again at the invoice, and at its credit notes where it has some. */
  async look() {
    const shown = await api.read(this.path);
    this.invoice = shown;
    this.acts ??= may("payments:write") && (await acting(shown.project_id));
    if (shown.version === this.seen && shown.is_overdue === this.late) return;
    [this.seen, this.late] = [shown.version, shown.is_overdue];
    const part = (name, made) => (this[name] = replaceKeeping(this[name], made));
    part("head", this.heading(shown));
    part("lines", lines(shown));
    part("sums", sums(shown));
    part("about", about(shown));
    if (shown.credit_notes === 0) return;
    const notes = new Listed(`${this.path}/credit-notes`, (items) => credited(items, this.path), "Show more credit notes");
    await notes.look();
    part("notes", section("Credit notes", notes.body));
  }

  heading(shown) {
    const { status, currency, payable_minor_units: all, amount_due_minor_units: due, issued_on: on, due_on: by, note } = shown;
    const isOpen = status === "issued" || status === "paid";
    const settled = `${money(all - due, currency)} of ${money(all, currency)} paid or credited`;
    return headCard({
      title: nameOf(shown),
      figure: money(all, currency),
      ...standing(shown),
      facts: [dueOf(shown), by && `by ${by}`, on && `issued ${on}`],
      description: note,
      bar: isOpen && bar({ label: settled, value: all - due, max: Math.max(all, 1), text: settled }),
      more: [status !== "draft" && documents(this.path, nameOf(shown)), mailed(shown), this.acts && this.moving(shown), this.commands.refused.body],
    });
  }

  moving(shown) {
    const { allowed, currency, amount_due_minor_units: due } = shown;
    const reason = () => field("reason", "Why?", { rows: 3, required: true, maxlength: 1000 });
    const made = (event, words, command) => allowed.includes(event) && this.commands.button(words, { event, ...command });
    const buttons = [
      made("issue", "Issue it", { look: "primary", title: "Issue this invoice?", fields: [paragraph("It gets its number, and does not change any more.")] }),
      made("edit", "Change it", { method: "PATCH", path: "", title: "Change this draft", fields: editing(shown), read: (typed) => edited(typed, shown) }),
      made("delete", "Delete the draft", { method: "DELETE", path: "", title: "Delete this draft?", fields: [], then: () => (location.hash = "#/payments/invoices") }),
      made("send", shown.sending ? "Send it once more" : "Send it by mail", mailing(shown)),
      made("record_payment", "Record a payment", { event: "record-payment", look: "primary", title: "What has the client paid?", fields: received(due, currency), read: (typed) => ({ ...typed, amount_minor_units: minorUnits(typed.amount_minor_units, currency) }) }),
      made("invoice_retention", "Invoice what is kept back", { event: "retention" }),
      made("credit", "Credit lines", { event: "credit-notes", title: "What is taken back?", fields: [...crediting(shown), reason()], read: (typed) => noted(typed, shown) }),
      made("cancel", "Cancel it", { title: "Cancel this invoice?", fields: [paragraph("All that is left of it is taken back by a credit note."), reason()] }),
    ];
    return buttons.some(Boolean) && actions(buttons);
  }
}

function received(due, currency) {
  return [
    field("amount_minor_units", `Amount in ${currency}`, { inputmode: "decimal", required: true }, `${money(due, currency)} is due.`),
    field("received_on", "When did it arrive?", { type: "date", required: true }),
    field("reference", "What does the bank call it?", { maxlength: 64 }, "You may leave this open."),
  ];
}

/** Return a field for each line of which something is left. */
function crediting({ lines: all, currency }) {
  const open = all.filter((each) => each.net_minor_units > each.credited_minor_units);
  return open.map(({ number, description, net_minor_units: net, credited_minor_units: gone }) => field(`line ${number}`, description, { inputmode: "decimal" }, `Net in ${currency}, at most ${money(net - gone, currency)}; empty for nothing.`));
}

/** Return a credit note as the API takes it. Throws what a form shows. */
function noted({ reason, ...typed }, { currency }) {
  const nets = Object.entries(typed).map(([name, text]) => ({ number: Number(name.slice("line ".length)), net_minor_units: minorUnits(text, currency, name) }));
  if (nets.length === 0) throw new Error("Say what of which line is taken back. To take back everything, cancel the invoice.");
  return { reason, lines: nets };
}

function lines({ lines: all, currency }) {
  const tax = ({ tax_category: category, tax_percent: rate }) => (category === "standard" ? `${rate}\u00a0%` : capital(category));
  const cells = all.map((each) => [
    each.description,
    each.quantity,
    tax(each),
    money(each.net_minor_units, currency),
    each.credited_minor_units ? money(each.credited_minor_units, currency) : "",
  ]);
  return section("Lines", table("Lines", ["Line", "Quantity", "Tax", "Net", "Credited"], cells, { amounts: ["Quantity", "Net", "Credited"] }));
}

function credited(items, path) {
  const cells = items.map((each) => [each.number, each.issued_on, each.reason, money(each.payable_minor_units, each.currency), documents(`${path}/credit-notes/${each.credit_note_id}`, each.number)]);
  return table("Credit notes", ["Number", "Issued", "Why", "Amount", "Document"], cells, { amounts: ["Amount"] });
}

function sums(shown) {
  const amount = (name) => money(shown[`${name}_minor_units`], shown.currency);
  const some = (name) => shown[`${name}_minor_units`] > 0 && amount(name);
  const taxes = shown.taxes.map((each) => [each.tax_category === "standard" ? `Tax ${each.tax_percent} %` : capital(each.tax_category), money(each.tax_minor_units, shown.currency)]);
  const pairs = [["Net", amount("net")], ["Kept back", some("retention")], ...taxes, ["To be paid", amount("payable")], ["Paid", some("paid")], ["Credited", some("credited")], ["Due", shown.status !== "draft" && amount("amount_due")]];
  return section("What it comes to", terms(pairs, { inline: true }));
}

function about({ seller, buyer, bank_lines: bank, supplied_on: supplied, percentage, kind, payment_id: payment, project_milestone_id: milestone, retention_of: origin, retention_invoice_id: kept }) {
  const party = (who) => who && [who.name, ...who.address, ...who.tax_ids].join(", ");
  return section(
    "About it",
    terms([
      ["From", party(seller)],
      ["To", party(buyer)],
      ["Pay to", bank.join(", ")],
      ["Supplied", supplied],
      ["Kind", `${capital(kind)}${percentage ? `, ${percentage} %` : ""}`],
      ["Milestone", link("What it is for", `#/projects/milestones/${milestone}`)],
      ["Kept back of", origin && link("The invoice that kept it back", `#/payments/invoices/${origin}`)],
      ["Kept back", kept && link("The invoice of it", `#/payments/invoices/${kept}`)],
      ["Payment", payment && link("How it is released", `#/payments/${payment}`)],
    ]),
  );
}
