// Which tracked milestone waits for which, drawn in layers: each stands right of what it waits for.

import { drawn, element } from "./elements.js";

const BOX = { width: 184, height: 54, gapX: 56, gapY: 16, edge: 4 };
const LETTERS = 18;

/** Return the drawing, null when no milestone waits for another. The list beside it says the same in words. */
export function dependencies(milestones, name, status) {
  const known = new Map(milestones.map((milestone) => [milestone.milestone_uid, milestone]));
  const edges = milestones.flatMap((milestone) => milestone.depends_on.filter((uid) => known.has(uid)).map((uid) => [uid, milestone.milestone_uid]));
  if (edges.length === 0) return null;
  const places = placed(known, new Set(edges.flat()));
  const rows = Math.max(...[...places.values()].map(({ row }) => row)) + 1;
  const columns = Math.max(...[...places.values()].map(({ column }) => column)) + 1;
  const width = columns * (BOX.width + BOX.gapX) - BOX.gapX + 2 * BOX.edge;
  const height = rows * (BOX.height + BOX.gapY) - BOX.gapY + 2 * BOX.edge;
  const picture = drawn(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", class: "graph" },
    edges.map(([from, to]) => arrow(corner(places.get(from)), corner(places.get(to)), known.get(from).is_completed)),
    [...places].map(([uid, place]) => box(known.get(uid), corner(place), name, status)),
  );
  const heading = element("h2", { id: "graph" }, "What waits for what");
  return element("section", { class: "panel", "aria-labelledby": "graph" }, heading, element("div", { class: "scroller", tabindex: 0, role: "group", "aria-labelledby": "graph" }, picture));
}

/** Return column and row of each: the column is the longest way there, so that all lines lead to the right. */
function placed(known, shown) {
  const columns = new Map();
  const columnOf = (uid) => {
    if (!columns.has(uid)) {
      const before = known.get(uid).depends_on.filter((other) => known.has(other));
      columns.set(uid, 0);
      columns.set(uid, Math.max(-1, ...before.map(columnOf)) + 1);
    }
    return columns.get(uid);
  };
  const filled = [];
  const inOrder = [...shown].sort((one, other) => known.get(one).milestone_index - known.get(other).milestone_index);
  return new Map(
    inOrder.map((uid) => {
      const column = columnOf(uid);
      filled[column] = (filled[column] ?? -1) + 1;
      return [uid, { column, row: filled[column] }];
    }),
  );
}

function corner({ column, row }) {
  return { x: BOX.edge + column * (BOX.width + BOX.gapX), y: BOX.edge + row * (BOX.height + BOX.gapY) };
}

function arrow(from, to, isDone) {
  const x1 = from.x + BOX.width, y1 = from.y + BOX.height / 2, x2 = to.x - 2, y2 = to.y + BOX.height / 2;
  const middle = (x1 + x2) / 2, done = isDone ? " is-done" : "";
  return [
    drawn("path", { class: `edge${done}`, d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}` }),
    drawn("path", { class: `arrow${done}`, d: `M${x2 - 6} ${y2 - 5}l6 5l-6 5` }),
  ];
}

function box(milestone, { x, y }, name, status) {
  return drawn(
    "g",
    { class: `node ${milestone.status}` },
    drawn("rect", { x, y, width: BOX.width, height: BOX.height, rx: 9 }),
    drawn("text", { x: x + 14, y: y + 23 }, cut(name(milestone))),
    drawn("text", { x: x + 14, y: y + 42, class: "small" }, status(milestone)),
  );
}

function cut(words) {
  const letters = [...words];
  return letters.length <= LETTERS ? words : `${letters.slice(0, LETTERS - 1).join("")}…`;
}
