// The escalations of a milestone: what is wrong with it, whom that has come to, and saying that somebody sees to it.

import { Commands } from "./commands.js";
import { capital } from "./naming.js";
import { actions, field } from "./parts/forms.js";
import { disclosure, replaceKeeping, section, stack } from "./parts/layout.js";
import { row, rows } from "./parts/rows.js";
import { may } from "./session.js";
import { minute } from "./words.js";

const OPEN = { pending: ["Nobody sees to it yet", "overdue"], in_progress: ["Somebody sees to it", "behind"] };

export class Escalations {
  constructor(changed) {
    this.commands = new Commands("escalations", changed);
    this.body = stack();
  }

  /** Show the escalations of a milestone; nothing at all if there never was one. */
  take(items) {
    const [open, over] = [items.filter((each) => OPEN[each.status]), items.filter((each) => !OPEN[each.status])];
    const shown = items.length > 0 && section(
      "Escalations",
      open.length > 0 && rows(open.map((each) => this.escalation(each))),
      this.commands.refused.body,
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
        shown.allowed.includes("acknowledge") && this.commands.button("See to it", { id: `acknowledge-${id}`, path: `/${id}/acknowledge`, said: () => "You see to it." }),
        shown.allowed.includes("resolve") && this.commands.button("Resolve", { id: `resolve-${id}`, path: `/${id}/resolve`, said: () => "It is resolved.", title: "Resolve the escalation", fields: [field("resolution", "How is it resolved?", { rows: 3, required: true, maxlength: 500 })] }),
      ),
    });
  }
}
