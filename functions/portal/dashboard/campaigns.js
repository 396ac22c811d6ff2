// Campaigns: those of the tenant by their states, and the form for a new one.

import * as api from "./api.js";
import { Listed, choosingState } from "./lists.js";
import { standing } from "./naming.js";
import { select } from "./parts/choosing.js";
import { field, form } from "./parts/forms.js";
import { disclosure, head, page } from "./parts/layout.js";
import { card, cards } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { moment, paragraph } from "./parts/texts.js";
import { may } from "./session.js";
import { minute } from "./words.js";

const MOST_SEGMENTS = 100;
const CHANNELS = [["email", "E-mail"], ["sms", "SMS"], ["push", "Push"], ["whatsapp", "WhatsApp"], ["webhook", "Webhook"]];
const PURPOSES = [["marketing", "Marketing"], ["transactional", "Something people need to be told"]];

/** How campaigns are doing by their statuses: words, and a name for the style sheet. */
export const STANDING = {
  draft: ["Draft", "still"],
  scheduled: ["Scheduled", "behind"],
  preparing: ["Preparing", "on-track"],
  running: ["Running", "on-track"],
  paused: ["Paused", "urgent"],
  completed: ["Completed", "done"],
  cancelled: ["Cancelled", "still"],
  failed: ["Failed", "overdue"],
};

/** Return the name of a channel. */
export function channelName(channel) {
  return new Map(CHANNELS).get(channel) ?? channel;
}

/** Return the page of campaigns; with the id of a segment, its form is open for that. Throws what the API throws. */
export async function campaigns(segmentId) {
  const list = new Listed("campaigns", shown, "Show more campaigns");
  const [segments] = await Promise.all([may("audience:send") ? api.read(`segments?limit=${MOST_SEGMENTS}`) : null, list.look()]);
  const heading = head("Campaigns", paragraph("Messages to the people in a segment, each sent once.", { look: "quiet" }));
  return { title: "Campaigns", body: page(heading, segments && adding(segments.items, segmentId), choosingState(list, STANDING), list.body), look: () => list.look() };
}

function shown(items) {
  if (items.length === 0) return empty("There are no such campaigns.", { large: true });
  return cards(
    items.map(({ campaign_id: id, name, status, channel, audience, created_at: at }) =>
      card({
        title: name,
        href: `#/campaigns/${encodeURIComponent(id)}`,
        id,
        ...standing(status, STANDING),
        facts: [channelName(channel), audience !== null && `${audience} people`, moment(at, `made ${minute(at)}`)],
      }),
    ),
  );
}

function adding(segments, segmentId) {
  if (segments.length === 0) return paragraph("A campaign goes to the people in a segment; make a segment first.", { look: "quiet" });
  const purposes = PURPOSES.filter(([purpose]) => purpose === "marketing" || may("audience:admin"));
  const fields = [
    field("name", "Name", { required: true, maxlength: 200 }),
    select("segment_id", "To whom?", segments.map(({ segment_id: id, name }) => [id, name]), { value: segmentId }),
    select("channel", "Channel", CHANNELS),
    select("purpose", "What is it?", purposes),
    field("topic", "Topic", { maxlength: 40 }, "You may leave this open. People can leave a topic without leaving everything."),
    field("subject", "Subject", { maxlength: 500 }, "For e-mail."),
    field("message_template", "Message", { rows: 6, required: true, maxlength: 20000 }, "Liquid: Hello {{ name | default: 'there' }}! Marketing by e-mail needs {{ unsubscribe_url }}."),
    field("template_name", "Approved template", { maxlength: 512 }, "For WhatsApp."),
  ];
  const opened = { open: segmentId !== undefined };
  return disclosure("New campaign", opened, form({ label: "Make a draft", busy: "Making …", send }, ...fields));
}

async function send(body, key) {
  const made = await api.write("POST", "campaigns", { body, key });
  location.hash = `#/campaigns/${encodeURIComponent(made.campaign_id)}`;
}
