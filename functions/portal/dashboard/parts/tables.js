// Tables: several facts of several things, side by side; on a narrow page each thing is below the one before.

import { classes, element } from "./elements.js";

/** Return a table that `caption` names to a screen reader. `columns` are the names of its columns, by the first of which a row is known.
 *
 * `rows` are lists of cells, of which `foot` is the last; columns named in `amounts` are numbers, on the right.
 */
export function table(caption, columns, rows, { amounts = [], foot } = {}) {
  // Roles say the same as the elements do, also where the look takes it from them.
  const cell = (shown, place) => {
    const named = { class: classes(amounts.includes(columns[place]) && "amount"), "data-of": columns[place] };
    return place ? element("td", { role: "cell", ...named }, shown) : element("th", { role: "rowheader", scope: "row" }, shown);
  };
  const line = (cells) => element("tr", { role: "row" }, cells.map(cell));
  const heading = (name) => element("th", { role: "columnheader", scope: "col", class: classes(amounts.includes(name) && "amount") }, name);
  return element(
    "table",
    { role: "table" },
    element("caption", { class: "spoken" }, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, columns.map(heading))),
    element("tbody", { role: "rowgroup" }, rows.map(line)),
    foot && element("tfoot", { role: "rowgroup" }, line(foot)),
  );
}
