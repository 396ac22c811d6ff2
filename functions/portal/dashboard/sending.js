// The mail that brings an invoice to its client: asking for it, and what came of the latest one.

import { capital } from "./naming.js";
import { moment, paragraph } from "./parts/texts.js";
import { minute } from "./words.js";

const REASONS = {
  no_sender: "this Milepost sends no e-mail",
  no_document: "its PDF is missing or too large",
  cancelled: "it was cancelled before",
};
const ON_ITS_WAY = ["waiting", "claimed"];
const TROUBLES = { refused: "It could not be sent to", bounced: "It did not arrive at", complained: "It was marked as spam at" };

/** Return what a button takes that mails an invoice; one that was mailed before is mailed once more. */
export function mailing({ sending, buyer }) {
  const known = buyer?.email ? `, which is ${buyer.email} on the invoice` : "";
  const again = sending && `It was sent ${sending.number === 1 ? "before" : `${sending.number} times`}, last to ${sending.to}. It is sent once more.`;
  return {
    path: sending ? "/send?again=true" : "/send",
    id: "send",
    title: "Send this invoice?",
    fields: [paragraph(`Its PDF is mailed to the e-mail address of the client${known}.`), again && paragraph(again, { look: "note" })],
    said: () => "The mail goes out within seconds.",
  };
}

/** Return what came of the latest mail with an invoice, and when one was sent before that; null where there was none. */
export function mailed({ sending, sent_at: at }) {
  if (!sending) return null;
  const isSent = sending.status === "sent";
  const before = at && !isSent && [" It was sent last ", moment(at, minute(at)), "."];
  return paragraph([ended(sending, at), before], { look: isSent || ON_ITS_WAY.includes(sending.status) ? "quiet" : "note" });
}

function ended({ status, to, reason, requested_at: asked }, at) {
  const why = reason ? `: ${REASONS[reason] ?? capital(reason).toLowerCase()}` : "";
  if (ON_ITS_WAY.includes(status)) return [`On its way to ${to} since `, moment(asked, minute(asked)), "."];
  if (status === "sent") return [`Sent to ${to}, `, moment(at, minute(at)), "."];
  if (status === "unknown") return `It may have arrived at ${to}; nobody knows. Ask the client before you send it once more.`;
  return `${TROUBLES[status] ?? capital(status)} ${to}${why}.`;
}
