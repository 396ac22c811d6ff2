// Sequences: elements in their order, which is changed here, and their versions with what changed from one to the next.

import * as api from "./api.js";
import { button, keys } from "./parts/forms.js";
import { back, beside, head, page, place, replaceKeeping, section, stack } from "./parts/layout.js";
import { orderable } from "./parts/ordering.js";
import { card, cards, row, rows, terms } from "./parts/rows.js";
import { announce, empty, refusal } from "./parts/states.js";
import { link, moment, paragraph } from "./parts/texts.js";
import { may } from "./session.js";
import { saidIn, tried } from "./trying.js";
import { counted, minute } from "./words.js";

const MOST = 100;
const LONGEST_REORDER = 90;
const SETTLED_MS = 2000;
const NONE = "There are no sequences yet. A program makes them (POST /api/v1/sequences/…/elements), or the command line: milepost sequences add.";
const OPERATIONS = { add: "added", remove: "removed", replace: "replaced" };

/** Return the page of all sequences. Throws what the API throws. */
export async function sequences() {
  const list = new Listed("sequences", (found) => {
    const shown = found.items.map(({ scope, element_type: type, order }) =>
      card({ title: type, href: address(scope, type), id: `sequence-${scope}-${type}`, facts: [`scope ${scope}`, `ordered by ${order}`] }),
    );
    return shown.length ? cards(shown) : empty(NONE, { large: true });
  });
  await list.look();
  const heading = head("Sequences", paragraph("Elements with numbers, an order and versions.", { look: "quiet" }));
  return { title: "Sequences", body: page(heading, list.body), look: () => list.look() };
}

/** Return the page of a sequence. Throws what the API throws. */
export async function sequence(scope, type) {
  const list = new Elements(scope, type);
  await list.look();
  const heading = head(type, list.summary);
  return { title: type, body: page(back("Sequences", "#/sequences"), heading, list.refused.body, list.body, list.more), look: () => list.look() };
}

/** Return the page of an element. Throws what the API throws. */
export async function element(scope, type, elementId) {
  const shown = new Element(scope, type, elementId);
  await shown.look();
  return { title: elementId, body: page(back(type, address(scope, type)), shown.body), look: () => shown.look() };
}

/** What is shown of a list, made anew when it has changed. */
class Listed {
  constructor(path, show) {
    this.path = path;
    this.show = show;
    this.body = stack();
  }

  async look() {
    const found = await api.read(`${this.path}?limit=${MOST}`);
    const seen = JSON.stringify(found.items);
    if (seen === this.seen) return;
    this.seen = seen;
    this.body = replaceKeeping(this.body, stack(this.show(found)));
  }
}

/** The elements of a sequence. An order that is changed here is written when the element has come to rest. */
class Elements {
  constructor(scope, type) {
    this.path = path(scope, type);
    this.address = address(scope, type);
    this.summary = paragraph("", { look: "quiet" });
    this.refused = refusal();
    this.body = stack();
    this.more = button("Show more elements", () => this.showMore(), { look: "quiet", hidden: true });
    this.keyOf = keys();
    this.elements = [];
    this.isWriting = false;
    this.writing = Promise.resolve();
    this.writtenAt = 0;
  }

  /** Look again, unless somebody is changing the order here. */
  async look() {
    if (this.isChanging) return;
    const found = await this.read();
    if (!this.isChanging) this.take(found);
  }

  /** Whether the API may not list yet what was done here: a list follows a change within a second. */
  get isChanging() {
    return this.list?.isMoving() || this.isWriting || Date.now() - this.writtenAt < SETTLED_MS;
  }

  async read() {
    const items = [];
    let cursor = "";
    do {
      const found = await api.read(`${this.path}/elements?limit=${MOST}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      items.push(...found.items);
      cursor = found.next_cursor;
    } while (cursor && items.length < this.elements.length);
    return { items, next_cursor: cursor };
  }

  async showMore() {
    await tried(async () => {
      const found = await api.read(`${this.path}/elements?limit=${MOST}&cursor=${encodeURIComponent(this.cursor)}`);
      this.take({ items: [...this.elements, ...found.items], next_cursor: found.next_cursor });
    });
  }

  take({ items, next_cursor: cursor }) {
    this.cursor = cursor;
    this.more.hidden = !cursor;
    const seen = JSON.stringify(items);
    if (seen === this.seen) return;
    this.seen = seen;
    this.elements = items;
    this.byRank = items.some((each) => each.rank !== null);
    this.summary.textContent = `${cursor ? "The first " : ""}${counted(items.length, "element")}, ordered by ${this.byRank ? "rank" : "number"}.`;
    this.list = orderable({
      label: "Elements in their order",
      items: items.map((each) => this.item(each)),
      moved: may("sequences:write") && items.length > 1 ? (id, order) => this.moved(id, order) : undefined,
      said: announce,
    });
    this.body = replaceKeeping(this.body, stack(items.length ? this.list.body : empty("There are no elements in it any more.", { large: true })));
  }

  item({ element_id: id, sequence_number: figure, version_number: versions, comment }) {
    const title = link(id, `${this.address}/${encodeURIComponent(id)}`, { id: `element-${id}` });
    return { id, name: id, title, figure, facts: [comment, versions > 1 && counted(versions, "version")] };
  }

  /** Write an order, after those that are being written. */
  moved(id, order) {
    this.refused.say("");
    this.isWriting = true;
    this.writing = this.writing.then(() => this.written(id, order)).finally(() => (this.isWriting = false));
  }

  async written(id, order) {
    try {
      await (this.byRank ? this.ranked(id, order) : this.numbered(order));
      this.writtenAt = Date.now();
      this.elements = order.map((each) => this.elements.find(({ element_id: other }) => other === each));
      announce(`${id} is now ${order.indexOf(id) + 1} of ${order.length}.`);
    } catch (error) {
      if (error.silent) return;
      this.refused.say(`The order stays as it was. ${error.message}`);
      this.seen = undefined;
      this.take(await this.read().catch(() => ({ items: this.elements, next_cursor: this.cursor })));
    }
  }

  async ranked(id, order) {
    const at = order.indexOf(id);
    const body = at > 0 ? { after: order[at - 1] } : { before: order[1] };
    await api.write("POST", `${this.path}/elements/${encodeURIComponent(id)}/move`, { body, key: this.keyOf(order.join()) });
  }

  /** Give the elements from the first to the last that has another place the numbers that they hold among themselves. */
  async numbered(order) {
    const before = this.elements.map((each) => each.element_id);
    const first = order.findIndex((id, at) => id !== before[at]), last = order.findLastIndex((id, at) => id !== before[at]);
    if (last - first >= LONGEST_REORDER) throw new Error(`An element moves past ${LONGEST_REORDER - 1} others at most; move it in steps.`);
    const body = { element_ids: before.slice(first, last + 1), new_order: order.slice(first, last + 1) };
    const { changes } = await api.write("POST", `${this.path}/reorder`, { body, key: this.keyOf(JSON.stringify(body)) });
    const numbers = new Map(changes.map((each) => [each.element_id, each.new_sequence_number]));
    for (const each of this.elements) each.sequence_number = numbers.get(each.element_id) ?? each.sequence_number;
    this.list.figures(numbers);
  }
}

/** An element: what it is, and its versions, newest first. */
class Element {
  constructor(scope, type, id) {
    this.id = id;
    this.path = `${path(scope, type)}/elements/${encodeURIComponent(id)}`;
    this.body = stack();
    this.refused = refusal();
    this.keyOf = keys();
  }

  async look() {
    const [shown, versions] = await Promise.all([api.read(this.path), api.read(`${this.path}/versions?limit=${MOST}`)]);
    if (shown.version === this.seen) return;
    this.seen = shown.version;
    const heading = head(this.id, paragraph(`Number ${shown.sequence_number}, ${counted(shown.version_number, "version")}.`, { look: "quiet" }));
    const list = rows(versions.items.map((each) => this.version(each, shown.version_number)));
    const rest = versions.next_cursor && paragraph(`These are the newest ${MOST}.`, { look: "quiet" });
    this.body = replaceKeeping(this.body, stack(heading, this.refused.body, section("Versions", list, rest)));
  }

  version({ version_number: number, created_at: at, comment, label, restored_from: from }, latest) {
    const shown = place({ look: "stack", live: true });
    const ask = (words, path, show, id) => button(words, () => this.ask(shown, path, show), { look: "quiet", label: `${words} in version ${number}`, id: `${id}-${number}` });
    const restore = () => button("Restore", () => this.restore(number), { look: "quiet", label: `Restore version ${number}`, id: `restore-${number}` });
    return row({
      title: label ? `Version ${number}: ${label}` : `Version ${number}`,
      facts: [comment, from && `restores version ${from}`, moment(at, minute(at))],
      more: [
        beside(
          number > 1 && ask("What changed", `difference?older=${number - 1}&newer=${number}`, (found) => difference(found), "changed"),
          ask("What it holds", `versions/${number}`, ({ data }) => content(data), "holds"),
          may("sequences:write") && number !== latest && restore(),
        ),
        shown.body,
      ],
    });
  }

  async ask(shown, path, show) {
    await tried(async () => shown.fill(show(await api.read(`${this.path}/${path}`))), saidIn(shown));
  }

  async restore(number) {
    await tried(async () => {
      const made = await api.write("POST", `${this.path}/versions/${number}/restore`, { key: this.keyOf(`${number} ${this.seen}`) });
      await this.look();
      announce(`Version ${made.version_number} holds what version ${number} did.`);
    }, this.refused.say);
  }
}

function difference({ operations }) {
  if (operations.length === 0) return empty("Nothing changed in what it holds.");
  return terms(operations.map(({ op, path: place, value }) => [place || "everything", op === "remove" ? OPERATIONS[op] : `${OPERATIONS[op]}: ${written(value)}`]));
}

function content(data) {
  if (data === null || Object.keys(data).length === 0) return empty("It holds nothing.");
  return terms(Object.entries(data).map(([name, value]) => [name, written(value)]));
}

function written(value) {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

function path(scope, type) {
  return `sequences/${encodeURIComponent(scope)}/${encodeURIComponent(type)}`;
}

function address(scope, type) {
  return `#/${path(scope, type)}`;
}
