// Evidence of a milestone: files and links that prove what was done, bringing a file, looking at one, and reviewing it.

import * as api from "./api.js";
import { capital } from "./naming.js";
import { select } from "./parts/choosing.js";
import { openDialog } from "./parts/dialogs.js";
import { picker, saveFrom } from "./parts/files.js";
import { actions, button, field, form } from "./parts/forms.js";
import { disclosure, place, section, stack } from "./parts/layout.js";
import { imagePreview, pdfPreview } from "./parts/previews.js";
import { row, rows } from "./parts/rows.js";
import { announce, empty, loading, refusal } from "./parts/states.js";
import { paragraph } from "./parts/texts.js";
import { may, userId } from "./session.js";
import { TYPES, fetchFile, upload } from "./uploads.js";
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
    this.refused = refusal();
    this.list = place({ look: "stack" });
    this.adding = place({ look: "stack" });
    this.body = section("Evidence", this.list.body, this.refused.body, this.adding.body);
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
    const [words, doing] = STANDING[status] ?? [capital(status), "still"];
    const why = [WRONG[reason], comment].filter(Boolean).join(". ");
    return row({
      title: kind === "link" ? url : name,
      href: kind === "link" ? url : undefined,
      doing,
      words,
      facts: [kind === "file" && `${number(Math.ceil(size / 1024))} KB`, wanted.find((each) => each.key === requirement)?.title, `by ${this.who.name(by)}`, minute(at), shown.expires_on && `counts until ${shown.expires_on}`],
      description: [shown.description, why].filter(Boolean).join("\n"),
      more: actions(this.commands(shown)),
    });
  }

  commands(shown) {
    const { evidence_id: id, kind, file_name: name, status, media_type: type, uploaded_by: by } = shown;
    const isThere = kind === "file" && PRESENT.includes(status);
    const isMine = by === userId();
    const reviewed = ["uploaded", "submitted"].includes(status) && !isMine && may("projects:decide");
    const act = (words, call, label) => button(words, () => this.tried(call), { look: "quiet", label: `${label} ${name ?? shown.url}`, id: `${words.toLowerCase()}-${id}` });
    return [
      isThere && PREVIEWED.includes(type) && act("Look", () => this.preview(shown), "Look at"),
      isThere && act("Save", async () => saveFrom((await api.read(`evidence/${id}/download`)).url), "Save"),
      status === "uploaded" && isMine && may("projects:write") && act("Submit", () => this.said(id, "submit", "A review is asked for."), "Submit"),
      reviewed && act("Verify", () => this.said(id, "verify", "It is verified."), "Verify"),
      reviewed && act("Turn down", () => this.turnDown(shown), "Turn down"),
      isMine && ["pending", "uploaded", "submitted"].includes(status) && may("projects:write") && act("Delete", () => this.removed(shown), "Delete"),
    ].filter(Boolean);
  }

  async said(id, word, words, body) {
    await api.write("POST", `evidence/${id}/${word}`, { body, key: crypto.randomUUID() });
    await this.changed();
    announce(words);
  }

  async removed({ evidence_id: id, version }) {
    await api.write("DELETE", `evidence/${id}`, { version });
    await this.changed();
    announce("It is deleted.");
  }

  turnDown({ evidence_id: id, file_name: name }) {
    const send = async ({ comment }) => {
      await this.said(id, "reject", "It is turned down.", { comment });
      close();
    };
    const close = openDialog(`Turn down ${name ?? "the link"}`, form({ label: "Turn it down", busy: "Sending …", send }, field("comment", "Why?", { rows: 3, required: true, maxlength: 500 })));
  }

  /** Show a picture or a PDF. It is shown as the type that was looked at, whatever the bucket calls it. */
  async preview({ evidence_id: id, file_name: name, media_type: type }) {
    const shown = place({ live: true });
    shown.fill(loading("The file is being fetched."));
    openDialog(name, shown.body);
    try {
      const bytes = await fetchFile((await api.read(`evidence/${id}/download`)).url);
      shown.fill(type === "application/pdf" ? pdfPreview(bytes, name) : imagePreview(bytes, type, name));
    } catch (error) {
      if (!error.silent) shown.fill(refusal(error.message).body);
    }
  }

  async tried(call) {
    this.refused.say("");
    try {
      await call();
    } catch (error) {
      if (!error.silent) this.refused.say(error.message);
    }
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
