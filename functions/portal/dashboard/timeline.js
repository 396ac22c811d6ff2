// The timeline of a project as a Gantt chart, and in words: what its end hangs on, and how late it is.

import * as api from "./api.js";
import { button, keys } from "./parts/forms.js";
import { beside } from "./parts/layout.js";
import { furtherWords, lead, picture } from "./parts/pictures.js";
import { announce } from "./parts/states.js";
import { dots, paragraph } from "./parts/texts.js";
import { SessionOver, may } from "./session.js";
import { tried } from "./trying.js";
import { counted } from "./words.js";

/** Return `body`, which shows the timeline of a project once `look` has been called; it is drawn anew when it has changed. */
export function timeline(path, refused) {
  const shown = picture("Timeline", "The timeline is being drawn.");
  const keyOf = keys();
  let seen, address = "";

  async function look() {
    try {
      const found = await api.read(`${path}/timeline`);
      const now = JSON.stringify(found);
      if (now === seen) return;
      const drawing = await api.picture(`${path}/timeline.svg`);
      URL.revokeObjectURL(address);
      [seen, address] = [now, URL.createObjectURL(drawing)];
      shown.show(address, "Gantt chart of the project. What follows says in words what it shows.", ...caption(found));
    } catch (error) {
      if (!(error instanceof SessionOver)) shown.fail(error.message, look);
    }
  }

  async function freeze() {
    const { version } = await api.write("POST", `${path}/baseline`, { key: keyOf(seen) });
    await look();
    announce(`Baseline ${version} is frozen.`);
  }

  function caption({ milestones, ends_on: end, late_by_days: late, baseline }) {
    const critical = milestones.filter((each) => each.is_critical);
    const freezing = may("projects:write") && milestones.length > 0 && button("Freeze as baseline", () => tried(freeze, refused.say), { look: "quiet", id: "freeze-baseline" });
    return [
      end ? lead(`It ends on ${end}${baseline ? `, ${behind(late)}` : ""}.`) : paragraph("There is no milestone to plan yet."),
      critical.length > 0 && furtherWords(`${counted(critical.length, "milestone")} on the critical path`, dots(critical.map(words))),
      freezing && beside(freezing),
    ];
  }

  return { body: shown.body, look };
}

function words({ title, start_on: first, finish_on: last, late_by_days: late }) {
  return `${title}: ${first} to ${last}${late ? `, ${behind(late)}` : ""}`;
}

function behind(late) {
  if (!late) return "as in the baseline";
  return `${counted(Math.abs(late), "working day")} ${late > 0 ? "later" : "earlier"} than in the baseline`;
}
