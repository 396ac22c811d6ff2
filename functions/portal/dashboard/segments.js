// Segments: those of the tenant, and one with its rule, which is built while the number of people in it is counted.

import * as api from "./api.js";
import { Builder } from "./building.js";
import { Listed } from "./lists.js";
import { openDialog } from "./parts/dialogs.js";
import { button, field, form, keys } from "./parts/forms.js";
import { aside, back, columns, head, page, place, section, stack } from "./parts/layout.js";
import { card, cards, row, rows } from "./parts/rows.js";
import { announce, empty, refusal } from "./parts/states.js";
import { link, moment, paragraph } from "./parts/texts.js";
import { may } from "./session.js";
import { asking } from "./typing.js";
import { minute, number } from "./words.js";

const MOST = 100;
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
  const title = known?.name ?? "New segment";
  const below = known && may("audience:send") && link("New campaign to it", `#/campaigns/from/${encodeURIComponent(id)}`);
  const body = columns(stack(shown.builder.body, may("audience:write") && shown.saving()), shown.aside, { even: true });
  shown.changed();
  return { title, body: page(back("Segments", "#/segments"), head(title, below), body) };
}

function shown(items) {
  if (items.length === 0) return empty("There are no segments yet.", { large: true });
  return cards(items.map(({ segment_id: id, name, updated_at: at, time_zone: zone }) => card({ title: name, href: `#/segments/${encodeURIComponent(id)}`, id, facts: [`days of ${zone}`, moment(at, `changed ${minute(at)}`)] })));
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
    this.builder = new Builder(known?.rule_ast, others, () => this.changed());
    this.aside = aside("Who is in it now", section("Who is in it now", this.found.body));
    this.found.fill(paragraph("They are being counted.", { look: "quiet" }));
    this.zone = known?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  changed() {
    this.ask({ rule_ast: this.builder.rule(), time_zone: this.zone });
  }

  turnTo(zone) {
    this.zone = zone;
    this.changed();
  }

  count({ count, sample, warnings }) {
    this.builder.say(warnings.map(({ path, detail }) => ({ path, words: detail, note: true })));
    const people = `${number(count)} ${count === 1 ? "person" : "people"}`;
    const rest = count > sample.length ? `These are ${sample.length} of them.` : "";
    this.found.fill(paragraph(people, { look: "figure" }), rows(sample.map(person)), paragraph(rest, { look: "quiet" }));
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
    try {
      await api.write("DELETE", this.path, { version: this.known.version });
      location.hash = "#/segments";
    } catch (error) {
      if (!error.silent) this.gone.say(error.message);
    }
  }
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
