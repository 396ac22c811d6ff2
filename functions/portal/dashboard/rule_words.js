// What a rule says, in words.

import { NAMED, labelOf, operatorsOf, read, typeOf } from "./rules.js";

const AFTER = { AND: "and", OR: "or" };

/** Return what a rule of the API says, a sentence. `segments` are pairs of id and name. */
export function ruleWords(rule, segments) {
  return nodeWords(read(rule), segments);
}

/** Return the same of a rule as it is edited. */
export function nodeWords(root, segments) {
  const words = of(root, new Map(segments), true);
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

function of(node, segments, isWhole) {
  if (node.kept) return `a condition holds that is kept as it is (${node.kept.field ?? "unknown"})`;
  if (!node.children) return condition(node, segments);
  if (node.children.length === 0) return node.op === "NOT" ? "not yet said" : "everybody";
  const parts = node.children.map((each) => of(each, segments, false));
  if (node.op === "NOT") return `it does not hold that ${parts.join(" and ")}`;
  const joined = parts.join(`, ${AFTER[node.op]} `);
  return isWhole || parts.length === 1 ? joined : `(${joined})`;
}

function condition(node, segments) {
  const [, how] = operatorsOf(node).find(([operator]) => operator === node.operator);
  const name = NAMED[node.field] ? ` “${node.name}”` : "";
  const values = node.text.split("\n").filter(Boolean).map((each) => shown(node, each, segments));
  const between = node.operator === "BETWEEN" ? " and " : " or ";
  return [`${labelOf(node).toLowerCase()}${name}`, how, values.join(between)].filter(Boolean).join(" ");
}

function shown(node, text, segments) {
  if (typeOf(node) === "segment") return `“${segments.get(text) ?? text}”`;
  return ["text", "texts", "any"].includes(typeOf(node)) ? `“${text}”` : text;
}
