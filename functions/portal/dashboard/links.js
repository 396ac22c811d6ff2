// Links that show a goal to whoever holds them: made, copied and ended in a dialog.

import * as api from "./api.js";
import { openDialog } from "./parts/dialogs.js";
import { button, copyable, field, form } from "./parts/forms.js";
import { heading, place } from "./parts/layout.js";
import { plainRows } from "./parts/rows.js";
import { empty, refusal } from "./parts/states.js";
import { paragraph } from "./parts/texts.js";
import { SessionOver } from "./session.js";

const WHAT = [
  ["badge", "Badge", "a picture with the progress, for a README"],
  ["chart", "Chart", "the picture of this page"],
  ["calendar", "Calendar", "deadline, due tasks and milestones, to subscribe to"],
];

/** Return the button that opens the dialog of a goal's links. */
export function sharing(goal) {
  return button("Share a picture or calendar", () => show(goal), { id: "share" });
}

function show(goal) {
  const made = place({ look: "stack", live: true });
  const list = place({ look: "stack" });
  openDialog(
    `Share “${goal.title}”`,
    paragraph("Whoever has such an address sees the title, the progress and the milestones, in the calendar also the tasks that are due, and can change nothing. You can end a link at any time; what others have kept of it they may show for five minutes more."),
    form({ label: "Make a link", busy: "Making …", send }, field("name", "What is it for?", { maxlength: 100 }, "Only you see this.")),
    made.body,
    list.body,
  );

  async function send({ name }, key) {
    const link = await api.write("POST", "links", { body: { goal_id: goal.goal_id, name }, key });
    made.fill(...addresses(link));
    await refresh();
  }

  async function refresh() {
    try {
      const { items } = await api.read("links?limit=100");
      list.fill(...known(items.filter((link) => link.goal_id === goal.goal_id), refresh));
    } catch (error) {
      if (!(error instanceof SessionOver)) list.fill(refusal(error.message).body);
    }
  }

  refresh();
}

function addresses(link) {
  if (!link.urls) return [paragraph("This link was made before; its addresses are shown only once. Make another one.")];
  const intro = paragraph("Copy what you need now: these addresses are shown only once.", { look: "note" });
  const shown = WHAT.filter(([name]) => link.urls[name]).map(([name, label, purpose]) =>
    copyable(label, absolute(link.urls[name]), purpose, `Copy the address of the ${label.toLowerCase()}`),
  );
  return [intro, ...shown];
}

function absolute(path) {
  // Addresses begin at the API, which on a laptop is not the root of the host.
  return new URL(path.replace(/^\//, ""), document.baseURI.split("#")[0]).href;
}

function known(links, refresh) {
  if (links.length === 0) return [empty("There is no link to this goal yet.")];
  const shown = links.map((link) => {
    const name = link.name ?? "Without a name";
    const end = async () => {
      try {
        await api.write("DELETE", `links/${link.link_id}`);
      } catch (error) {
        if (error.status !== 404) return ending.replaceWith(refusal(error.message).body);
      }
      await refresh();
    };
    const ending = button("End", end, { look: "quiet", label: `End ${name}` });
    return { name, said: `since ${link.created_text}`, button: ending };
  });
  return [heading("Links to this goal"), plainRows(shown)];
}
