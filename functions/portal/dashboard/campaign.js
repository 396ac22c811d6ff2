// A campaign: how far it is while it runs, what is done with it, and the recipients that somebody may want to look at.

import * as api from "./api.js";
import { STANDING, channelName } from "./campaigns.js";
import { Commands } from "./commands.js";
import { Listed } from "./lists.js";
import { standing } from "./naming.js";
import { bar } from "./parts/bars.js";
import { select } from "./parts/choosing.js";
import { button } from "./parts/forms.js";
import { back, beside, columns, disclosure, heading, page, place, replaceKeeping, section, stack } from "./parts/layout.js";
import { levels } from "./parts/levels.js";
import { headCard, row, rows, terms } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { link, moment, paragraph } from "./parts/texts.js";
import { may } from "./session.js";
import { saidIn, tried } from "./trying.js";
import { minute, number } from "./words.js";

const STATES = {
  pending: ["Waiting", "still"],
  sent: ["Sent", "on-track"],
  delivered: ["Delivered", "on-track"],
  opened: ["Opened", "on-track"],
  clicked: ["Clicked", "on-track"],
  skipped: ["Skipped", "still"],
  unknown: ["Unknown", "urgent"],
  bounced: ["Bounced", "overdue"],
  failed: ["Failed", "overdue"],
};
const LOGS = [["failed", "Failed"], ["bounced", "Bounced"], ["unknown", "Unknown"], ["skipped", "Skipped"], ["waiting", "Waiting to be tried again"]];
const SKIPPED = {
  no_address: "has no address on this channel",
  duplicate_address: "another lead has the same address",
  address_changed: "has another address than at the start",
  erased: "is not there any more",
  left_segment: "is not in the segment any more",
  suppressed: "is on the list of suppressions",
  no_consent: "has not consented",
  frequency_cap: "has had as many messages as you let them have",
  quiet_hours_expired: "was not to be disturbed for more than a day",
  cancelled: "waited when the campaign was cancelled",
};
const PAUSED = {
  no_provider: "Its provider is gone.",
  too_many_errors: "Too many messages have failed.",
  too_many_bounces: "Too many messages came back.",
  too_many_complaints: "Too many people have complained.",
  too_late: "Its time was too long ago.",
};
// In which states what can be asked for: words, the state that is asked for, and how the button looks.
const MOVES = {
  draft: [["Start", "running", "primary"], ["Cancel the campaign", "cancelled"]],
  scheduled: [["Start now", "running", "primary"], ["Cancel the campaign", "cancelled"]],
  preparing: [["Cancel the campaign", "cancelled"]],
  running: [["Pause", "paused", "primary"], ["Cancel the campaign", "cancelled"]],
  paused: [["Resume", "running", "primary"], ["Cancel the campaign", "cancelled"]],
};

/** Return the page of a campaign. Throws what the API throws. */
export async function campaign(campaignId) {
  const shown = new Campaign(campaignId);
  await shown.look();
  const body = columns(stack(shown.body, shown.logs.body, shown.previews.body), shown.beside);
  return { title: shown.name, body: page(back("Campaigns", "#/campaigns"), body), look: () => shown.look() };
}

class Campaign {
  constructor(id) {
    this.path = `campaigns/${encodeURIComponent(id)}`;
    this.body = stack();
    this.beside = stack();
    this.commands = new Commands(this.path, () => this.look(), { said: () => `It is ${this.status}.` });
    this.previews = this.previewing();
    this.logs = this.logging();
  }

  /** Look again at the campaign, its counters and the recipients that are listed. */
  async look() {
    const [shown, stats] = await Promise.all([api.read(this.path), api.read(`${this.path}/stats`)]);
    [this.name, this.status] = [shown.name, shown.status];
    await Promise.all([this.segment ?? this.findSegment(shown.segment_id), shown.started_at && this.logs.list.look()]);
    const seen = JSON.stringify([shown, stats]);
    if (seen === this.seen) return;
    this.seen = seen;
    this.show(shown, stats);
  }

  /** Find the name of the segment; it may have been deleted since. */
  async findSegment(id) {
    this.segment = { id, name: id };
    const found = await api.read(`segments/${encodeURIComponent(id)}`).catch(() => null);
    if (found) this.segment.name = found.name;
  }

  show(shown, stats) {
    const counts = stats.counts;
    const { audience } = stats;
    const done = audience - counts.pending;
    const progress = audience > 0 && bar({ label: `${shown.name}: seen to`, value: done, max: audience, text: `${done} of ${audience}` });
    const about = headCard({
      title: shown.name,
      ...standing(shown.status, STANDING),
      facts: [channelName(shown.channel), shown.purpose, shown.topic, audience > 0 && `${number(done)} of ${number(audience)} seen to`],
      description: shown.reason && `${PAUSED[shown.reason] ?? shown.reason}`,
      bar: progress,
      more: [this.commands.refused.body, may("audience:send") && this.actions(shown)],
    });
    this.body = replaceKeeping(this.body, stack(about, shown.started_at && delivery(stats), shown.variants.length > 0 && variants(shown, stats)));
    this.beside = replaceKeeping(this.beside, stack(this.facts(shown, stats), message(shown)));
    this.logs.body.hidden = !shown.started_at;
    this.previews.body.hidden = Boolean(shown.finished_at);
  }

  facts(shown, { complained, unsubscribed }) {
    const at = (instant) => instant && moment(instant, minute(instant));
    return section(
      "About it",
      terms([
        ["Segment", link(this.segment.name, `#/segments/${encodeURIComponent(this.segment.id)}`)],
        ["Starts", shown.status === "scheduled" && at(shown.scheduled_at)],
        ["Started", at(shown.started_at)],
        ["Finished", at(shown.finished_at)],
        ["A minute", shown.rate_per_minute && `${number(shown.rate_per_minute)} messages at most`],
        ["Unsubscribed by it", shown.started_at && number(unsubscribed)],
        ["Complained", shown.started_at && number(complained)],
      ]),
    );
  }

  actions({ status, name }) {
    const cancelling = { title: `Cancel ${name}?`, fields: [paragraph("Nobody else is written to, and it cannot be resumed. To go on later, pause it instead.")], sure: "Cancel it for good" };
    const moves = (MOVES[status] ?? []).map(([words, to, look]) => this.commands.button(words, { look, ...moving(to), instead: () => this.confirmEverybody(), ...(to === "cancelled" && cancelling) }));
    return moves.length > 0 && beside(moves);
  }

  /** Where everybody would be written to, that is asked once more. */
  confirmEverybody() {
    const asked = "The rule of the segment matches every lead of your tenant, whoever they are.";
    this.commands.ask("Write to everybody", { title: "Write to everybody?", fields: [paragraph(asked)], ...moving("running", { confirm_all: true }) });
  }

  logging() {
    const path = (status) => `${this.path}/logs?status=${status}`;
    const list = new Listed(path("failed"), recipients, "Show more recipients");
    const narrow = select("logs", "State", LOGS, { change: (status) => list.turnTo(path(status)) });
    return { list, body: section("Recipients to look at", narrow, list.body) };
  }

  previewing() {
    const shown = place({ look: "stack", live: true });
    const act = async () => {
      const { items } = await api.write("POST", `${this.path}/preview`);
      shown.fill(items.length ? rows(items.map(rendered)) : empty("There is nobody in the segment."));
    };
    const ask = button("Show three messages", () => tried(act, saidIn(shown)));
    return { body: section("As people get it", ask, shown.body) };
  }
}

function moving(status, confirmed) {
  return { id: status, method: "PUT", path: "/status", body: { status, ...confirmed } };
}

function delivery({ audience, counts, funnel }) {
  const reached = Object.entries(funnel).map(([state, value]) => ({ name: STATES[state][0], value, words: `${number(value)}${share(value, funnel.sent)}`, doing: "on-track" }));
  const states = Object.entries(STATES).map(([state, [name, doing]]) => ({ name, value: counts[state], words: number(counts[state]), doing }));
  return stack(section("How far messages came", levels("How far messages came", funnel.sent, reached)), section("Where everybody is", paragraph(`${number(audience)} people in all.`, { look: "quiet" }), levels("Where everybody is", audience, states)));
}

/** Return what each variant is sent to and how far its messages came, and which one has won or when that is decided. */
function variants({ variants: sent, winner, winning_variant: won, decides_at: at }, { variants: counted }) {
  const undecided = at ? `It is decided ${minute(at)} which one the rest of the audience gets.` : "The rest of the audience gets the one that wins.";
  return section(
    "Variants",
    winner && !won && paragraph(undecided, { look: "quiet" }),
    rows(
      sent.map(({ name, share: percent, subject }, place) => {
        const { counts, funnel } = counted[place];
        const reached = ["delivered", "opened", "clicked"].map((state) => `${number(funnel[state])} ${state}${share(funnel[state], funnel.sent)}`);
        return row({
          title: name,
          doing: name === won ? "done" : "still",
          words: name === won ? "Has won" : `${number(funnel.sent)} sent`,
          facts: [name === won && `${number(funnel.sent)} sent`, ...reached, counts.failed > 0 && `${number(counts.failed)} failed`, `${percent} %${winner ? " of the test" : ""}`],
          description: subject,
        });
      }),
    ),
  );
}

function share(value, all) {
  return all > 0 ? ` (${Math.floor((value / all) * 100)} %)` : "";
}

function recipients(items) {
  if (items.length === 0) return empty("There are none.");
  return rows(
    items.map(({ lead_id: id, is_erased: erased, status, reason, variant, attempts, updated_at: at, waits_until: until }) =>
      row({
        ...(erased || reason === "erased" ? { title: "Erased or merged lead" } : { title: id, href: `#/leads/${encodeURIComponent(id)}` }),
        doing: STATES[status]?.[1],
        words: status === "skipped" ? (SKIPPED[reason] ?? reason) : [status, reason].filter(Boolean).join(": "),
        facts: [variant && `variant ${variant}`, attempts > 1 && `${attempts} tries`, until && `waits until ${minute(until)}`, moment(at, minute(at))],
      }),
    ),
  );
}

function rendered({ to, lead_id: id, subject, text, sms_parts: parts, variables }) {
  const given = Object.entries(variables);
  return row({ title: subject ?? to ?? id, facts: [to ?? "no address on this channel", parts && `${parts} SMS`], description: text, more: given.length > 0 && terms(given) });
}

function message({ subject, message_template: text, template_name: template }) {
  return disclosure("Its message", {}, subject && heading(subject), paragraph(text, { look: "description" }), template && paragraph(`Approved template: ${template}`, { look: "quiet" }));
}
