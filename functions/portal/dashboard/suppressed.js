// Why an address is not written to, as leads and the list of suppressions show it.

import { entries, row } from "./parts/rows.js";
import { moment } from "./parts/texts.js";
import { minute } from "./words.js";

/** The reasons, each in words. */
export const REASONS = {
  manual: "by hand",
  unsubscribed: "they unsubscribed",
  hard_bounce: "the address does not exist",
  complaint: "they complained",
  soft_bounces: "several messages could not be delivered",
  imported: "imported",
};

/** Return the row of a suppression, with `more` behind its reasons. Without a lead that has the address there is only a digest. */
export function suppressedRow({ channel, address, digest, lead_id: lead, reasons, topics }, { named, linked = false, more } = {}) {
  const why = reasons.map(({ reason, at, source }) => because(REASONS[reason] ?? reason, at, source));
  const left = topics.map(({ topic, at, source }) => because(`they left the topic ${topic}`, at, source));
  return row({
    title: named ?? `${address ?? digest} by ${channel}`,
    href: linked && lead && `#/leads/${encodeURIComponent(lead)}`,
    doing: reasons.length ? "overdue" : "urgent",
    words: reasons.length ? "Not written to" : "Not about some topics",
    more: [entries([...why, ...left]), more],
  });
}

function because(said, at, source) {
  return { link: said, said: source.startsWith("user_") ? "by a member of your tenant" : `from ${source}`, moment: moment(at, minute(at)) };
}
