// Reports of payments: what is outstanding by age, what will come in by week, and how long clients take to pay.

import * as api from "./api.js";
import { money } from "./money.js";
import { save } from "./parts/files.js";
import { button } from "./parts/forms.js";
import { back, beside, head, page, replaceKeeping, section, stack } from "./parts/layout.js";
import { levels } from "./parts/levels.js";
import { empty } from "./parts/states.js";
import { table } from "./parts/tables.js";
import { paragraph } from "./parts/texts.js";
import { tried } from "./trying.js";
import { counted } from "./words.js";

const REPORTS = [["outstanding", "What is outstanding"], ["inflow", "What will come in"], ["days-to-paid", "How long it takes"]];
const AGES = {
  not_due: ["Not due yet", "on-track"],
  days_1_to_30: ["Up to 30 days late", "urgent"],
  days_31_to_60: ["31 to 60 days late", "urgent"],
  days_61_to_90: ["61 to 90 days late", "overdue"],
  over_90_days: ["More than 90 days late", "overdue"],
};

/** Return the page of reports. Throws what the API throws. */
export async function reports() {
  let body = stack(), seen = "";
  const look = async () => {
    const found = await Promise.all(REPORTS.map(([name]) => api.read(`reports/${name}`)));
    if (JSON.stringify(found) === seen) return;
    seen = JSON.stringify(found);
    body = replaceKeeping(body, stack(shown(...found)));
  };
  await look();
  const sheets = beside(REPORTS.map(([name, words]) => button(`${words} (CSV)`, () => saved(name), { look: "quiet", id: `sheet-${name}` })));
  const heading = head("Reports", paragraph("Each currency by itself; amounts in different ones are never added up.", { look: "quiet" }), sheets);
  return { title: "Reports", body: page(back("Payments", "#/payments"), heading, body), look };
}

async function saved(name) {
  await tried(async () => save(`${name}.csv`, await api.sheet(`reports/${name}?format=csv`)));
}

function shown(outstanding, inflow, paid) {
  const parts = [...outstanding.currencies.map(owed), ...inflow.currencies.map(expected), ...paid.currencies.map(taken)];
  return parts.length ? parts : empty("Nothing is outstanding, and nothing was paid yet.", { large: true });
}

function owed({ currency, invoices, due_minor_units: due, ages }) {
  const bars = ages.map(({ age, invoices: count, due_minor_units: part }) => ({
    name: AGES[age][0],
    value: part,
    words: count ? `${money(part, currency)} of ${counted(count, "invoice")}` : "nothing",
    doing: AGES[age][1],
  }));
  return section(`Outstanding in ${currency}`, paragraph(`${money(due, currency)} of ${counted(invoices, "invoice")}.`), levels(`Outstanding in ${currency} by age`, due, bars));
}

function expected({ currency, paid_on_time_percent: rate, overdue_minor_units: late, later_minor_units: later, weeks }) {
  const most = Math.max(...weeks.map((each) => each.due_minor_units));
  const bars = weeks.map(({ begins_on: monday, due_minor_units: due, expected_minor_units: likely }) => ({
    name: `Week of ${monday}`,
    value: due,
    words: due ? `${money(due, currency)} due${likely === null ? "" : `, ${money(likely, currency)} likely`}` : "nothing",
    doing: "on-track",
  }));
  const said = [`${money(late, currency)} is overdue, and ${money(later, currency)} is due after these weeks.`, rate !== null && ` Of what was paid in a year, ${rate} % came in time.`];
  return section(`Coming in, in ${currency}`, paragraph(said), levels(`Due in ${currency} by week`, most, bars));
}

function taken({ currency, months }) {
  const cells = months.map((each) => [each.month, String(each.invoices), money(each.paid_minor_units, currency), each.average_days, each.paid_on_time_percent === null ? "" : `${each.paid_on_time_percent}\u00a0%`]);
  return section(`How long clients take, in ${currency}`, table(`Paid in ${currency} by month`, ["Month", "Invoices", "Paid", "Days", "In time"], cells, { amounts: ["Invoices", "Paid", "Days", "In time"] }));
}
