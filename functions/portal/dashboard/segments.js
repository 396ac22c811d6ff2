// Segments: those of the tenant, and one with its rule, which is built while the number of people in it is counted.

import * as api from "./api.js";
import { Builder } from "./building.js";
import { Listed } from "./lists.js";
import { dayBars } from "./parts/days.js";
import { openDialog } from "./parts/dialogs.js";
import { button, field, form, keys } from "./parts/forms.js";
import { aside, back, columns, head, page, place, replaceKeeping, section, stack } from "./parts/layout.js";
import { furtherWords } from "./parts/pictures.js";
import { card, cards, row, rows, terms } from "./parts/rows.js";
import { announce, empty, refusal } from "./parts/states.js";
import { link, moment, paragraph } from "./parts/texts.js";
import { nodeWords, ruleWords } from "./rule_words.js";
import { may } from "./session.js";
import { tried } from "./trying.js";
import { asking } from "./typing.js";
import { clock, counted, minute, number } from "./words.js";

const MOST = 100;
const DAYS = 30;
const PAUSE_MS = 400;
const NAME = { required: true, maxlength: 200 };

/** Return the page of all segments. Throws what the API throws. */
export async function segments() {
  const list = new Listed("segments", shown, "Show more segments");
  await list.look();
  const heading = head("Segments", paragraph("Rules; who satisfies one is in it.", { look: "quiet" }), may("audience:write") && link("New segment", "#/segments/new"));
  return { title: "Segments", body: page(heading, list.body), look: () => list.look() };
}

/** Return the page of a segment, or without an id of a new one. Throws what the API throws. */
export async function segment(id) {
  const path = id && `segments/${encodeURIComponent(id)}`;
  const [known, { items }] = await Promise.all([path && api.read(path), api.read(`segments?limit=${MOST}`)]);
  const shown = new Segment(path, known, items.filter((each) => each.segment_id !== id));
  const days = known && new Days(path);
  const title = known?.name ?? "New segment";
  const below = known && may("audience:send") && link("New campaign to it", `#/campaigns/from/${encodeURIComponent(id)}`);
  const main = stack(shown.builder.body, may("audience:write") && shown.saving());
  const body = columns(main, stack(shown.aside, days && section("Members by day", days.body)), { even: true });
  shown.changed();
  // What it had on other days is nothing that anybody waits for; what fails is looked for again.
  days?.look().catch(() => {});
  return { title, body: page(back("Segments", "#/segments"), head(title, shown.words.body, below), body), look: days && (() => days.look()) };
}

function shown(items) {
  if (items.length === 0) return empty("There are no segments yet.", { large: true });
  const names = items.map(({ segment_id: id, name }) => [id, name]);
  return cards(
    items.map(({ segment_id: id, name, rule_ast: rule, updated_at: at, time_zone: zone }) =>
      card({ title: name, href: `#/segments/${encodeURIComponent(id)}`, id, description: ruleWords(rule, names), facts: [`days of ${zone}`, moment(at, `changed ${minute(at)}`)] }),
    ),
  );
}

class Segment {
  constructor(path, known, others) {
    this.path = path;
    this.known = known;
    this.keyOf = keys();
    this.ask = asking(
      (wanted, signal) => api.write("POST", "segments/preview", { body: wanted, signal }),
      (found) => this.count(found),
      (error) => this.refuse(error),
      PAUSE_MS,
    );
    this.found = place({ look: "stack", live: true });
    this.words = place();
    this.builder = new Builder(known?.rule_ast, others, () => this.changed());
    this.aside = aside("Who is in it now", section("Who is in it now", this.found.body));
    this.found.fill(paragraph("They are being counted.", { look: "quiet" }));
    this.zone = known?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  changed() {
    this.words.fill(paragraph(nodeWords(this.builder.root, this.builder.segments), { look: "quiet" }));
    this.ask({ rule_ast: this.builder.rule(), time_zone: this.zone });
  }

  turnTo(zone) {
    this.zone = zone;
    this.changed();
  }

  count({ count, sample, as_of: at, lag_seconds: lag, warnings }) {
    this.builder.say(warnings.map(({ path, detail }) => ({ path, words: detail, note: true })));
    const people = `${number(count)} ${count === 1 ? "person" : "people"}`;
    const rest = count > sample.length ? `These are ${sample.length} of them.` : "";
    const when = moment(at, `Counted at ${clock(at)}.${lag > 0 ? ` The newest change it knows of is ${aged(at, lag)}.` : ""}`);
    this.found.fill(paragraph(people, { look: "figure" }), paragraph(when, { look: "quiet" }), rows(sample.map(person)), paragraph(rest, { look: "quiet" }));
  }

  /** Show a refusal at the node that it names, else instead of the count. */
  refuse(error) {
    if (error.silent) return;
    this.builder.say(error.path ? [{ path: error.path, words: said(error) }] : []);
    this.found.fill(paragraph(error.path ? "Nobody is counted until the rule is right." : error.message, { look: "quiet" }));
  }

  saving() {
    const zones = field("time_zone", "Time zone", { value: this.zone, required: true, on: { change: (event) => this.turnTo(event.target.value.trim()) } }, "Whose days and months dates of the rule are.");
    const name = field("name", "Name", { ...NAME, value: this.known?.name });
    const more = this.known ? [button("Delete the segment", () => this.confirmDeleting(), { look: "quiet" })] : [];
    this.gone = refusal();
    return section("Keep it", form({ label: this.known ? "Save" : "Make the segment", busy: "Saving …", send: (values) => this.save(values), more }, name, zones), this.gone.body);
  }

  async save({ name, time_zone: zone }) {
    const body = { name, time_zone: zone, rule_ast: this.builder.rule() };
    try {
      const kept = this.known ? await api.write("PUT", this.path, { body, version: this.known.version }) : await api.write("POST", "segments", { body, key: this.keyOf(JSON.stringify(body)) });
      announce(`${kept.name} is kept.`);
      const there = `#/segments/${encodeURIComponent(kept.segment_id)}`;
      if (location.hash === there) dispatchEvent(new Event("hashchange"));
      else location.hash = there;
    } catch (error) {
      if (error.path) this.builder.say([{ path: error.path, words: said(error) }]);
      throw error;
    }
  }

  confirmDeleting() {
    const close = openDialog(
      `Delete ${this.known.name}?`,
      paragraph("Nobody in it is deleted. One that a campaign or another segment uses stays."),
      button("Delete it", () => (close(), this.remove()), { look: "primary" }),
    );
  }

  async remove() {
    await tried(async () => {
      await api.write("DELETE", this.path, { version: this.known.version });
      location.hash = "#/segments";
    }, this.gone.say);
  }
}

/** How many people a segment had on each of the latest days, as a drawing and in words. */
class Days {
  constructor(path) {
    this.path = `${path}/chart?days=${DAYS}`;
    this.body = stack();
  }

  async look() {
    const { days } = await api.read(this.path);
    const seen = JSON.stringify(days);
    if (seen === this.seen) return;
    this.seen = seen;
    this.body = replaceKeeping(this.body, stack(days.length ? dayCounts(days) : empty("It is counted for the first time within an hour.")));
  }
}

function dayCounts(days) {
  const [first, last] = [days[0], days.at(-1)];
  const counts = days.map(({ count }) => count);
  const most = Math.max(...counts);
  const change = last.count - first.count;
  const than = days.length === 1 ? "" : change === 0 ? `, as many as on ${first.day}` : `, ${number(Math.abs(change))} ${change > 0 ? "more" : "fewer"} than on ${first.day}`;
  const words = `${number(last.count)} on ${last.day}${than}.`;
  const shown = days.map(({ day, count }) => ({ count, words: `${day}: ${number(count)}` }));
  const drawing = dayBars({ label: `The last ${DAYS} days: ${words}`, days: shown, most: DAYS, scale: `${number(most)} at most`, ends: [`${DAYS} days`, last.day] });
  const list = terms(days.toReversed().map(({ day, count }) => [day, number(count)]), { inline: true });
  return [paragraph(words), drawing, furtherWords("As a list", list)];
}

/** Return the reason of a refusal without the name of the fault and the path, which stand at the node. */
function said({ errors, message }) {
  const reason = errors[0]?.reason.split(": ").slice(1).join(": ") || message;
  return `${reason[0].toUpperCase()}${reason.slice(1)}.`;
}

function person({ lead_id: id, name, emails, phones, external_id: known }) {
  const address = emails[0] ?? phones[0] ?? known;
  return row({ title: name ?? address ?? id, href: `#/leads/${encodeURIComponent(id)}`, facts: [name && address] });
}

/** Return how old a change was `seconds` before an instant: in words within an hour, later as its own instant. */
function aged(at, seconds) {
  if (seconds < 60) return `${counted(seconds, "second")} old`;
  if (seconds < 3600) return `${counted(Math.floor(seconds / 60), "minute")} old`;
  return `of ${minute(new Date(Date.parse(at) - seconds * 1000).toISOString())}`;
}
