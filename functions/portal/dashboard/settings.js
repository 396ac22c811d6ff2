// The settings of payments, for who administers them: who invoices are from, and where money goes, which two people decide.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { money } from "./money.js";
import { capital, people } from "./naming.js";
import { actions, field } from "./parts/forms.js";
import { back, head, page, replaceKeeping, section, stack } from "./parts/layout.js";
import { terms } from "./parts/rows.js";
import { moment, paragraph } from "./parts/texts.js";
import { userId } from "./session.js";
import { minute } from "./words.js";

const ROUNDING = { document: "once for each rate", line: "on each line" };
const LAYERS = { finance: "managers and finance of the project", admin: "your admins" };

/** Return the page of the settings of payments. Throws what the API throws. */
export async function settings() {
  const shown = new SettingsPage(await people());
  await shown.look();
  const heading = head("Payment settings", paragraph("What invoices say, and where payments go.", { look: "quiet" }));
  return { title: "Payment settings", body: page(back("Payments", "#/payments"), heading, stack(shown.payee, shown.about)), look: () => shown.look() };
}

class SettingsPage {
  constructor(who) {
    this.who = who;
    this.commands = new Commands("payment-payee", () => this.look(), { version: () => this.found.version, said: () => "The payee was changed." });
    for (const part of ["payee", "about"]) this[part] = stack();
  }

  async look() {
    const [found, settings] = await Promise.all([api.read("payment-payee"), api.read("payment-settings")]);
    const seen = JSON.stringify([found, settings]);
    if (seen === this.seen) return;
    [this.seen, this.found] = [seen, found];
    this.payee = replaceKeeping(this.payee, this.paying(found, settings));
    this.about = replaceKeeping(this.about, about(settings));
  }

  paying({ present, following, proposed }, { bank_lines: before }) {
    const withdraw = this.commands.button("Take it back", { event: "withdraw" });
    const confirm = () => this.commands.button("Confirm it", { event: "confirm", look: "primary", body: { proposal_id: proposed.proposal_id } });
    const isOwn = proposed?.proposed_by === userId();
    return stack(
      section("Payee", present ? details(present, before) : paragraph("Nobody has said yet where payments go."), this.commands.refused.body, actions([this.proposing(present)])),
      following && section("Soon the payee", paragraph(["Confirmed by ", this.who.name(following.confirmed_by), "; in effect from ", moment(following.effective_at, minute(following.effective_at)), "."]), details(following, before), !proposed && actions([withdraw])),
      proposed &&
        section(
          "Proposed as payee",
          paragraph(["By ", this.who.name(proposed.proposed_by), ", ", moment(proposed.proposed_at, minute(proposed.proposed_at)), "."]),
          details(proposed, before),
          isOwn && paragraph("Another person has to confirm it.", { look: "note" }),
          actions([!isOwn && confirm(), withdraw]),
        ),
    );
  }

  proposing(present) {
    const { name = "", bank_lines: bank = [], stripe_account: account, invoice_lines: printed = [] } = present ?? {};
    const lines = (key, label, value, hint) => field(key, label, { rows: 3, value: value.join("\n") }, hint);
    const fields = [
      paragraph("Another person confirms it, and a day later it is in effect."),
      field("name", "Name", { required: true, maxlength: 200, value: name }),
      lines("bank_lines", "Lines of the bank that payments go to", bank, "At most 8 lines."),
      field("stripe_account", "Account at Stripe", { maxlength: 70, value: account ?? "" }, "Such as acct_1NFcX2Jw8T4Q6M0R; you may leave this open."),
      lines("invoice_lines", "Lines of the bank that invoices print", printed, "Where clients pay to; at most 8 lines."),
    ];
    const read = ({ bank_lines: to = "", invoice_lines: from = "", ...typed }) => ({ ...typed, bank_lines: linesOf(to), invoice_lines: linesOf(from) });
    return this.commands.button("Propose a payee", { method: "PUT", path: "", id: "propose", title: "Who are payments to go to?", fields, read, said: () => "Another person has to confirm it now." });
  }
}

function linesOf(text) {
  return text.split("\n").map((each) => each.trim()).filter(Boolean);
}

/** Return where money goes; `before` are the lines that invoices print where a payee has none. */
function details({ name, bank_lines: bank, stripe_account: account, invoice_lines: printed }, before) {
  return terms([
    ["Name", name],
    ["Paid to", bank.join(", ")],
    ["Account at Stripe", account],
    ["Invoices print", printed.length > 0 ? printed.join(", ") : before.length > 0 && `${before.join(", ")}, as before there was a payee`],
  ]);
}

function about({ seller, invoice_prefix: prefix, credit_note_prefix: noted, tax_rounding: rounding, gateway, auto_release_limits: limits, financing_layers: layers }) {
  const approved = layers.map(({ currency, above_minor_units: above, by, approvals }) => `above ${money(above, currency)} ${LAYERS[by] ?? by}, ${approvals}`);
  return section(
    "Invoices and payments",
    terms([
      ["Invoices are from", seller ? [seller.name, ...seller.address, ...seller.tax_ids, seller.email].filter(Boolean).join(", ") : "nobody yet, so none is issued"],
      ["Numbers begin with", `${prefix}, those of credit notes with ${noted}`],
      ["Tax is rounded", ROUNDING[rounding] ?? rounding],
      ["Payments are made by", capital(gateway)],
      ["Released by itself", Object.entries(limits).map(([currency, most]) => `up to ${money(most, currency)}`).join(", ") || "nothing"],
      ["Advances are approved by", approved.join("; ") || "one admin"],
    ]),
  );
}
