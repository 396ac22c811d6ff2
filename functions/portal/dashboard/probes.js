// The probes of a milestone: what asks about it when, what was answered last, and asking now, pausing and resuming.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { capital, standing } from "./naming.js";
import { actions } from "./parts/forms.js";
import { disclosure, replaceKeeping, section, stack } from "./parts/layout.js";
import { entries, row, rows } from "./parts/rows.js";
import { moment } from "./parts/texts.js";
import { may } from "./session.js";
import { counted, minute } from "./words.js";

const LAST = 5;
const STANDING = { active: ["Asks by itself", "on-track"], paused: ["Paused", "still"], silent: ["Nobody answers", "overdue"] };
const FINAL = new Set(["approved", "cancelled"]);
const UNANSWERED = { open: "Not answered yet", missed: "Not answered", ended: "Ended without an answer" };

export class Probes {
  constructor(who, changed) {
    this.who = who;
    this.commands = new Commands("probes", changed);
    this.body = stack();
  }

  /** Show the probes of a milestone with their last runs; nothing at all if there are none. Throws what the API throws. */
  async take(items, milestone) {
    const runs = await Promise.all(items.map((each) => api.read(`probes/${each.probe_id}/runs?limit=${LAST}`)));
    const isOver = FINAL.has(milestone.status);
    const shown = items.length > 0 && section(
      "Probes",
      rows(items.map((each, at) => this.probe(each, runs[at].items, isOver))),
      this.commands.refused.body,
    );
    this.body = replaceKeeping(this.body, stack(shown));
  }

  probe(shown, runs, isOver) {
    const { probe_id: id, question, kind, call, outside, status, misses, is_silent: isSilent, next_at: next, asked_at: asked, asked_id: whom } = shown;
    const waitsFor = kind === "api" ? "an address" : (outside?.name ?? (whom && this.who.name(whom)));
    return row({
      title: question,
      description: call?.url,
      ...standing(isSilent ? "silent" : status, STANDING),
      facts: [
        scheduled(shown),
        next && !isOver && `next ${minute(next)}`,
        asked && `waits for ${waitsFor} since ${minute(asked)}`,
        misses > 0 && `not answered ${counted(misses, "time")} in a row`,
      ],
      more: [
        runs.length > 0 && disclosure("What was answered last", { id: `runs-${id}` }, entries(runs.map((each) => this.run(each)))),
        !isOver && may("projects:write") && actions(this.buttons(shown)),
      ],
    });
  }

  /** Return the commands that a probe takes now; what the API refuses is said with its reason. */
  buttons({ probe_id: id, kind, question, status, asked_at: asked, version }) {
    // Pausing and resuming have one id, so that the focus stays where it was.
    const command = (event, words, said) => this.commands.button(words, { id: `${event === "run" ? "run" : "going"}-${id}`, label: `${words}: ${question}`, path: `/${id}/${event}`, version, said: () => said });
    return [
      !asked && (kind === "api" ? command("run", "Call now", "It calls.") : command("run", "Ask now", "It is asked.")),
      status === "paused" ? command("resume", "Resume", "It goes on.") : command("pause", "Pause", "It is paused."),
    ].filter(Boolean);
  }

  run({ asked_at: asked, ended_at: ended, outcome, state, progress, comment, answered_by: by }) {
    const answer = outcome === "answered" && [capital(state), progress !== null && `${progress} %`, by && `by ${this.who.name(by)}`];
    return { link: answer ? answer.filter(Boolean).join(", ") : UNANSWERED[outcome], said: comment ?? "", moment: moment(ended ?? asked, minute(ended ?? asked)) };
  }
}

/** Return by which schedule a probe asks. */
function scheduled({ schedule: { cron, every, unit }, time_zone: zone }) {
  return cron ? `cron ${cron}, ${zone}` : `every ${every === 1 ? unit.slice(0, -1) : `${every} ${unit}`}, ${zone}`;
}
