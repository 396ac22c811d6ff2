// Lists that are read page by page, as far as somebody wanted to see them, and kept up to date.

import * as api from "./api.js";
import { button } from "./parts/forms.js";
import { replaceKeeping, stack } from "./parts/layout.js";
import { announce } from "./parts/states.js";

const MOST = 20;

/** A list below `path`; `show` returns what is shown of its items. It is made anew when they have changed. */
export class Listed {
  constructor(path, show, words = "Show more") {
    this.path = path;
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

  async showMore() {
    this.pages += 1;
    await this.looked();
  }

  async looked() {
    try {
      await this.look();
    } catch (error) {
      if (!error.silent) announce(error.message);
    }
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
