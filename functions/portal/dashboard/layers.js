// The layers that decide on a milestone: who is asked, who has decided what, when and why; and deciding, by keyboard too.

import * as api from "./api.js";
import { Commands } from "./commands.js";
import { money } from "./money.js";
import { capital, standing } from "./naming.js";
import { openDialog } from "./parts/dialogs.js";
import { actions, button, field, form } from "./parts/forms.js";
import { disclosure, replaceKeeping, section, stack } from "./parts/layout.js";
import { entries, row, rows, terms, tick, ticks } from "./parts/rows.js";
import { announce, empty } from "./parts/states.js";
import { moment, paragraph } from "./parts/texts.js";
import { may, userId } from "./session.js";
import { principals } from "./standing_in.js";
import { counted, minute } from "./words.js";

const WRITABLE = "input, textarea, select, [contenteditable]";
const CHOICES = { approve: ["Approve", "a", "primary"], reject: ["Reject", "r", "quiet"] };
const LINK_MAILS = { bounced: "; the mail with their link did not arrive", complained: "; the mail with their link was marked as spam" };
const STANDING = { waiting: ["Waits for the level below", "still"], open: ["Open", "behind"], approved: ["Approved", "done"], rejected: ["Rejected", "overdue"], skipped: ["Skipped", "still"], withdrawn: ["Withdrawn", "still"] };

export class Layers {
  /** `given` is what who is signed in may decide for others, as `standing_in.js` returns it. */
  constructor(who, given, changed) {
    this.who = who;
    this.given = given;
    this.changed = changed;
    this.commands = new Commands("verifications", changed);
    this.body = stack();
    this.mine = null;
    let wasShown = false;
    const pressed = (event) => {
      wasShown ||= this.body.isConnected;
      if (this.body.isConnected) this.press(event);
      else if (wasShown) removeEventListener("keydown", pressed);
    };
    addEventListener("keydown", pressed);
  }

  /** Show the layers of a milestone, as `GET …/verifications` answers them. */
  take(found, milestone) {
    this.subject = found.subject;
    this.principals = principals(this.given, milestone);
    const now = found.items.filter((each) => each.attempt === found.attempt);
    const before = found.items.filter((each) => each.attempt < found.attempt);
    this.mine = now.flatMap((each) => this.seats(each))[0] ?? null;
    const keys = this.mine && paragraph("Keys on this page: A approves, R rejects. Each asks first.", { look: "quiet" });
    const shown = section(
      "Who approves it",
      now.length ? rows(now.map((each) => this.layer(each))) : empty(before.length ? "This attempt is not submitted yet." : "No layer has been opened. Without a policy it is verified once it is complete."),
      keys,
      this.commands.refused.body,
      before.length > 0 && disclosure("Earlier attempts", { id: "earlier" }, rows(before.map((each) => this.layer(each)))),
    );
    this.body = replaceKeeping(this.body, shown);
  }

  layer(shown) {
    return row({
      title: shown.name,
      ...standing(shown.status, STANDING),
      ...(shown.is_stalled && shown.status === "open" && { words: "Open, but too few people are left" }),
      facts: [
        `level ${shown.level}`,
        asked(shown),
        `${shown.approving_weight} of ${shown.needed_weight} given`,
        !shown.required && "advice only",
        shown.due_at && shown.status === "open" && `due ${minute(shown.due_at)}`,
        shown.carried_from && "carried over",
      ],
      more: [entries(this.said(shown)), this.seats(shown).map((each) => this.deciding(each)), mayWithdraw(shown) && this.withdrawing(shown)],
    });
  }

  /** Return what everybody whom a layer asks has said. */
  said({ seats, decisions }) {
    return seats.flatMap(({ user_id: id, name: outside, weight, is_struck: isStruck, link_mail: trouble }) => {
      const name = `${outside ?? capital(this.who.name(id))}${weight > 1 ? `, weight ${weight}` : ""}`;
      const own = decisions.filter((each) => each.user_id === id);
      if (own.length === 0) return [{ link: name, said: isStruck ? "may not decide any more" : `not decided yet${LINK_MAILS[trouble] ?? ""}` }];
      return own.map(({ decision, at, actor, reason, score, is_withdrawn: isWithdrawn }) => {
        const by = actor !== id && `by ${this.who.name(actor)}`;
        const what = [decision === "approve" ? "approved" : "rejected", by, score !== null && `score ${score}`, isWithdrawn && "taken back"].filter(Boolean).join(", ");
        return { link: name, said: reason ? `${what}: ${reason}` : what, moment: moment(at, minute(at)) };
      });
    });
  }

  /** Return the seats of a layer for which who is signed in decides now: their own, or those of others. */
  seats(layer) {
    const { status, seats, decisions } = layer;
    const counting = decisions.filter((each) => !each.is_withdrawn);
    if (status !== "open" || !may("projects:decide") || counting.some((each) => each.actor === userId())) return [];
    const free = seats.filter((each) => !each.is_struck && !counting.some((other) => other.user_id === each.user_id)).map((each) => each.user_id);
    if (free.includes(userId())) return [{ layer, principal: null }];
    return this.principals.filter((each) => free.includes(each)).map((principal) => ({ layer, principal }));
  }

  deciding(seat) {
    const { layer, principal } = seat;
    const buttons = Object.entries(CHOICES).map(([choice, [words, key, look]]) =>
      button(`${words}${this.place(principal)}`, () => this.decide(seat, choice), { look, id: `decide-${choice}${principal ?? ""}`, label: `${words} ${layer.name}${this.place(principal)}`, key }),
    );
    return actions(buttons);
  }

  place(principal) {
    return principal ? ` for ${this.who.name(principal)}` : "";
  }

  /** Open what the keys A and R open, unless somebody is typing. */
  press(event) {
    const isTyping = event.target.closest?.(WRITABLE) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    const choice = Object.keys(CHOICES).find((each) => CHOICES[each][1] === event.key.toLowerCase());
    if (!choice || !this.mine || isTyping || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.decide(this.mine, choice);
  }

  /** Ask for what a decision takes, beside what it is about, and send it. */
  decide({ layer: shown, principal }, choice) {
    const [words] = CHOICES[choice];
    const checked = new Set();
    const points = shown.checklist.map((point, place) => tick({ id: `point-${place}`, title: point, facts: [], change: (box) => (box.checked ? checked.add(point) : checked.delete(point)) }));
    const isApproval = choice === "approve";
    const send = async ({ reason, score }, key) => {
      const body = { decision: choice, subject_digest: shown.subject_digest, checklist: [...checked], ...(reason && { reason }), ...(score && { score: Number(score) }), ...(principal && { on_behalf_of: principal }) };
      try {
        await api.write("POST", `verifications/${shown.verification_id}/decisions`, { body, key: `${key}-${checked.size}` });
      } catch (error) {
        // What was decided on may be another by now: whoever tries again sees that.
        if (error.status === 409) await this.changed();
        throw error;
      }
      close();
      await this.changed();
      document.querySelector("main h1").focus();
      announce(isApproval ? "You have approved it." : "You have rejected it.");
    };
    const close = openDialog(
      `${words}${this.place(principal)}: ${shown.name}`,
      this.about(),
      isApproval && points.length > 0 && ticks(points, ""),
      form(
        { label: words, busy: "Sending …", send },
        isApproval && shown.min_score !== null && field("score", "Score", { type: "number", min: 0, max: 100, required: true }, `${shown.min_score} at least, of 100.`),
        field("reason", isApproval ? "Comment" : "Why?", { rows: 3, maxlength: 500, required: !isApproval, autofocus: !isApproval }, isApproval ? "You may leave this open." : "Everybody who sees the milestone reads it."),
      ),
    );
  }

  /** Return what is under review. */
  about() {
    const { amount_minor_units: amount, currency, completion_criteria: criteria, evidence, attempt } = this.subject;
    return terms(
      [
        ["Attempt", String(attempt)],
        ["Amount", amount !== null && money(amount, currency)],
        ["Criteria", criteria.map((each) => each.text).join("; ")],
        ["Evidence", evidence.length > 0 && evidence.map((each) => each.file_name ?? each.url).join("; ")],
      ],
      { inline: true },
    );
  }

  withdrawing({ verification_id: id }) {
    return actions(this.commands.button("Take my decision back", { id: `withdraw-${id}`, path: `/${id}/withdraw`, said: () => "Your decision does not count any more." }));
  }
}

function asked({ mode, seats, needed_weight: needed, order }) {
  const people = counted(seats.filter((each) => !each.is_struck).length, "person").replace(/persons$/, "people");
  const rule = { any: `any of ${people}`, all: `all of ${people}`, quorum: `a weight of ${needed} of ${people}` }[mode];
  return order === "sequential" ? `${rule}, one after the other` : rule;
}

function mayWithdraw({ status, decisions }) {
  return status === "open" && may("projects:decide") && decisions.some((each) => each.actor === userId() && !each.is_withdrawn);
}
