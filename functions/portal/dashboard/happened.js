// What has happened to a milestone: who did it, when, and why.

import { Listed } from "./lists.js";
import { capital } from "./naming.js";
import { disclosure } from "./parts/layout.js";
import { entries } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { moment } from "./parts/texts.js";
import { minute } from "./words.js";

/** Return the history of the milestone at a path, closed; `look` looks again. */
export function happened(path, who) {
  const list = new Listed(`${path}/history`, (items) => shown(items, who), "Show more of its history");
  return { body: disclosure("What has happened", { id: "history" }, list.body), look: () => list.look() };
}

function shown(items, who) {
  if (items.length === 0) return empty("Nothing has happened yet.");
  return entries(
    items.map(({ event_type: type, at, by, user_id: whom, role, reason }) => {
      const about = [whom && `for ${who.name(whom)}`, role && `as ${role}`].filter(Boolean).join(" ");
      const what = [capital(type.split(".").slice(1).join(" ")), about].filter(Boolean).join(" ");
      const actor = by.kind === "user" ? capital(who.name(by.id)) : "Milepost";
      return { link: `${what}, by ${actor.replace(/^You$/, "you")}`, said: reason ?? "", moment: moment(at, minute(at)) };
    }),
  );
}
