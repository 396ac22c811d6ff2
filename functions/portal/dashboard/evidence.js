// Evidence of a milestone: files and links that prove what was done, bringing a file, looking at one, and reviewing it.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { preview } from "./documents.js";
import { standing } from "./naming.js";
import { select } from "./parts/choosing.js";
import { picker, saveFrom } from "./parts/files.js";
import { actions, button, field, form } from "./parts/forms.js";
import { disclosure, place, section, stack } from "./parts/layout.js";
import { row, rows } from "./parts/rows.js";
import { announce, empty } from "./parts/states.js";
import { paragraph } from "./parts/texts.js";
import { may, userId } from "./session.js";
import { tried } from "./trying.js";
import { TYPES, upload } from "./uploads.js";
import { minute, number } from "./words.js";

const STANDING = {
  pending: ["The file is waited for", "urgent"],
  scanning: ["Being looked at", "behind"],
  uploaded: ["There", "on-track"],
  submitted: ["To be reviewed", "behind"],
  verified: ["Verified", "done"],
  rejected: ["Rejected", "overdue"],
  superseded: ["Replaced", "still"],
  expired: ["Expired", "overdue"],
};
const WRONG = { empty: "the file was empty", too_large: "the file was too large", hash_mismatch: "other bytes came than were announced", type_mismatch: "it is not of its type", infected: "malware was found in it", not_scannable: "it cannot be scanned for malware", not_scanned: "it was not scanned for malware in time", review: "" };
const PRESENT = ["uploaded", "submitted", "verified", "superseded", "expired"];
const PREVIEWED = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];

export class Evidence {
  constructor(path, who, changed) {
    this.path = path;
    this.who = who;
    this.changed = changed;
    this.items = [];
    this.commands = new Commands("evidence", changed);
    this.list = place({ look: "stack" });
    this.adding = place({ look: "stack" });
    this.body = section("Evidence", this.list.body, this.commands.refused.body, this.adding.body);
  }

  /** Show evidence, and the form for more where the milestone takes it; the form stays while its questions do. */
  take(items, milestone) {
    this.items = items;
    const wanted = milestone.evidence_requirements;
    const missing = wanted.map((each) => `${each.title}: ${this.counted(each)} of ${each.at_least}${each.wanted === "verified" ? ", verified" : ""}`);
    this.list.fill(
      ...(missing.length ? [paragraph(`Wanted: ${missing.join("; ")}.`)] : []),
      items.length ? rows(items.map((each) => this.piece(each, wanted))) : empty("There is no evidence yet."),
    );
    const takes = may("projects:write") && !["approved", "cancelled"].includes(milestone.status);
    const asked = JSON.stringify([takes, wanted]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.adding.fill(...(takes ? [disclosure("Bring a file", { id: "bring" }, this.bringing(wanted))] : []));
  }

  /** Return how many pieces there are of what is wanted. */
  counted({ key, wanted }) {
    const counting = wanted === "verified" ? ["verified"] : ["uploaded", "submitted", "verified"];
    return this.items.filter((each) => each.requirement === key && counting.includes(each.status)).length;
  }

  piece(shown, wanted) {
    const { kind, url, file_name: name, status, reason, comment, size_bytes: size, uploaded_by: by, created_at: at, requirement } = shown;
    const why = [WRONG[reason], comment].filter(Boolean).join(". ");
    return row({
      title: kind === "link" ? url : name,
      href: kind === "link" ? url : undefined,
      ...standing(status, STANDING),
      facts: [kind === "file" && `${number(Math.ceil(size / 1024))} KB`, wanted.find((each) => each.key === requirement)?.title, `by ${this.who.name(by)}`, minute(at), shown.expires_on && `counts until ${shown.expires_on}`],
      description: [shown.description, why].filter(Boolean).join("\n"),
      more: actions(this.moving(shown)),
    });
  }

  moving({ evidence_id: id, kind, file_name: name, url, status, media_type: type, uploaded_by: by, version }) {
    const isThere = kind === "file" && PRESENT.includes(status);
    const isMine = by === userId();
    const reviewed = ["uploaded", "submitted"].includes(status) && !isMine && may("projects:decide");
    const address = async () => (await api.read(`evidence/${id}/download`)).url;
    const named = (words, label) => ({ label: `${label} ${name ?? url}`, id: `${words.toLowerCase().replace(" ", "-")}-${id}` });
    const act = (words, call, label) => button(words, () => tried(call, this.commands.refused.say), { look: "quiet", ...named(words, label) });
    const told = (words, event, said, more) => this.commands.button(words, { path: `/${id}/${event}`, said: () => said, ...named(words, words), ...more });
    const why = { title: `Turn down ${name ?? "the link"}`, fields: [field("comment", "Why?", { rows: 3, required: true, maxlength: 500 })] };
    return [
      isThere && PREVIEWED.includes(type) && act("Look", () => preview(name, type, address), "Look at"),
      isThere && act("Save", async () => saveFrom(await address()), "Save"),
      status === "uploaded" && isMine && may("projects:write") && told("Submit", "submit", "A review is asked for."),
      reviewed && told("Verify", "verify", "It is verified."),
      reviewed && told("Turn down", "reject", "It is turned down.", why),
      isMine && ["pending", "uploaded", "submitted"].includes(status) && may("projects:write") && told("Delete", "", "It is deleted.", { method: "DELETE", path: `/${id}`, version }),
    ];
  }

  bringing(wanted) {
    const chosen = picker("file", "File", { accept: Object.keys(TYPES).map((ending) => `.${ending}`).join(",") }, "PDF, office files, pictures, text, sound, and archives up to 10 MB; video up to 100 MB.");
    const how = place({ live: true });
    const send = async ({ requirement, description }) => {
      try {
        const piece = await upload(this.path, chosen.file(), { requirement, description }, (words) => how.fill(paragraph(words, { look: "quiet" })));
        await this.changed();
        if (piece.status === "rejected") throw new Error(`The file was not taken: ${WRONG[piece.reason] || piece.reason}.`);
        announce(`${piece.file_name} is there.`);
      } finally {
        how.fill();
      }
    };
    const forWhat = wanted.length > 0 && select("requirement", "What does it prove?", [...wanted.map((each) => [each.key, each.title]), ["", "Something else"]]);
    return stack(form({ label: "Bring it", busy: "Bringing …", send }, chosen.body, forWhat, field("description", "What does it show?", { rows: 2, maxlength: 2000 }, "You may leave this open.")), how.body);
  }
}
