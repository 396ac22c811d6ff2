// The chart of a goal or a project as a picture, and the forecast in words.

import * as api from "./api.js";
import { furtherWords, lead, picture } from "./parts/pictures.js";
import { terms } from "./parts/rows.js";
import { dots, moment, paragraph } from "./parts/texts.js";
import { SessionOver } from "./session.js";

/** Return `body`, which shows the chart of what lies at `path` once `draw` has been called; each call draws it anew. */
export function chart(path, title) {
  const shown = picture("How it came here, and when it will be done", "The chart is being drawn.");
  let drawn = 0, address = "";

  async function draw() {
    const turn = ++drawn;
    try {
      const [forecast, drawing] = await Promise.all([api.read(`${path}/forecast`), api.picture(`${path}/chart.svg`)]);
      if (turn !== drawn) return;
      URL.revokeObjectURL(address);
      address = URL.createObjectURL(drawing);
      shown.show(address, `Chart of ${title}. The forecast below says in words where it leads.`, ...caption(forecast));
    } catch (error) {
      if (error instanceof SessionOver || turn !== drawn) return;
      shown.fail(error.message, draw);
    }
  }

  return { body: shown.body, draw };
}

function caption({ p50_at, p50_text, p85_at, p85_text, p95_at, p95_text, reason, assumptions }) {
  const dates = [
    ["as likely as not", p50_at, p50_text],
    ["quite likely (85 %)", p85_at, p85_text],
    ["very likely (95 %)", p95_at, p95_text],
  ];
  const likely = dates.map(([words, at, text]) => [words, at ? moment(at, `by ${text}`) : "not within 20 years"]);
  return [
    p50_at && lead("If it goes on like this, all tasks are done"),
    p50_at && terms(likely, { inline: true }),
    reason && paragraph(reason),
    assumptions.length > 0 && furtherWords("What this rests on", dots(assumptions)),
  ];
}
