// The tasks of a goal: ticked off where they stand, and added below.

import * as api from "./api.js";
import { button, field, form, keys, pair } from "./parts/forms.js";
import { place, replaceKeeping, section } from "./parts/layout.js";
import { tick, ticks } from "./parts/rows.js";
import { announce, refusal } from "./parts/states.js";
import { moment } from "./parts/texts.js";
import { SessionOver, may, userId } from "./session.js";
import { endOfDay } from "./zones.js";

const PAGE = 100;
const REACHED = 1000;
const TICKABLE = new Set(["active", "paused", "completed"]);
const NOTHING = "No tasks yet. What is the first step?";
const SAID = { paused: "paused", cancelled: "cancelled", archived: "archived" };

/** The list of a goal's tasks; `changed` is called when one was ticked off or added here. */
export class Tasks {
  constructor(goal, page, changed) {
    this.goal = goal;
    this.changed = changed;
    this.keyOf = keys();
    this.refused = refusal();
    this.list = ticks([], NOTHING);
    this.more = button("Show more tasks", () => this.showMore(), { look: "quiet" });
    this.adding = place({ look: "adding" });
    this.body = section("Tasks", this.refused.body, this.list, this.more, this.adding.body);
    this.show(page);
    this.offer();
  }

  /** Show the tasks as they are now. */
  async reload(goal) {
    this.goal = goal;
    let page = await this.asked("");
    while (page.next_cursor && page.items.length < this.tasks.length) page = await this.longer(page);
    this.show(page);
    this.offer();
  }

  async asked(cursor) {
    return await api.read(`goals/${this.goal.goal_id}/tasks?limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
  }

  async longer({ items, next_cursor }) {
    const next = await this.asked(next_cursor);
    return { items: [...items, ...next.items], next_cursor: next.next_cursor };
  }

  /** Show so many tasks that this one is among them, if it is one of the first thousand. */
  async reach(taskId) {
    let page = { items: this.tasks, next_cursor: this.cursor };
    while (page.next_cursor && page.items.length < REACHED && !page.items.some((task) => task.task_id === taskId)) page = await this.longer(page);
    this.show(page);
  }

  async showMore() {
    try {
      this.show(await this.longer({ items: this.tasks, next_cursor: this.cursor }));
    } catch (error) {
      if (!(error instanceof SessionOver)) announce(error.message);
    }
  }

  show(page) {
    this.tasks = page.items;
    this.cursor = page.next_cursor;
    this.more.hidden = this.cursor === null;
    this.list = replaceKeeping(this.list, ticks(this.tasks.map((task) => this.row(task)), NOTHING));
  }

  row(task) {
    return tick({
      id: `task-${task.task_id}`,
      title: task.title,
      done: task.status === "completed",
      disabled: !this.isMine(task),
      facts: [SAID[task.status], task.weight > 1 && `weight ${task.weight}`, ...task.tags, when(task)],
      change: (box) => this.tick(box, task),
    });
  }

  isMine(task) {
    const isAllowed = this.goal.role === "owner" || (this.goal.role === "contributor" && task.created_by === userId());
    return may("goals:write") && isAllowed && TICKABLE.has(task.status);
  }

  /** Write what the box says; when that fails, the box says again what is true. */
  async tick(box, task) {
    const isDone = box.checked;
    const action = isDone ? "complete" : "reopen";
    this.refused.say("");
    try {
      await api.write("POST", `goals/${task.goal_id}/tasks/${task.task_id}/${action}`, { key: this.keyOf(`${action} ${task.task_id} ${task.version}`) });
      announce(isDone ? `${task.title} is done.` : `${task.title} is open again.`);
    } catch (error) {
      box.checked = !isDone;
      if (!(error instanceof SessionOver)) this.refused.say(`“${task.title}” stays as it was. ${error.message}`);
      return;
    }
    await this.caughtUp();
  }

  /** Show what a change has brought; what cannot be read now is read at the next look. */
  async caughtUp() {
    try {
      await this.changed();
    } catch (error) {
      if (!error.passes && !(error instanceof SessionOver)) throw error;
    }
  }

  offer() {
    const isOpen = ["active", "paused"].includes(this.goal.status) && this.goal.role !== "viewer" && may("goals:write");
    if (isOpen === this.adding.body.hasChildNodes()) return;
    this.adding.fill(...(isOpen ? [this.form()] : []));
  }

  form() {
    const send = async ({ title, due, weight }, key) => {
      const body = { title, due_at: due && endOfDay(due, this.goal.time_zone), weight: weight && Number(weight) };
      await api.write("POST", `goals/${this.goal.goal_id}/tasks`, { body, key });
      announce(`${title} is added.`);
      await this.caughtUp();
    };
    return form(
      { label: "Add task", busy: "Adding …", send },
      field("title", "New task", { required: true, maxlength: 100 }),
      pair(field("due", "Due", { type: "date" }, "", "due_at"), field("weight", "Weight", { type: "number", min: 1, max: 1000, placeholder: 1 })),
    );
  }
}

/** Return the id of the row of a task, which takes the focus. */
export function rowOf(taskId) {
  return `task-${taskId}-row`;
}

function when(task) {
  if (task.completed_at) return moment(task.completed_at, `done ${task.completed_text}`);
  return task.due_at && moment(task.due_at, `due ${task.due_text}`);
}
