// Collections: what the tenant keeps to be searched, a search in one of them, and its documents.

import * as api from "./api.js";
import { openDialog } from "./parts/dialogs.js";
import { button } from "./parts/forms.js";
import { aside, back, beside, columns, disclosure, head, page, place, replaceKeeping, stack } from "./parts/layout.js";
import { card, cards, terms } from "./parts/rows.js";
import { choices, searchField } from "./parts/searching.js";
import { empty, refusal } from "./parts/states.js";
import { marked, paragraph } from "./parts/texts.js";
import { pieces } from "./snippets.js";
import { tried } from "./trying.js";
import { asking } from "./typing.js";
import { counted, number } from "./words.js";

const MOST = 100;
const HITS = 20;
const LONGEST_TITLE = 120;
const LONGEST_VALUE = 2000;
const NONE = "There are no collections yet. A program makes them (POST /api/v1/collections), or the command line: milepost collections create.";

/** Return the page of all collections. Throws what the API throws. */
export async function collections() {
  const list = new Listed();
  await list.look();
  const heading = head("Collections", paragraph("What your tenant keeps to be searched.", { look: "quiet" }));
  return { title: "Collections", body: page(heading, list.body), look: () => list.look() };
}

/** Return the page of a collection. Throws what the API throws. */
export async function collection(name) {
  const shown = await api.read(`collections/${encodeURIComponent(name)}`);
  const search = new Search(shown);
  await search.look();
  const heading = head(shown.name, paragraph("Everything in it, or what you search for.", { look: "quiet" }));
  const beside = aside("Narrow down and fields", search.facets, fields(shown));
  const found = stack(search.field?.body, search.refused.body, search.summary.body, search.list, search.more);
  return { title: shown.name, body: page(back("Collections", "#/collections"), heading, columns(found, beside)), look: () => search.look() };
}

/** The cards of collections, made anew when one of them has changed. */
class Listed {
  body = stack();

  async look() {
    const [found, aliases] = await Promise.all([api.read(`collections?limit=${MOST}`), api.read(`collection-aliases?limit=${MOST}`)]);
    const seen = JSON.stringify([found.items, aliases.items]);
    if (seen === this.seen) return;
    this.seen = seen;
    const shown = found.items.map((each) => summary(each, aliases.items));
    this.body = replaceKeeping(this.body, stack(shown.length ? cards(shown) : empty(NONE, { large: true })));
  }
}

function summary({ name, fields: known, num_documents: documents, language }, aliases) {
  const others = aliases.filter((alias) => alias.collection_name === name).map((alias) => alias.name);
  const facts = [`${number(documents)} ${documents === 1 ? "document" : "documents"}`, counted(known.length, "field"), language && `language: ${language}`, others.length > 0 && `also called ${others.join(", ")}`];
  return card({ title: name, href: `#/collections/${encodeURIComponent(name)}`, id: `collection-${name}`, facts });
}

function fields({ fields: known, language, default_sorting_field: sorting }) {
  const said = known.map(({ name, type, facet, optional, index }) => [name, [type, facet && "counted", optional && "may be missing", !index && "not searched"].filter(Boolean).join(", ")]);
  return disclosure("Fields", {}, terms([...said, ["Language", language], ["Sorted by", sorting]]));
}

/** A search in a collection: what was typed, the values that were chosen, and what was found. */
class Search {
  constructor({ name, fields: known }) {
    this.name = name;
    this.texts = known.filter(({ type, index }) => index && type.startsWith("string")).map((field) => field.name);
    this.types = new Map(known.map((field) => [field.name, field]));
    this.counted = known.filter(({ facet }) => facet).map((field) => field.name);
    this.chosen = new Map();
    this.pages = 1;
    this.ask = asking(
      (_, signal) => this.found(signal),
      (found) => this.show(found),
      (error) => !error.silent && this.refused.say(error.message),
    );
    this.field = this.texts.length > 0 && searchField(`Search ${name}`, () => this.again(), { hint: "A typo is forgiven. “A phrase” is found as it is, and -word leaves out." });
    this.summary = place({ live: true });
    this.refused = refusal();
    this.list = cards();
    this.facets = stack();
    this.more = button("Show more", () => this.showMore(), { look: "quiet", hidden: true });
  }

  /** Look again at what is shown. */
  async look() {
    this.show(await this.found());
  }

  again() {
    this.pages = 1;
    this.refused.say("");
    this.ask("");
  }

  showMore() {
    this.pages += 1;
    this.ask("");
  }

  async found(signal) {
    const q = this.field ? this.field.words().trim() || "*" : "*";
    const parameters = { q, per_page: this.pages * HITS, ...(this.counted.length && { facet_by: this.counted.join(",") }), ...(this.chosen.size && { filter_by: this.filter() }) };
    return await api.write("POST", "search", { body: { collection_name: this.name, parameters }, signal });
  }

  filter() {
    return [...this.chosen].map(([field, values]) => `${field}:=[${[...values].map(quoted).join(", ")}]`).join(" && ");
  }

  show(found) {
    const seen = JSON.stringify([found.hits, found.facet_counts, found.found, found.out_of]);
    this.refused.say("");
    if (seen === this.seen) return;
    this.seen = seen;
    this.list = replaceKeeping(this.list, cards(found.hits.map((hit) => this.hit(hit))));
    this.summary.fill(said(found));
    this.more.hidden = found.hits.length >= found.found || this.pages * HITS >= 240;
    this.facets = replaceKeeping(this.facets, stack(found.facet_counts.map((facet) => this.facet(facet))));
  }

  hit({ document, highlights }) {
    const own = this.texts.find((name) => this.types.get(name).type === "string" && typeof document[name] === "string");
    const ofTitle = highlights.find(({ field }) => field === own);
    const title = ofTitle ? marked(pieces(ofTitle.snippet)) : cut(document[own] ?? document.id, LONGEST_TITLE);
    const others = highlights.filter((each) => each !== ofTitle).map(({ field, snippet }) => paragraph([`${field}: `, marked(pieces(snippet))]));
    const open = button("Show", () => this.open(document.id), { look: "quiet", label: `Show ${document.id}`, id: `show-${document.id}` });
    return card({ title, facts: [document.id], more: [others, beside(open)] });
  }

  facet({ field_name: field, counts }) {
    const chosen = this.chosen.get(field) ?? new Set();
    const known = counts.map(({ value, count }) => ({ value, count, chosen: chosen.has(value) }));
    const lost = [...chosen].filter((value) => !counts.some((each) => each.value === value)).map((value) => ({ value, count: 0, chosen: true }));
    return choices(field, [...known, ...lost], (value) => this.choose(field, value), { id: `choice-${field}` });
  }

  choose(field, value) {
    const values = new Set(this.chosen.get(field));
    if (!values.delete(value)) values.add(value);
    if (values.size) this.chosen.set(field, values);
    else this.chosen.delete(field);
    this.again();
  }

  async open(id) {
    await tried(async () => {
      const found = await api.read(`collections/${encodeURIComponent(this.name)}/documents/${encodeURIComponent(id)}`);
      openDialog(id, paragraph(`Version ${found.version}, ${INDEX[found.index.state]}`, { look: "quiet" }), terms(values(found.document)));
    });
  }
}

const INDEX = { indexed: "as the search knows it.", pending: "which the search does not know yet.", refused: "which the search could not take." };

function said({ found, out_of: all }) {
  if (all === 0) return empty("There are no documents in it yet.");
  if (found === 0) return empty("Nothing was found. Try another word, or fewer of them.");
  return paragraph(`${number(found)} of ${number(all)} ${all === 1 ? "document" : "documents"}`, { look: "quiet" });
}

function values({ id, ...others }) {
  return [["id", id], ...Object.entries(others)].map(([name, value]) => [name, cut(typeof value === "string" ? value : JSON.stringify(value), LONGEST_VALUE)]);
}

function cut(words, longest) {
  const letters = [...words];
  return letters.length <= longest ? words : `${letters.slice(0, longest - 1).join("")}…`;
}

/** Return a value as a filter holds one that may have any sign in it. */
function quoted(value) {
  return `\`${value.replace(/[\\`]/g, "\\$&")}\``;
}
