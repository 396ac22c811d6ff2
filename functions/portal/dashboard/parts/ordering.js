// An order that people change: by dragging, or with the two buttons of each row.

import { element } from "./elements.js";

const REST_MS = 700;

/** Return a list in an order that may be changed, named by `label`.
 *
 * An item has an `id`, a `name`, a `title` (a text or an element), `facts`, and a `figure` in front of it. Without `moved`
 * the order only shows. Otherwise each row is dragged by its handle, or moved by its buttons Up and Down, which keep the
 * focus; when a row has come to rest, `moved` is called with its id and the ids in their new order, and `said` with words
 * to announce. `isMoving` says whether a row is not at rest yet, `figures` shows others by id.
 */
export function orderable({ label, items, moved, said }) {
  const rows = new Map(items.map((item) => [item.id, row(item)]));
  const body = element("ol", { class: "orderable", "aria-label": label }, [...rows.values()]);
  let resting, timer;
  show();

  function row({ id, name, title, figure, facts }) {
    const place = moved && element("span", { class: "handle", "aria-hidden": "true" }, "⠿");
    const shown = element(
      "li",
      {},
      place,
      element("span", { class: "place" }, figure),
      element("span", { class: "named" }, title, element("span", { class: "facts" }, facts.filter(Boolean).map((each) => element("span", {}, each)))),
      moved && element("span", { class: "steps" }, step("↑", `Move ${name} up`, id, -1, "up"), step("↓", `Move ${name} down`, id, 1, "down")),
    );
    if (moved) draggable(place, shown, id);
    shown.dataset.id = id;
    return shown;
  }

  function step(sign, name, id, by, way) {
    return element("button", { type: "button", class: "quiet", id: `${way}-${id}`, "aria-label": name, on: { click: () => stepped(id, by) } }, sign);
  }

  function stepped(id, by) {
    const shown = rows.get(id);
    const other = by < 0 ? shown.previousElementSibling : shown.nextElementSibling;
    if (!other) return said(by < 0 ? "It is the first." : "It is the last.");
    // The other row is moved, so that this one keeps the focus.
    begin(id);
    by < 0 ? shown.after(other) : shown.before(other);
    show();
    said(`Place ${[...body.children].indexOf(shown) + 1} of ${rows.size}.`);
    timer = setTimeout(rest, REST_MS);
  }

  function draggable(handle, shown, id) {
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      begin(id);
      shown.classList.add("is-held");
    });
    handle.addEventListener("pointermove", ({ clientY, pointerId }) => {
      if (!handle.hasPointerCapture(pointerId)) return;
      const before = shown.previousElementSibling, after = shown.nextElementSibling;
      if (before && clientY < middle(before)) shown.after(before);
      else if (after && clientY > middle(after)) shown.before(after);
    });
    handle.addEventListener("lostpointercapture", () => {
      shown.classList.remove("is-held");
      show();
      rest();
    });
  }

  function begin(id) {
    if (resting && resting.id !== id) rest();
    clearTimeout(timer);
    resting ??= { id, before: order().join() };
  }

  function rest() {
    clearTimeout(timer);
    const { id, before } = resting;
    resting = undefined;
    if (order().join() !== before) moved(id, order());
  }

  function order() {
    return [...body.children].map((each) => each.dataset.id);
  }

  function show() {
    for (const button of body.querySelectorAll(".steps button")) button.removeAttribute("aria-disabled");
    body.firstElementChild?.querySelector(".steps button:first-child")?.setAttribute("aria-disabled", "true");
    body.lastElementChild?.querySelector(".steps button:last-child")?.setAttribute("aria-disabled", "true");
  }

  function figures(byId) {
    for (const [id, figure] of byId) rows.get(id)?.querySelector(".place").replaceChildren(figure);
  }

  return { body, figures, isMoving: () => resting !== undefined };
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
