// Suppressions: the addresses that are not written to, by channel; adding, taking off, import and export.

import * as api from "./api.js";
import { Listed } from "./lists.js";
import { select } from "./parts/choosing.js";
import { openDialog } from "./parts/dialogs.js";
import { save } from "./parts/files.js";
import { button, field, form } from "./parts/forms.js";
import { aside, back, beside, columns, disclosure, head, page, panel, place, section, stack } from "./parts/layout.js";
import { rows } from "./parts/rows.js";
import { announce, empty, refusal } from "./parts/states.js";
import { dots, paragraph } from "./parts/texts.js";
import { may } from "./session.js";
import { REASONS, suppressedRow } from "./suppressed.js";
import { tried } from "./trying.js";
import { counted } from "./words.js";

const PATH = "suppressions";
const CHANNELS = [["email", "E-mail"], ["sms", "SMS"], ["whatsapp", "WhatsApp"]];
// What somebody can say; the others are found out by messages that were sent.
const SAYABLE = ["manual", "unsubscribed", "hard_bounce", "complaint", "imported"];
const DIGEST_LETTERS = 12;
const MOST_SAID = 10;

/** Return the page of suppressions. Throws what the API throws. */
export async function suppressions() {
  const shown = new Suppressions();
  await shown.list.look();
  const heading = head("Not written to", paragraph("Addresses that get no marketing, or nothing at all. They stay here when their leads are gone.", { look: "quiet" }));
  const body = columns(stack(shown.looking(), shown.list.body), aside("More about this list", ...shown.beside()), { even: true });
  return { title: "Not written to", body: page(back("Leads", "#/leads"), heading, body), look: () => shown.list.look() };
}

class Suppressions {
  constructor() {
    this.list = new Listed(PATH, (items) => this.shown(items), "Show more addresses");
  }

  looking() {
    const known = field("known", "Find an address", { maxlength: 320, autocomplete: "off" }, "An e-mail address or a number, exactly. Empty: all of them.");
    return panel(form({ label: "Find", busy: "Looking …", send: (values) => this.find(values) }, known));
  }

  async find({ known = "" }) {
    const path = known ? `${PATH}?${known.includes("@") ? "email" : "phone"}=${encodeURIComponent(known)}` : PATH;
    await this.refusing(path);
    await this.list.turnTo(path);
    announce(`${counted(this.list.items.length, "suppression")} shown.`);
  }

  /** Throw what is refused of an address at the field that it was typed into. */
  async refusing(path) {
    await api.read(path).catch((error) => {
      if (error.errors) error.errors = error.errors.map(({ reason }) => ({ field: "known", reason }));
      throw error;
    });
  }

  shown(items) {
    if (items.length === 0) return empty("No such address is on the list.", { large: true });
    const parts = CHANNELS.map(([channel, words]) => [words, items.filter((each) => each.channel === channel)]);
    return parts.filter(([, found]) => found.length > 0).map(([words, found]) => section(words, rows(found.map((each) => this.row(each)))));
  }

  row(each) {
    const named = each.address ?? `Nobody has it now: ${each.digest.slice(0, DIGEST_LETTERS)}…`;
    const off = may("audience:admin") && button("Take off the list", () => this.confirm(each, named), { look: "quiet", label: `Take off the list: ${named}`, id: each.suppression_id });
    return suppressedRow(each, { named, linked: true, more: off && beside(off) });
  }

  /** Ask why an address is taken off; the audit log keeps the answer. */
  confirm({ suppression_id: id }, named) {
    const reason = field("reason", "Why?", { required: true, maxlength: 200 }, "The audit log keeps it, with your name.");
    const close = openDialog(
      "Take it off the list?",
      paragraph(`${named} may be written to again, whatever the reason was that it is not.`),
      form({ label: "Take it off", busy: "Taking it off …", send: (values) => this.remove(id, values.reason) }, reason),
    );
    this.close = close;
  }

  async remove(id, reason) {
    await api.write("DELETE", `${PATH}/${encodeURIComponent(id)}?reason=${encodeURIComponent(reason)}`);
    this.close();
    await this.list.looked();
    announce("It is off the list.");
  }

  beside() {
    const adding = may("audience:write") && [disclosure("Add an address", { id: "adding" }, this.adding()), disclosure("Import a file", { id: "importing" }, this.importing())];
    const failed = refusal();
    const exported = section("Export", paragraph("The whole list as CSV. Addresses that no lead has are digests.", { look: "quiet" }), button("Export as CSV", () => saved(failed)), failed.body);
    return [...(adding || []), exported];
  }

  adding() {
    return form(
      { label: "Add it", busy: "Adding …", send: (values, key) => this.add(values, key) },
      select("channel", "Channel", CHANNELS),
      field("address", "Address", { required: true, maxlength: 320, autocomplete: "off" }, "An e-mail address, or a number for SMS and WhatsApp."),
      select("reason", "Why?", SAYABLE.map((reason) => [reason, REASONS[reason]])),
      field("topic", "Topic", { maxlength: 40 }, "Of those who unsubscribed: only messages about this. Empty: everything."),
    );
  }

  async add(body, key) {
    await api.write("POST", PATH, { body, key });
    await this.list.looked();
    announce("It is on the list.");
  }

  importing() {
    const said = place({ look: "stack", live: true });
    const taken = async ({ target }) => {
      const [file] = target.files;
      if (file) said.fill(...(await this.import(await file.text())));
      target.value = "";
    };
    const hint = "CSV with the columns channel, address, reason and topic, 1,000 rows at most. A row that comes twice is once.";
    return stack(field("rows", "File", { type: "file", accept: ".csv,text/csv", on: { change: taken } }, hint), said.body);
  }

  /** Import a sheet, and return what to say of it. */
  async import(sheet) {
    try {
      const { results } = await api.write("POST", `${PATH}/import`, { body: sheet });
      const of = (result) => results.filter((each) => each.result === result);
      await this.list.looked();
      const wrong = of("invalid");
      const named = wrong.slice(0, MOST_SAID).map(({ row, reason }) => `Row ${row}: ${reason}`);
      return [paragraph(`${of("added").length} added, ${of("unchanged").length} there already, ${wrong.length} not taken.`), named.length > 0 && dots(named)];
    } catch (error) {
      return error.silent ? [] : [refusal(error.message).body];
    }
  }
}

async function saved(failed) {
  await tried(async () => save("suppressions.csv", await api.sheet(`${PATH}/export`)), failed.say);
}
