// The ledger: what has moved on accounts, whether both sides are the same, and the statement of an account by month.

import * as api from "./api.js";
import { Listed } from "./lists.js";
import { money } from "./money.js";
import { capital } from "./naming.js";
import { field, form } from "./parts/forms.js";
import { back, beside, disclosure, head, page, replaceKeeping, section, stack } from "./parts/layout.js";
import { headCard, terms } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { table } from "./parts/tables.js";
import { link, moment, paragraph } from "./parts/texts.js";
import { minute } from "./words.js";

const PENDING = ["pending_debits", "pending_credits"];
const SIDES = ["debits", "credits"];

/** Return the page of the ledger in a currency, without one in that of the tenant. Throws what the API throws. */
export async function ledger(currency) {
  const shown = new Ledger(currency);
  await shown.look();
  const choosing = disclosure("Another currency", { id: "currency", open: !shown.currency }, form({ label: "Show it", busy: "Looking …", send: chosen }, field("currency", "Currency", { required: true, maxlength: 3, minlength: 3, autocapitalize: "characters" }, "ISO 4217, such as EUR. Amounts in different currencies are never added up.")));
  return { title: "Ledger", body: page(back("Payments", "#/payments"), shown.head, choosing, shown.balance, shown.accounts?.body), look: () => shown.look() };
}

async function chosen({ currency }) {
  const code = currency.toUpperCase();
  await api.read(`ledger/trial-balance?currency=${code}`);
  location.hash = `#/payments/ledger/${code}`;
}

class Ledger {
  constructor(currency) {
    [this.head, this.balance] = [head("Ledger", paragraph("Your tenant has no currency of its own. Choose one.", { look: "quiet" })), stack()];
    this.asked = currency;
  }

  /** Look again at all accounts and their sums. */
  async look() {
    const found = await api.read(`ledger/trial-balance${this.asked ? `?currency=${this.asked}` : ""}`).catch((error) => {
      // A tenant without a currency has to name one.
      if (error.status === 422 && !this.asked) return null;
      throw error;
    });
    if (!found) return;
    this.currency = found.currency;
    this.accounts ??= new Listed(`ledger/accounts?currency=${this.currency}`, (items) => accounts(items, this.currency), "Show more accounts");
    await this.accounts.look();
    const seen = JSON.stringify(found);
    if (seen === this.seen) return;
    this.seen = seen;
    this.head = replaceKeeping(this.head, heading(found));
    this.balance = replaceKeeping(this.balance, balanced(found));
  }
}

function heading(found) {
  const [debits, credits] = SIDES.map((each) => money(found[`${each}_minor_units`], found.currency));
  return headCard({
    title: `Ledger in ${found.currency}`,
    doing: found.is_balanced ? "done" : "overdue",
    words: found.is_balanced ? "Balanced" : "Not balanced",
    facts: [found.is_balanced ? `Debits and credits are the same: ${debits}` : `Debits are ${debits}, credits ${credits}`],
  });
}

/** Return the trial balance; what is pending has columns where something is. */
function balanced(found) {
  if (found.accounts.length === 0) return empty("Nothing has moved in this currency yet.", { large: true });
  const isPending = PENDING.some((each) => found[`${each}_minor_units`] > 0);
  const names = [...SIDES, ...(isPending ? PENDING : [])];
  const columns = names.map(capital);
  const amounts = (of) => names.map((each) => money(of[`${each}_minor_units`], found.currency));
  const cells = found.accounts.map((each) => [`${each.name}, ${each.category}`, ...amounts(each)]);
  return section("Trial balance", table("Trial balance", ["Account", ...columns], cells, { amounts: columns, foot: ["Together", ...amounts(found)] }));
}

function accounts(items, currency) {
  const cells = items.map((each) => [link(each.project_id ? `${each.name}: project …${each.project_id.slice(-6)}` : each.name, statementOf(currency, each.code), { id: `account-${each.code}` }), capital(each.category), money(each.balance_minor_units, currency)]);
  return items.length > 0 && section("Accounts", table("Accounts", ["Account", "Category", "Balance"], cells, { amounts: ["Balance"] }));
}

function statementOf(currency, code, month) {
  return `#/payments/ledger/${currency}/${encodeURIComponent(code)}${month ? `/${month}` : ""}`;
}

/** Return the page of the statement of an account for a month, without one for the present. Throws what the API throws. */
export async function statement(currency, code, month = new Date().toISOString().slice(0, 7)) {
  const path = `ledger/accounts/${encodeURIComponent(code)}/statement?currency=${encodeURIComponent(currency)}&month=${encodeURIComponent(month)}`;
  const list = new Listed(path, (items) => posted(items, currency), "Show more postings");
  let sums = stack();
  const look = async () => {
    const [found] = await Promise.all([api.read(`${path}&limit=1`), list.look()]);
    sums = replaceKeeping(sums, section(month, balances(found)));
  };
  await look();
  const turning = beside(link("Month before", statementOf(currency, code, turned(month, -1))), link("Month after", statementOf(currency, code, turned(month, 1))));
  const heading = head(`${capital(code)}, ${month}`, paragraph(`In ${currency}; months are in UTC.`, { look: "quiet" }), turning);
  return { title: `${capital(code)}, ${month}`, body: page(back("Ledger", `#/payments/ledger/${currency}`), heading, sums, list.body), look };
}

function balances(found) {
  const amount = (name) => money(found[`${name}_minor_units`], found.currency);
  return terms([["Before it", amount("opening_balance")], ["Debits", amount("debits")], ["Credits", amount("credits")], ["After it", amount("closing_balance")]], { inline: true });
}

function posted(items, currency) {
  if (items.length === 0) return empty("Nothing was posted on it in this month.", { large: true });
  const some = (amount) => (amount ? money(amount, currency) : "");
  const cells = items.map((each) => [moment(each.posted_at, minute(each.posted_at)), about(each), some(each.debit_minor_units), some(each.credit_minor_units)]);
  return section("Postings", table("Postings", ["When", "What", "Debit", "Credit"], cells, { amounts: ["Debit", "Credit"] }));
}

/** Return what a posting was for, as a link to that where it has a page. */
function about({ reference, kind }) {
  const [id] = reference.split("#");
  const page = id.startsWith("inv_") ? `#/payments/invoices/${id}` : id.startsWith("pay_") ? `#/payments/${id}` : null;
  return page ? link(capital(kind), page) : capital(kind);
}

function turned(month, by) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}
