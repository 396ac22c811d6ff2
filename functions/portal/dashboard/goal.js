// The page of a goal: how far it is, its tasks to tick off, how it came here, and when it will be done.

import * as api from "./api.js";
import { chart } from "./chart.js";
import { goalHead } from "./goal_card.js";
import { sharing } from "./links.js";
import { actions, button, field, form, keys } from "./parts/forms.js";
import { aside, back, columns, disclosure, page, panel, replaceKeeping } from "./parts/layout.js";
import { terms } from "./parts/rows.js";
import { announce, refusal } from "./parts/states.js";
import { may } from "./session.js";
import { Tasks, rowOf } from "./tasks.js";

const ACTIONS = {
  active: [["complete", "Complete the goal"], ["pause", "Pause"], ["archive", "Archive"]],
  paused: [["resume", "Go on"], ["complete", "Complete the goal"], ["archive", "Archive"]],
  completed: [["reopen", "Reopen"], ["archive", "Archive"]],
  archived: [["reopen", "Bring back"]],
};

/** Return the page of a goal, with the focus on a task of it if one is named. Throws what the API throws. */
export async function goal(goalId, taskId) {
  const [shown, tasks] = await Promise.all([api.read(`goals/${goalId}`), api.read(`goals/${goalId}/tasks?limit=100`)]);
  const opened = new GoalPage(shown, tasks);
  if (taskId) await opened.tasks.reach(taskId);
  return { title: shown.title, body: opened.body, look: () => opened.look(), focus: taskId && rowOf(taskId) };
}

/** What is shown of a goal; each part is made anew only when it has changed. */
class GoalPage {
  constructor(shown, tasks) {
    this.goal = shown;
    this.seen = shown.version;
    this.path = `goals/${shown.goal_id}`;
    this.tasks = new Tasks(shown, tasks, () => this.refresh());
    this.chart = chart(this.path, shown.title);
    this.head = goalHead(shown);
    this.about = this.describe();
    this.change = this.changing();
    const more = aside("More about this goal", this.chart.body, this.about, this.change);
    this.body = page(back("Your goals", "#/"), this.head, columns(this.tasks.body, more, { even: true }));
    this.chart.draw();
  }

  /** Look whether somebody has changed the goal elsewhere. */
  async look() {
    const before = this.seen;
    const changed = await this.refresh();
    if (this.seen !== before) announce(`Changed elsewhere: ${changed.progress.progress_text}.`);
  }

  /** Show the goal as it is now, and return it; its tasks and its chart are asked for only when it has changed. */
  async refresh() {
    const now = await api.read(this.path);
    this.goal = now;
    this.head = replaceKeeping(this.head, goalHead(now));
    if (now.version !== this.seen) {
      await this.tasks.reload(now);
      this.seen = now.version;
      this.about = replaceKeeping(this.about, this.describe());
      // Whoever is about to change the goal is not interrupted.
      if (!this.change.open) this.change = replaceKeeping(this.change, this.changing());
      this.chart.draw();
    }
    return now;
  }

  get isMine() {
    return this.goal.role === "owner" && may("goals:write");
  }

  describe() {
    return panel(facts(this.goal), this.isMine && this.actions(), this.isMine && sharing(this.goal));
  }

  /** Return the form that changes the goal; a change that somebody else has made meanwhile is not overwritten unseen. */
  changing() {
    const { title, description, deadline } = this.goal;
    let { version } = this.goal;
    const send = async (values) => {
      const body = { title: values.title, description: values.description ?? null, deadline: values.deadline ?? null };
      try {
        await api.write("PATCH", this.path, { body, version });
      } catch (error) {
        if (error.status === 412) ({ version } = await this.refresh());
        throw error;
      }
      this.change.open = false;
      await this.refresh();
      announce("The goal is changed.");
    };
    const filled = form(
      { label: "Change it", busy: "Changing …", send },
      field("title", "Title", { required: true, minlength: 3, maxlength: 100, value: title }),
      field("deadline", "By when?", { type: "date", value: deadline }),
      field("description", "What will be true then?", { rows: 3, maxlength: 500, value: description }),
    );
    return disclosure("Change this goal", { id: "change", hidden: !this.isMine }, filled);
  }

  actions() {
    const refused = refusal();
    const keyOf = keys();
    const act = async (action) => {
      refused.say("");
      try {
        await api.write("POST", `${this.path}/${action}`, { key: keyOf(`${action} ${this.goal.version}`) });
        await this.refresh();
        announce(`This goal is ${this.goal.status} now.`);
      } catch (error) {
        refused.say(error.message);
      }
    };
    const buttons = ACTIONS[this.goal.status].map(([action, words]) => button(words, () => act(action), { id: `goal-${action}` }));
    return actions(buttons, refused.body);
  }
}

function facts(shown) {
  const { task, time } = shown.weights;
  return terms([
    ["Started", shown.start_text],
    ["Due", shown.deadline_text && `${shown.deadline_text}, at the end of the day in ${shown.time_zone}`],
    ["Counts", shown.deadline ? `tasks ${task} %, time ${time} %` : "tasks alone"],
    ["Category", shown.category],
    ["Tags", shown.tags.join(", ")],
    ["Shared with you", shown.role !== "owner" && `as ${shown.role}`],
  ]);
}
