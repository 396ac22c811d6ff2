// The page of a goal: how far it is, its tasks to tick off, how it came here, and when it will be done.

import * as api from "./api.js";
import { chart } from "./chart.js";
import { announce, element, replaceKeeping } from "./elements.js";
import { field, form, keys } from "./forms.js";
import { sharing } from "./links.js";
import { progressLine } from "./progress_line.js";
import { may } from "./session.js";
import { Tasks } from "./tasks.js";
import { due, health, pace, tasksDone } from "./words.js";

const ACTIONS = {
  active: [["complete", "Complete the goal"], ["pause", "Pause"], ["archive", "Archive"]],
  paused: [["resume", "Go on"], ["complete", "Complete the goal"], ["archive", "Archive"]],
  completed: [["reopen", "Reopen"], ["archive", "Archive"]],
  archived: [["reopen", "Bring back"]],
};

/** Return the page of a goal. Throws what the API throws. */
export async function goal(goalId) {
  const [shown, tasks] = await Promise.all([api.read(`goals/${goalId}`), api.read(`goals/${goalId}/tasks?limit=100`)]);
  const page = new GoalPage(shown, tasks);
  return { title: shown.title, body: page.body, look: () => page.look() };
}

/** What is shown of a goal; each part is made anew only when it has changed. */
class GoalPage {
  constructor(shown, tasks) {
    this.goal = shown;
    this.seen = shown.version;
    this.path = `goals/${shown.goal_id}`;
    this.tasks = new Tasks(shown, tasks, () => this.refresh());
    this.chart = chart(this.path, shown.title);
    this.head = head(shown);
    this.about = this.describe();
    this.change = this.changing();
    this.body = element(
      "div",
      { class: "page" },
      element("a", { href: "#/", class: "back" }, "Your goals"),
      this.head,
      element("div", { class: "columns even" }, this.tasks.body, element("aside", { class: "stack", "aria-label": "More about this goal" }, this.chart.body, this.about, this.change)),
    );
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
    this.head = replaceKeeping(this.head, head(now));
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
    return element("div", { class: "panel" }, facts(this.goal), this.isMine && this.actions(), this.isMine && sharing(this.goal));
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
    return element("details", { class: "setting", hidden: !this.isMine }, element("summary", { id: "change" }, "Change this goal"), filled);
  }

  actions() {
    const wrong = element("p", { class: "wrong", role: "alert" });
    const keyOf = keys();
    const act = async (action) => {
      wrong.textContent = "";
      try {
        await api.write("POST", `${this.path}/${action}`, { key: keyOf(`${action} ${this.goal.version}`) });
        await this.refresh();
        announce(`This goal is ${this.goal.status} now.`);
      } catch (error) {
        wrong.textContent = error.message;
      }
    };
    const buttons = ACTIONS[this.goal.status].map(([action, words]) =>
      element("button", { type: "button", id: `goal-${action}`, on: { click: () => act(action) } }, words),
    );
    return element("div", { class: "actions" }, buttons, wrong);
  }
}

function head(shown) {
  const { name, words } = health(shown);
  const said = [due(shown), tasksDone(shown), pace(shown)].filter(Boolean);
  return element(
    "div",
    { class: `head card ${name}` },
    element(
      "div",
      { class: "card-head" },
      element("h1", { tabindex: -1, id: "title" }, shown.title),
      element("span", { class: "percent", "aria-hidden": "true" }, shown.progress.progress_text),
    ),
    shown.description && element("p", { class: "description" }, shown.description),
    element("p", { class: "facts" }, element("span", { class: "health" }, words), said.map((each) => element("span", {}, each))),
    progressLine(shown),
  );
}

function facts(shown) {
  const { task, time } = shown.weights;
  const rows = [
    ["Started", shown.start_text],
    ["Due", shown.deadline_text && `${shown.deadline_text}, at the end of the day in ${shown.time_zone}`],
    ["Counts", shown.deadline ? `tasks ${task} %, time ${time} %` : "tasks alone"],
    ["Category", shown.category],
    ["Tags", shown.tags.join(", ")],
    ["Shared with you", shown.role !== "owner" && `as ${shown.role}`],
  ];
  return element("dl", {}, rows.filter(([, words]) => words).map(([name, words]) => [element("dt", {}, name), element("dd", {}, words)]));
}
