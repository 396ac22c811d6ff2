// The chart of a goal or a project as a picture, and the forecast in words.

import * as api from "./api.js";
import { element } from "./elements.js";
import { SessionOver } from "./session.js";

/** Return `body`, which shows the chart of what lies at `path` once `draw` has been called; each call draws it anew. */
export function chart(path, title) {
  const figure = element("figure", {}, element("p", { class: "quiet" }, "The chart is being drawn."));
  const body = element("section", { class: "panel", "aria-labelledby": "chart" }, element("h2", { id: "chart" }, "How it came here, and when it will be done"), figure);
  let drawn = 0, address = "";

  async function draw() {
    const turn = ++drawn;
    try {
      const [forecast, picture] = await Promise.all([api.read(`${path}/forecast`), api.picture(`${path}/chart.svg`)]);
      if (turn !== drawn) return;
      URL.revokeObjectURL(address);
      address = URL.createObjectURL(picture);
      figure.replaceChildren(element("img", { src: address, alt: `Chart of ${title}. The forecast below says in words where it leads.` }), caption(forecast));
    } catch (error) {
      if (error instanceof SessionOver || turn !== drawn) return;
      const again = element("button", { type: "button", class: "quiet", on: { click: draw } }, "Try again");
      figure.replaceChildren(element("p", { class: "quiet" }, error.message), again);
    }
  }

  return { body, draw };
}

function caption(forecast) {
  const { p50_at, p50_text, p85_at, p85_text, p95_at, p95_text, reason, assumptions } = forecast;
  const dates = [
    ["as likely as not", p50_at, p50_text],
    ["quite likely (85 %)", p85_at, p85_text],
    ["very likely (95 %)", p95_at, p95_text],
  ];
  const rows = dates.map(([words, at, text]) => [element("dt", {}, words), element("dd", {}, at ? element("time", { datetime: at }, `by ${text}`) : "not within 20 years")]);
  return element(
    "figcaption",
    {},
    p50_at && element("p", {}, element("strong", {}, "If it goes on like this, all tasks are done")),
    p50_at && element("dl", { class: "likely" }, rows),
    reason && element("p", {}, reason),
    assumptions.length > 0 && element("details", {}, element("summary", {}, "What this rests on"), element("ul", { class: "dots" }, assumptions.map((each) => element("li", {}, each)))),
  );
}
