// Finding things of Milepost wherever one is: what is typed, what the API finds, and where that is.

import * as api from "./api.js";
import { finder } from "./parts/finding.js";
import { pieces } from "./snippets.js";
import { asking } from "./typing.js";

const KEY = "/";
const MOST = 20;
const PAGES = 5;
const WRITABLE = "input, textarea, select, [contenteditable]";
const KINDS = { goal: "Goals", task: "Tasks", milestone: "Milestones", element: "Elements of sequences", lead: "Leads", campaign: "Campaigns", project: "Projects", project_milestone: "Milestones of projects", evidence: "Evidence", comment: "Comments", invoice: "Invoices", credit_note: "Credit notes", financing_request: "Financing requests" };

/** Return the box in which one finds things, and what takes it away. The key `/` brings the focus into it. */
export function finding() {
  const ask = asking(
    found,
    ({ items }) => box.show(grouped(items), "Nothing was found."),
    (error) => !error.silent && box.show([], error.message),
  );
  const typed = (words) => ask(words.trim() || undefined);
  const box = finder({ label: "Search Milepost", placeholder: "Search", key: KEY, typed, open });
  addEventListener("keydown", pressed);

  function pressed(event) {
    const isTyping = event.target.closest?.(WRITABLE) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (event.key !== KEY || isTyping || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    box.focus();
  }

  function away() {
    ask(undefined);
    removeEventListener("keydown", pressed);
  }

  return { body: box.body, away };
}

/** Return the first page that has something: one may have nothing, and go on behind many things that were deleted. */
async function found(words, signal) {
  const asked = `search?q=${encodeURIComponent(words)}&limit=${MOST}`;
  let page = await api.read(asked, { signal });
  for (let left = PAGES - 1; left && page.next_cursor && !page.items.length; left -= 1) {
    page = await api.read(`${asked}&cursor=${encodeURIComponent(page.next_cursor)}`, { signal });
  }
  return page;
}

/** Open a thing, from the beginning if it is open already. */
function open({ address }) {
  if (location.hash === address) dispatchEvent(new Event("hashchange"));
  else location.hash = address;
}

/** Return what was found by its type, the types in the order in which the best of each was found. */
function grouped(items) {
  const groups = new Map();
  for (const item of items.map(shown).filter(({ address }) => address?.startsWith("#/"))) {
    groups.set(item.type, [...(groups.get(item.type) ?? []), item]);
  }
  return [...groups].map(([type, own]) => ({ words: KINDS[type] ?? type, items: own }));
}

function shown({ type, id, title, url, parent, highlights }) {
  const ofTitle = highlights.find(({ field }) => field === "title");
  const others = highlights.filter((each) => each !== ofTitle);
  return {
    type,
    title: ofTitle ? pieces(ofTitle.snippet) : [[title, false]],
    texts: others.map(({ snippet }) => pieces(snippet)),
    address: addressOf(type, id, url, parent),
  };
}

/** Return where in the dashboard a thing is: that of the API, but a task is in its goal, and an element in its sequence. */
function addressOf(type, id, url, parent) {
  if (type === "task") return `${url}/tasks/${encodeURIComponent(id)}`;
  return type === "element" ? `#/sequences/${parent.id}/${encodeURIComponent(id)}` : url;
}
