// Rules of segments as people edit them: fields and operators by name, values as texts. What is not edited here is kept as it is.

const CHOICE = ["=", "!=", "IN", "NOT_IN", "IS_SET", "IS_NOT_SET"];
const ORDER = [">", ">=", "<", "<=", "BETWEEN"];
const WORDING = ["CONTAINS", "NOT_CONTAINS", "BEGINS_WITH"];
const CALENDAR = ["WITHIN", "ON", "ANNIVERSARY"];
const OPERATORS = {
  text: [...CHOICE, ...WORDING, ...ORDER],
  texts: [...CHOICE, ...WORDING],
  number: [...ORDER, ...CHOICE],
  date: [...CALENDAR, ...ORDER, ...CHOICE],
  any: [...CHOICE, ...WORDING, ...ORDER, ...CALENDAR],
  segment: ["=", "!="],
};
const SAID = {
  "=": "is",
  "!=": "is not",
  IN: "is one of",
  NOT_IN: "is none of",
  IS_SET: "is set",
  IS_NOT_SET: "is not set",
  ">": "is more than",
  ">=": "is at least",
  "<": "is less than",
  "<=": "is at most",
  BETWEEN: "is between",
  CONTAINS: "contains",
  NOT_CONTAINS: "does not contain",
  BEGINS_WITH: "begins with",
  WITHIN: "is within the last",
  ON: "is on the day",
  ANNIVERSARY: "has its day of the year in so many days",
};
const OF_DATES = { ">": "is after", ">=": "is not before", "<": "is before", "<=": "is not after" };
const SEVERAL = new Set(["IN", "NOT_IN", "BETWEEN"]);
const WITHOUT = new Set(["IS_SET", "IS_NOT_SET"]);
const TEXTUAL = new Set([...WORDING, "WITHIN", "ON"]);
const GROUPS = [
  ["Who they are", { name: ["Name", "text"], emails: ["E-mail addresses", "texts"], phones: ["Telephone numbers", "texts"], external_id: ["Your id", "text"], tags: ["Tags", "texts"], status: ["Status", "text"], locale: ["Language", "text"], time_zone: ["Time zone", "text"] }],
  ["What they did", { total_spend: ["Spent in all", "number"], order_count: ["Orders in all", "number"], last_order_at: ["Last order", "date"], visits: ["Visits", "number"], last_visit_at: ["Last visit", "date"], "orders.count": ["Orders recorded here", "number"], "orders.sum": ["Spent as recorded here", "number"], "orders.last_at": ["Last order recorded here", "date"] }],
  ["What is known of them", { consent: ["Consent", "text"], metadata: ["Metadata", "any"], segment: ["Segment", "segment"], created_at: ["Added", "date"], updated_at: ["Changed", "date"], bucket: ["Share of all, 0 to 99", "number"] }],
];
const FIELDS = new Map(GROUPS.flatMap(([, fields]) => Object.entries(fields)));
/** Fields that have a name of their own behind them, with what it is called. */
export const NAMED = { consent: "Channel, or channel/topic", metadata: "Its name" };
/** The fields to choose from, in groups. */
export const CHOICES = GROUPS.map(([words, fields]) => [words, Object.entries(fields).map(([name, [said]]) => [name, said])]);

let made = 0;

/** Return a new condition. */
export function condition() {
  return { id: ++made, field: "tags", name: "", operator: "=", text: "" };
}

/** Return a new group; without children, it is satisfied by everybody. */
export function group(op = "AND", children = []) {
  return { id: ++made, op, children };
}

/** Return a rule of the API as it is edited. */
export function read(rule) {
  if (Array.isArray(rule.children)) return group(rule.op, rule.children.map(read));
  const found = taken(rule);
  return found && same(written(found), rule) ? found : { id: ++made, kept: rule };
}

/** Return what is edited as a rule of the API. */
export function written(node) {
  if (node.kept) return node.kept;
  if (node.children) return { op: node.op, children: node.children.map(written) };
  const value = valueOf(node);
  const field = NAMED[node.field] ? `${node.field}.${node.name}` : node.field;
  return { type: "condition", field, operator: node.operator, ...(value !== undefined && { value }) };
}

/** Return the node that a path of the API names, or the nearest above it. */
export function at(root, path) {
  let found = root;
  for (const [, number] of path.matchAll(/\.children\[(\d+)\]/g)) found = found.children?.[number] ?? found;
  return found;
}

/** Return the type of the field of a condition. */
export function typeOf({ field }) {
  return FIELDS.get(field)[1];
}

/** Return the name of the field of a condition. */
export function labelOf({ field }) {
  return FIELDS.get(field)[0];
}

/** Return the operators of a condition, each with its words. */
export function operatorsOf(node) {
  const type = typeOf(node);
  return OPERATORS[type].map((operator) => [operator, (type === "date" && OF_DATES[operator]) || SAID[operator]]);
}

/** Return what is to be typed beside an operator: nothing (null), or in how many lines, with a hint. */
export function asked({ operator, ...node }) {
  if (WITHOUT.has(operator)) return null;
  if (operator === "BETWEEN") return { rows: 2, hint: "From and to, a line each." };
  if (SEVERAL.has(operator)) return { rows: 3, hint: "One a line." };
  if (operator === "WITHIN") return { hint: "Such as 3 months." };
  if (operator === "ANNIVERSARY") return { hint: "0 is today." };
  if (typeOf(node) === "date") return { hint: operator === "ON" ? "2026-01-31" : "2026-01-31, or 3 months ago." };
  return { hint: typeOf(node) === "any" ? "A text; 3 and true are no texts, “3” in quotes is." : "" };
}

/** Give a condition another field, with an operator that it has. */
export function turn(node, field) {
  node.field = field;
  node.name = "";
  node.text = "";
  if (!OPERATORS[typeOf(node)].includes(node.operator)) node.operator = OPERATORS[typeOf(node)][0];
}

function taken({ field = "", operator, value }) {
  const [base, name] = named(field);
  if (!FIELDS.has(base)) return null;
  const node = { id: ++made, field: base, name, operator, text: "" };
  return { ...node, text: [value].flat().filter((each) => each !== undefined).map((each) => shown(each, node)).join("\n") };
}

function named(field) {
  const base = Object.keys(NAMED).find((each) => field.startsWith(`${each}.`));
  return base ? [base, field.slice(base.length + 1)] : [field, ""];
}

function valueOf({ operator, text, ...node }) {
  if (WITHOUT.has(operator)) return undefined;
  const one = (each) => (TEXTUAL.has(operator) ? each : scalar(each, operator === "ANNIVERSARY" ? "number" : typeOf(node)));
  if (SEVERAL.has(operator)) return text.split("\n").filter((each) => each.trim()).map(one);
  return text === "" ? undefined : one(text);
}

function scalar(text, type) {
  if (type === "any" && /^(true|false|".*")$/s.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return ["number", "any"].includes(type) && isExact(text.trim()) ? Number(text) : text;
}

/** Whether a text is a number that the browser can hold as it is. */
function isExact(text) {
  return /^-?\d+(\.\d+)?$/.test(text) && (text.includes(".") || Number.isSafeInteger(Number(text)));
}

function shown(value, { operator, ...node }) {
  if (typeof value !== "string") return String(value);
  return !TEXTUAL.has(operator) && typeOf(node) === "any" && scalar(value, "any") !== value ? JSON.stringify(value) : value;
}

function same(one, other) {
  const ordered = (rule) => JSON.stringify(Object.entries(rule).sort());
  return ordered(one) === ordered(other);
}
