// The frame of a page: navigation, title, columns, and surfaces.

import { classes, element, uniqueId } from "./elements.js";
import { button } from "./forms.js";

/** Return the content of the main navigation: links as [address, words, whether it is this page], a name, and Sign out.
 *
 * A screen reader says which link is the current page.
 */
export function menu(links, name, leave) {
  const shown = links.map(([href, words, isHere]) => element("li", {}, element("a", { href, "aria-current": isHere && "page" }, words)));
  return [element("ul", {}, shown), element("span", { class: "name" }, name), button("Sign out", leave, { look: "quiet" })];
}

/** Return the body of a page: its children one below the other. */
export function page(...children) {
  return element("div", { class: "page" }, children);
}

/** Return the title of a page, its one `h1`. A page that is opened moves the focus there; Tab does not stop at it. */
export function title(words, { id } = {}) {
  return element("h1", { tabindex: -1, id }, words);
}

/** Return the title of a page with children below it. */
export function head(words, ...below) {
  return element("div", { class: "head" }, title(words), below);
}

/** Return the link to the page above this one. */
export function back(words, href) {
  return element("a", { href, class: "back" }, words);
}

/** Return two columns, one below the other on a narrow page. The second is narrower, with `even` nearly as wide. */
export function columns(first, second, { even = false } = {}) {
  return element("div", { class: classes("columns", even && "even") }, first, second);
}

/** Return the content beside the main content, a landmark (`complementary`) that `label` names. */
export function aside(label, ...children) {
  return element("aside", { class: "stack", "aria-label": label }, children);
}

/** Return an aside that its visible heading names; its content is replaced with `fill`. */
export function titledAside(words) {
  const id = uniqueId("aside");
  const content = place();
  const body = element("aside", { "aria-labelledby": id }, element("div", {}, element("h2", { id }, words), content.body));
  return { body, fill: content.fill };
}

/** Return a place whose content is replaced with `fill`; with `live` a screen reader reads new content.
 *
 * `look`: "stack" puts space between children, "adding" draws a line between a form and the list above it,
 * "several" puts them beside what is beside the place.
 */
export function place({ look, live = false } = {}) {
  const body = element("div", { class: look, "aria-live": live && "polite" });
  return { body, fill: (...children) => body.replaceChildren(...children) };
}

/** Return children one below the other, with space between them. */
export function stack(...children) {
  return element("div", { class: "stack" }, children);
}

/** Return children side by side, broken into lines where there is no room. */
export function beside(...children) {
  return element("div", { class: "row" }, children);
}

/** Return a surface without a name. */
export function panel(...children) {
  return element("div", { class: "panel" }, children);
}

/** Return a surface with a heading, a region that the heading names. */
export function section(words, ...children) {
  const id = uniqueId("section");
  return element("section", { class: "panel", "aria-labelledby": id }, element("h2", { id }, words), children);
}

/** Return a heading inside a surface that has a heading already. */
export function heading(words) {
  return element("h3", {}, words);
}

/** Return a surface that opens and closes (`details`): Enter and Space on `words` do it, and a screen reader says whether it is open.
 *
 * With an `id` its summary keeps the focus when the part is made again.
 */
export function disclosure(words, { open = false, hidden = false, id } = {}, ...children) {
  return element("details", { class: "disclosure", open, hidden }, element("summary", { id }, words), children);
}

/** Return the surface for somebody who is not signed in. `show` replaces its content and moves the focus to its title. */
export function entrance() {
  const body = element("div", { class: "entrance" });
  function show(words, ...children) {
    const shown = title(words);
    body.replaceChildren(shown, ...children.filter(Boolean));
    if (body.isConnected) shown.focus();
  }
  return { body, show };
}

/** Replace `before` with `after`, and return `after`. The focus moves to the element with the same id. */
export function replaceKeeping(before, after) {
  const focused = before.contains(document.activeElement) ? document.activeElement.id : "";
  before.replaceWith(after);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return after;
}
