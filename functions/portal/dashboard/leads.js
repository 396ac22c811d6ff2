// Leads: finding one by what they are known by, and the page of one with consents, suppressions, orders and timeline.

import * as api from "./api.js";
import { Listed } from "./lists.js";
import { money } from "./money.js";
import { select } from "./parts/choosing.js";
import { field, form } from "./parts/forms.js";
import { aside, back, columns, head, heading, page, panel, replaceKeeping, section, stack } from "./parts/layout.js";
import { card, cards, entries, row, rows, terms } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { link, moment, paragraph } from "./parts/texts.js";
import { suppressedRow } from "./suppressed.js";
import { minute, number } from "./words.js";

const KNOWN_BY = [["email", "E-mail address"], ["phone", "Telephone number"], ["external_id", "Your id"]];
const STATES = { granted: "granted", pending: "asked for, not answered", denied: "denied" };

/** Return the page on which a lead is found. Throws what the API throws. */
export async function leads() {
  const list = new Listed("leads", shown, "Show more leads");
  await list.look();
  const heading = head("Leads", paragraph("The people whom your tenant may reach, the newest first.", { look: "quiet" }), link("Addresses that are not written to", "#/leads/suppressions"));
  return { title: "Leads", body: page(heading, finding(), list.body), look: () => list.look() };
}

/** Return the page of a lead. Throws what the API throws. */
export async function lead(id) {
  const shown = new Lead(`leads/${encodeURIComponent(id)}`);
  await shown.look();
  const main = stack(shown.consent, section("Orders", shown.orders.body), section("What happened", shown.happened.body));
  return { title: shown.name, body: page(back("Leads", "#/leads"), head(shown.name), columns(main, aside("Fields", shown.fields))), look: () => shown.look() };
}

class Lead {
  constructor(path) {
    this.path = path;
    this.consent = stack();
    this.fields = panel();
    this.happened = new Listed(`${path}/timeline`, history, "Show more of what happened");
    this.orders = new Listed(`${path}/orders`, ordered, "Show more orders");
  }

  /** Look again; suppressions are looked up when the lead has changed, as one that unsubscribes does. */
  async look() {
    const [found] = await Promise.all([api.read(this.path), this.happened.look(), this.orders.look()]);
    if (found.version === this.seen) return;
    const suppressions = await suppressed(found);
    this.seen = found.version;
    this.name = nameOf(found);
    this.fields = replaceKeeping(this.fields, panel(about(found)));
    this.consent = replaceKeeping(this.consent, stack(section("Consent", consent(found.consent)), section("Not written to", suppressions)));
  }
}

function finding() {
  const known = field("known", "Find", { required: true, maxlength: 320, autocomplete: "off" });
  return panel(form({ label: "Find", busy: "Looking …", send: find }, select("by", "Known by", KNOWN_BY), known));
}

async function find({ by, known }) {
  const { items } = await api.read(`leads?${by}=${encodeURIComponent(known)}`).catch((error) => {
    if (error.errors) error.errors = error.errors.map(({ reason }) => ({ field: "known", reason }));
    throw error;
  });
  if (items.length === 0) throw new Error("Nobody is known by this.");
  location.hash = `#/leads/${encodeURIComponent(items[0].lead_id)}`;
}

function shown(items) {
  if (items.length === 0) return empty("There are no leads yet. A program makes them (POST /api/v1/leads).", { large: true });
  return cards(items.map((each) => card({ title: nameOf(each), href: `#/leads/${encodeURIComponent(each.lead_id)}`, id: each.lead_id, facts: [each.emails[0], each.phones[0], each.status, moment(each.created_at, `added ${minute(each.created_at)}`)] })));
}

function nameOf({ name, emails, phones, external_id: known, lead_id: id }) {
  return name ?? emails[0] ?? phones[0] ?? known ?? id;
}

function about(found) {
  const at = (instant) => instant && moment(instant, minute(instant));
  const metadata = Object.entries(found.metadata).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  return [
    terms([
      ["E-mail addresses", found.emails.join(", ")],
      ["Telephone numbers", found.phones.join(", ")],
      ["Your id", found.external_id],
      ["Tags", found.tags.join(", ")],
      ["Status", found.status],
      ["Language", found.locale],
      ["Time zone", found.time_zone],
      ["Spent in all", found.currency && money(found.total_spend_minor_units, found.currency)],
      ["Orders", number(found.order_count)],
      ["Last order", at(found.last_order_at)],
      ["Visits", number(found.visits)],
      ["Last visit", at(found.last_visit_at)],
      ["Added", at(found.created_at)],
      ["Changed", at(found.updated_at)],
    ]),
    metadata.length > 0 && [heading("Metadata"), terms(metadata)],
  ];
}

function consent(known) {
  const said = Object.entries(known).map(([subject, { state, at, source }]) => row({ title: subject, doing: { granted: "done", pending: "still", denied: "overdue" }[state], words: STATES[state], facts: [moment(at, `since ${minute(at)}`), `from ${source}`] }));
  return said.length ? rows(said) : empty("Nothing is known of their consent.");
}

/** Return why the addresses of a lead are not written to, on which channel. */
async function suppressed({ emails, phones }) {
  const asked = [...emails.map((each) => `email=${encodeURIComponent(each)}`), ...phones.map((each) => `phone=${encodeURIComponent(each)}`)];
  const found = (await Promise.all(asked.map((each) => api.read(`suppressions?${each}`)))).flatMap(({ items }) => items);
  if (found.length === 0) return empty("No address of theirs is on the list of suppressions.");
  return rows(found.map((each) => suppressedRow(each)));
}

function ordered(items) {
  if (items.length === 0) return empty("No orders are recorded.");
  return rows(
    items.map(({ order_id: id, amount_minor_units: amount, currency, ordered_at: at, items: parts, refund_of: of, refunded_minor_units: refunded }) =>
      row({
        title: id,
        figure: money(amount, currency),
        facts: [moment(at, minute(at), `${money(amount, currency)} `), of && `a refund of ${of}`, refunded > 0 && `${money(refunded, currency)} of it refunded`],
        description: parts.map(({ sku, name, quantity }) => `${quantity} × ${name ?? sku}`).join("\n"),
      }),
    ),
  );
}

function history(items) {
  if (items.length === 0) return empty("Nothing has happened yet.");
  return entries(items.map(({ kind, at, order, visit, consent: given }) => ({ ...{ order: () => bought(order), visit: () => came(visit), consent: () => agreed(given) }[kind](), moment: moment(at, minute(at)) })));
}

function bought({ order_id: id, amount_minor_units: amount, currency, refund_of: of }) {
  return { link: of ? `Refund ${id}` : `Order ${id}`, said: money(amount, currency) };
}

function came({ visit_id: id, source }) {
  return { link: `Visit ${id}`, said: source ? `from ${source}` : "" };
}

function agreed({ subject, state, source, text }) {
  return { link: `Consent to ${subject}: ${STATES[state]}`, said: [`from ${source}`, text && `“${text}”`].filter(Boolean).join(", ") };
}
