// The escalations of a milestone: what is wrong with it, whom that has come to, and saying that somebody sees to it.

import * as api from "./api.js";
import { capital } from "./naming.js";
import { openDialog } from "./parts/dialogs.js";
import { actions, button, field, form } from "./parts/forms.js";
import { disclosure, replaceKeeping, section, stack } from "./parts/layout.js";
import { row, rows } from "./parts/rows.js";
import { announce, refusal } from "./parts/states.js";
import { may } from "./session.js";
import { minute } from "./words.js";

const OPEN = { pending: ["Nobody sees to it yet", "overdue"], in_progress: ["Somebody sees to it", "behind"] };

export class Escalations {
  constructor(changed) {
    this.changed = changed;
    this.refused = refusal();
    this.body = stack();
  }

  /** Show the escalations of a milestone; nothing at all if there never was one. */
  take(items) {
    const [open, over] = [items.filter((each) => OPEN[each.status]), items.filter((each) => !OPEN[each.status])];
    const shown = items.length > 0 && section(
      "Escalations",
      open.length > 0 && rows(open.map((each) => this.escalation(each))),
      this.refused.body,
      over.length > 0 && disclosure("Those that are over", { id: "escalations-over" }, rows(over.map((each) => this.escalation(each)))),
    );
    this.body = replaceKeeping(this.body, stack(shown));
  }

  escalation(shown) {
    const { escalation_id: id, kind, severity, status, reason_code: why, level, due_at: due, trigger, blocks_work: blocks, details, resolution } = shown;
    const [words, doing] = OPEN[status] ?? [capital(status), "done"];
    const isOpen = Boolean(OPEN[status]);
    return row({
      title: trigger ? capital(trigger) : capital(kind),
      description: [details, resolution].filter(Boolean).join("\n"),
      doing,
      words,
      facts: [`${severity}, level ${level}`, why.replaceAll("_", " "), isOpen && blocks && "stops the work", isOpen && `due ${minute(due)}`],
      more: isOpen && may("projects:write") && actions(
        shown.allowed.includes("acknowledge") && button("See to it", () => this.act(id, "acknowledge"), { look: "quiet", id: `acknowledge-${id}` }),
        shown.allowed.includes("resolve") && button("Resolve", () => this.resolve(id), { look: "quiet", id: `resolve-${id}` }),
      ),
    });
  }

  async act(id, what, body) {
    this.refused.say("");
    try {
      await api.write("POST", `escalations/${id}/${what}`, { body, key: crypto.randomUUID() });
      await this.changed();
    } catch (error) {
      if (!error.silent) this.refused.say(error.message);
    }
  }

  resolve(id) {
    const send = async ({ resolution }, key) => {
      await api.write("POST", `escalations/${id}/resolve`, { body: { resolution }, key });
      close();
      await this.changed();
      announce("It is resolved.");
    };
    const how = field("resolution", "How is it resolved?", { rows: 3, required: true, maxlength: 500 });
    const close = openDialog("Resolve the escalation", form({ label: "Resolve", busy: "Sending …", send }, how));
  }
}
