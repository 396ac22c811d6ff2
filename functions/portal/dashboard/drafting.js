// Changing the draft of an invoice: its share, its day, its note, and lines of its own.

import { minorUnits, typed } from "./money.js";
import { button, field, pair } from "./parts/forms.js";
import { heading, stack } from "./parts/layout.js";
import { paragraph } from "./parts/texts.js";

const MOST_LINES = 50;

/** Return the fields of a draft, filled with what it asks for now. */
export function editing(shown) {
  const { lines, currency, percentage, supplied_on: supplied, note } = shown;
  const groups = stack(lines.map((each, place) => line(place, currency, each)));
  const adding = button("Another line", () => {
    const place = groups.children.length;
    groups.append(line(place, currency));
    groups.lastElementChild.querySelector("input").focus();
    adding.hidden = place + 1 >= MOST_LINES;
  });
  return [
    field("percentage", "Share of the milestone in percent", { inputmode: "decimal", maxlength: 8, value: percentage }, "Without it, all that is not invoiced yet."),
    field("supplied_on", "When was it supplied?", { type: "date", value: supplied }, "Without it, the day of issue."),
    field("note", "Note for the client", { rows: 3, maxlength: 1000, value: note }),
    paragraph("Lines come to the share together. One without a description is taken away; without any, there is one for the milestone.", { look: "quiet" }),
    groups,
    adding,
  ];
}

function line(place, currency, { description, quantity = "1", ...own } = {}) {
  const named = `Line ${place + 1}`;
  return stack(
    heading(named),
    field(`description ${place}`, `${named}: what is it?`, { maxlength: 200, value: description }, "", `lines.${place}.description`),
    pair(
      field(`quantity ${place}`, "How many?", { inputmode: "decimal", maxlength: 14, value: quantity }, "", `lines.${place}.quantity`),
      field(`price ${place}`, `Price of one in ${currency}`, { inputmode: "decimal", value: description && typed(priceOf(own), currency) }, "", `lines.${place}.unit_price_minor_units`),
    ),
  );
}

/** Return what a draft is to ask for, as the API takes it; its lines only if they are others. Throws what a form shows. */
export function edited({ percentage = null, supplied_on = null, note = "", ...rest }, { lines, currency }) {
  const places = Object.keys(rest).filter((name) => name.startsWith("description ")).map((name) => Number(name.split(" ")[1]));
  const sent = places.map((place) => ({
    description: rest[`description ${place}`],
    quantity: (rest[`quantity ${place}`] ?? "1").replace(",", "."),
    unit_price_minor_units: minorUnits(rest[`price ${place}`] ?? "", currency, `lines.${place}.unit_price_minor_units`),
    ...taxOf(lines[place]),
  }));
  const before = lines.map(({ description, quantity, ...own }) => ({ description, quantity, unit_price_minor_units: priceOf(own), ...taxOf(own) }));
  return { percentage, supplied_on, note, ...(JSON.stringify(sent) !== JSON.stringify(before) && { lines: sent }) };
}

/** Return the tax of a line that is there; a new one is taxed as the terms say. */
function taxOf(line) {
  return line && { tax_category: line.tax_category, tax_percent: line.tax_percent };
}

/** Return what one of a line costs; the line of a milestone has no price of its own. */
function priceOf({ unit_price_minor_units: price, net_minor_units: net }) {
  return price ?? net;
}
