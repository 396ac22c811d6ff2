// The deposits for a project: what is left of them, what waits for more, and forms for another one and for escrow.

import * as api from "./api.js";
import { minorUnits, money } from "./money.js";
import { field, form } from "./parts/forms.js";
import { disclosure, section } from "./parts/layout.js";
import { plainRows, terms } from "./parts/rows.js";
import { announce } from "./parts/states.js";
import { link, moment, paragraph } from "./parts/texts.js";
import { minute } from "./words.js";

const FROM_DEPOSITS = "Payments of this project are made from its deposits alone. What they do not cover waits.";

/** Return what is held for a project at a `path`; `acts` and `manages` say what whoever looks may do about it. */
export function deposits(held, path, { acts, manages, look }) {
  const { escrow, currency, waiting, deposited_minor_units: deposited } = held;
  if (!escrow && deposited === 0 && !acts) return null;
  const amounts = ["deposited", "released", "pending", "available"].map((name) => [name, held[`${name}_minor_units`]]);
  const shown = amounts.map(([name, amount]) => [WORDS[name], (amount > 0 || name === "available") && money(amount, currency)]);
  return section(
    "Deposits",
    escrow && paragraph(FROM_DEPOSITS, { look: "note" }),
    terms(shown),
    waiting.length > 0 && paragraph("These payments wait for a deposit:"),
    waiting.length > 0 && plainRows(waiting.map((each) => row(each, currency))),
    acts && disclosure("Record a deposit", { id: "make-deposit" }, depositing(path, currency, look)),
    manages && disclosure(escrow ? "Leave escrow" : "Put it into escrow", { id: "set-escrow" }, switching(path, escrow, look)),
  );
}

const WORDS = { deposited: "Deposited", released: "Paid from them", pending: "On its way", available: "Available" };

function row({ payment_id: id, amount_minor_units: amount, requested_at: since }, currency) {
  return { name: link(money(amount, currency), `#/payments/${id}`), said: ["since ", moment(since, minute(since))] };
}

function depositing(path, currency, look) {
  const send = async ({ amount }, key) => {
    await api.write("POST", `${path}/deposits`, { body: { amount_minor_units: minorUnits(amount, currency), currency }, key });
    await look();
    announce("The deposit is recorded.");
  };
  return form({ label: "Record it", busy: "Recording …", send }, field("amount", `Deposit in ${currency}`, { inputmode: "decimal", required: true }, "What the client has paid before the work.", "amount_minor_units"));
}

function switching(path, escrow, look) {
  const send = async () => {
    await api.write("PATCH", path, { body: { escrow: !escrow } });
    await look();
    announce(escrow ? "Its payments are made without deposits now." : "Its payments are made from its deposits alone now.");
  };
  const words = escrow ? "Payments go on without deposits, also those that wait." : FROM_DEPOSITS;
  return form({ label: escrow ? "Leave escrow" : "Put it into escrow", busy: "Changing …", send }, paragraph(words));
}
