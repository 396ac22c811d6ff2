// Lists that are read page by page, as far as somebody wanted to see them, and kept up to date.

import * as api from "./api.js";
import { select } from "./parts/choosing.js";
import { button } from "./parts/forms.js";
import { replaceKeeping, stack } from "./parts/layout.js";
import { tried } from "./trying.js";

const MOST = 20;

/** Return the choice of a state to which a list is narrowed down; `known` has the words of each first. */
export function choosingState(list, known) {
  const states = Object.entries(known).map(([status, [words]]) => [status, words]);
  return select("status", "State", [["", "All"], ...states], { change: (status) => list.narrow({ status }) });
}

/** A list below `path`, narrowed down by `filters`; `show` returns what is shown of its items. It is made anew when they have changed. */
export class Listed {
  constructor(path, show, words = "Show more", filters = {}) {
    Object.assign(this, { whole: path, path: filtered(path, filters), filters });
    this.show = show;
    this.pages = 1;
    this.list = stack();
    this.more = button(words, () => this.showMore(), { look: "quiet", hidden: true });
    this.body = stack(this.list, this.more);
  }

  /** Look again at as many pages as are shown. Throws what the API throws. */
  async look() {
    const path = this.path;
    const items = [];
    let cursor = "";
    // A page may have nothing on it that is for whoever looks, and be followed by another.
    for (let page = 0; cursor !== null && (page < this.pages || (items.length === 0 && page < MOST)); page += 1) {
      const found = await api.read(`${path}${path.includes("?") ? "&" : "?"}limit=${MOST}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      items.push(...found.items);
      cursor = found.next_cursor;
    }
    if (path === this.path) this.take(items, cursor);
  }

  /** Show another list, from its beginning. */
  async turnTo(path) {
    this.path = path;
    this.pages = 1;
    await this.looked();
  }

  /** Show what other filters leave of it, besides those that are not named; one that is "" leaves all. */
  async narrow(filters) {
    await this.turnTo(filtered(this.whole, Object.assign(this.filters, filters)));
  }

  async showMore() {
    this.pages += 1;
    await this.looked();
  }

  async looked() {
    await tried(() => this.look());
  }

  take(items, cursor) {
    this.more.hidden = !cursor;
    const seen = JSON.stringify(items);
    if (seen === this.seen) return;
    this.seen = seen;
    this.items = items;
    this.list = replaceKeeping(this.list, stack(this.show(items)));
  }
}

function filtered(path, filters) {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value)).toString();
  return query ? `${path}?${query}` : path;
}
