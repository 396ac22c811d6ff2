// Links that show a goal to whoever holds them: made, copied and ended in a dialog.

import * as api from "./api.js";
import { element } from "./elements.js";
import { field, form } from "./forms.js";
import { SessionOver } from "./session.js";

const WHAT = [
  ["badge", "Badge", "a picture with the progress, for a README"],
  ["chart", "Chart", "the picture of this page"],
  ["calendar", "Calendar", "deadline, due tasks and milestones, to subscribe to"],
];

/** Return the button that opens the dialog of a goal's links. */
export function sharing(goal) {
  const open = element("button", { type: "button", id: "share" }, "Share a picture or calendar");
  open.addEventListener("click", () => show(goal));
  return open;
}

function show(goal) {
  const made = element("div", { class: "stack", "aria-live": "polite" });
  const list = element("div", { class: "stack" });
  const dialog = element(
    "dialog",
    { "aria-labelledby": "sharing" },
    element("h2", { id: "sharing" }, `Share “${goal.title}”`),
    element("p", {}, "Whoever has such an address sees the title, the progress and the milestones, in the calendar also the tasks that are due, and can change nothing. You can end a link at any time; what others have kept of it they may show for five minutes more."),
    form({ label: "Make a link", busy: "Making …", send }, field("name", "What is it for?", { maxlength: 100 }, "Only you see this.")),
    made,
    list,
    element("button", { type: "button", on: { click: () => dialog.close() } }, "Close"),
  );

  async function send({ name }, key) {
    const link = await api.write("POST", "links", { body: { goal_id: goal.goal_id, name }, key });
    made.replaceChildren(...addresses(link));
    await refresh();
  }

  async function refresh() {
    try {
      const { items } = await api.read("links?limit=100");
      list.replaceChildren(...known(items.filter((link) => link.goal_id === goal.goal_id), refresh));
    } catch (error) {
      if (!(error instanceof SessionOver)) list.replaceChildren(element("p", { class: "wrong" }, error.message));
    }
  }

  dialog.addEventListener("close", () => dialog.remove());
  document.getElementById("main").append(dialog);
  dialog.showModal();
  refresh();
}

function addresses(link) {
  if (!link.urls) return [element("p", {}, "This link was made before; its addresses are shown only once. Make another one.")];
  const intro = element("p", { class: "note" }, "Copy what you need now: these addresses are shown only once.");
  const shown = WHAT.filter(([name]) => link.urls[name]).map(([name, label, purpose]) => address(label, purpose, absolute(link.urls[name])));
  return [intro, ...shown];
}

function address(label, purpose, href) {
  const shown = field("address", label, { readonly: true, value: href }, purpose);
  const copy = element("button", { type: "button", "aria-label": `Copy the address of the ${label.toLowerCase()}` }, "Copy");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(href);
      copy.textContent = "Copied";
    } catch {
      // Not every browser lets a page write there; what is selected is copied by hand.
      shown.querySelector("input").select();
    }
  });
  return element("div", { class: "address" }, shown, copy);
}

function absolute(path) {
  // Addresses begin at the API, which on a laptop is not the root of the host.
  return new URL(path.replace(/^\//, ""), document.baseURI.split("#")[0]).href;
}

function known(links, refresh) {
  if (links.length === 0) return [element("p", { class: "quiet" }, "There is no link to this goal yet.")];
  const rows = links.map((link) => {
    const name = link.name ?? "Without a name";
    const end = async () => {
      try {
        await api.write("DELETE", `links/${link.link_id}`);
      } catch (error) {
        if (error.status !== 404) return button.replaceWith(element("span", { class: "wrong", role: "alert" }, error.message));
      }
      await refresh();
    };
    const button = element("button", { type: "button", class: "quiet", "aria-label": `End ${name}`, on: { click: end } }, "End");
    return element("li", { class: "row" }, element("span", {}, name), element("span", { class: "quiet" }, `since ${link.created_text}`), button);
  });
  return [element("h3", {}, "Links to this goal"), element("ul", {}, rows)];
}
