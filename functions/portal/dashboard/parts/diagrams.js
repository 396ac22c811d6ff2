// Diagrams: what leads to what, drawn in layers. Each node stands right of what it waits for, so all lines lead right.

import { classes, drawn, element } from "./elements.js";
import { section } from "./layout.js";

const BOX = { width: 184, height: 54, gapX: 56, gapY: 16, edge: 4 };
const LETTERS = 18;

/** Return a region with the drawing, null when no node waits for another.
 *
 * `nodes` are in the order of their rows. Each has an `id`, a `title`, the `words` below it, how it is `doing` ("done",
 * "overdue" or another), and the ids it waits for (`after`); ids that no node has are left out, and there may be no circle.
 * A line from a node that is done is a solid one. The drawing is hidden from screen readers, so a list beside it has to
 * say the same. It scrolls sideways; Tab stops at it and the arrow keys move it.
 */
export function diagram(words, nodes) {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const edges = nodes.flatMap((node) => node.after.filter((id) => known.has(id)).map((id) => [id, node.id]));
  if (edges.length === 0) return null;
  const linked = new Set(edges.flat());
  const places = placed(known, nodes.filter(({ id }) => linked.has(id)));
  const width = extent([...places.values()].map(({ column }) => column), BOX.width, BOX.gapX);
  const height = extent([...places.values()].map(({ row }) => row), BOX.height, BOX.gapY);
  const picture = drawn(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", class: "graph" },
    edges.map(([from, to]) => arrow(corner(places.get(from)), corner(places.get(to)), known.get(from).doing === "done")),
    [...places].map(([id, place]) => box(known.get(id), corner(place))),
  );
  const scroller = element("div", { class: "scroller", tabindex: 0, role: "group", "aria-label": words }, picture);
  return section(words, scroller);
}

/** Return column and row of each node: the column is the longest way there. */
function placed(known, shown) {
  const columns = new Map();
  const columnOf = (id) => {
    if (!columns.has(id)) {
      const before = known.get(id).after.filter((other) => known.has(other));
      columns.set(id, 0);
      columns.set(id, Math.max(-1, ...before.map(columnOf)) + 1);
    }
    return columns.get(id);
  };
  const filled = [];
  return new Map(
    shown.map(({ id }) => {
      const column = columnOf(id);
      filled[column] = (filled[column] ?? -1) + 1;
      return [id, { column, row: filled[column] }];
    }),
  );
}

function extent(places, size, gap) {
  return (Math.max(...places) + 1) * (size + gap) - gap + 2 * BOX.edge;
}

function corner({ column, row }) {
  return { x: BOX.edge + column * (BOX.width + BOX.gapX), y: BOX.edge + row * (BOX.height + BOX.gapY) };
}

function arrow(from, to, isDone) {
  const x1 = from.x + BOX.width, y1 = from.y + BOX.height / 2, x2 = to.x - 2, y2 = to.y + BOX.height / 2;
  const middle = (x1 + x2) / 2, done = isDone && "is-done";
  return [
    drawn("path", { class: classes("edge", done), d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}` }),
    drawn("path", { class: classes("arrow", done), d: `M${x2 - 6} ${y2 - 5}l6 5l-6 5` }),
  ];
}

function box({ title, words, doing }, { x, y }) {
  return drawn(
    "g",
    { class: classes("node", doing) },
    drawn("rect", { x, y, width: BOX.width, height: BOX.height, rx: 9 }),
    drawn("text", { x: x + 14, y: y + 23 }, cut(title)),
    drawn("text", { x: x + 14, y: y + 42, class: "small" }, words),
  );
}

function cut(words) {
  const letters = [...words];
  return letters.length <= LETTERS ? words : `${letters.slice(0, LETTERS - 1).join("")}…`;
}
