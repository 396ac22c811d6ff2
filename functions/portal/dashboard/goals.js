// The first page: my goals with their bars, and what was reached lately.

import * as api from "./api.js";
import { goalCard } from "./goal_card.js";
import { field, form } from "./parts/forms.js";
import { columns, disclosure, head, page, replaceKeeping, titledAside } from "./parts/layout.js";
import { entries, growingCards } from "./parts/rows.js";
import { announce, empty } from "./parts/states.js";
import { link, moment, paragraph } from "./parts/texts.js";
import { SessionOver, may } from "./session.js";
import { counted } from "./words.js";

const PAGE = 20;
const MOST = 100;
const TITLE = { required: true, minlength: 3, maxlength: 100, placeholder: "Run a marathon" };

/** Return the page of my goals. Throws what the API throws. */
export async function goals() {
  const [first, achieved] = await Promise.all([api.read(`goals?limit=${PAGE}`), api.read("milestone-achievements?limit=8")]);
  const list = new List(first);
  const reached = titledAside("Recently reached");
  reached.fill(recent(achieved.items));
  const body = page(
    head("Your goals", list.summary),
    may("goals:write") && setting(first.items.length === 0),
    columns(list.body, reached.body),
  );
  async function look() {
    if (await list.look()) reached.fill(recent((await api.read("milestone-achievements?limit=8")).items));
  }
  return { title: "Your goals", body, look };
}

/** Return the page of the goals that others share with me. Throws what the API throws. */
export async function sharedGoals() {
  const list = new List(await api.read(`goals/shared?limit=${PAGE}`), "goals/shared");
  return { title: "Shared with you", body: page(head("Shared with you", list.summary), list.body), look: () => list.look() };
}

/** The cards of goals, kept as they are while nothing changes, so that nobody loses their place. */
class List {
  constructor(page, path = "goals") {
    this.path = path;
    this.summary = paragraph("", { look: "quiet" });
    const { body, list, more } = growingCards("Show more goals", () => this.showMore());
    Object.assign(this, { body, cards: list, more });
    this.known = new Map();
    this.show(page);
  }

  /** Look again at what is shown; return whether anybody did something, as opposed to time that has passed. */
  async look() {
    const size = Math.min(MOST, Math.max(PAGE, this.known.size));
    return this.take(await api.read(`${this.path}?limit=${size}`));
  }

  take(page) {
    const before = new Map([...this.known].map(([id, { goal }]) => [id, goal]));
    this.show(page);
    const changed = page.items.filter((goal) => before.has(goal.goal_id) && deed(before.get(goal.goal_id)) !== deed(goal));
    for (const goal of changed) announce(`${goal.title} has changed: ${goal.progress.progress_text}.`);
    return changed.length > 0;
  }

  show(page) {
    const shown = page.items.map((goal) => this.card(goal));
    if (shown.some((card, at) => this.cards.children[at] !== card) || this.cards.children.length !== shown.length) {
      this.cards.replaceChildren(...shown);
    }
    this.known = new Map(page.items.map((goal, at) => [goal.goal_id, { goal, card: shown[at] }]));
    this.cursor = page.next_cursor;
    this.more.hidden = this.cursor === null;
    this.summary.textContent = summary(page.items, this.cursor !== null);
  }

  card(goal) {
    const known = this.known.get(goal.goal_id);
    if (known && JSON.stringify(known.goal) === JSON.stringify(goal)) return known.card;
    return known ? replaceKeeping(known.card, goalCard(goal)) : goalCard(goal);
  }

  async showMore() {
    try {
      const shown = [...this.known.values()].map(({ goal }) => goal);
      const page = await api.read(`${this.path}?limit=${PAGE}&cursor=${encodeURIComponent(this.cursor)}`);
      this.show({ items: [...shown, ...page.items], next_cursor: page.next_cursor });
      document.getElementById(`goal-${page.items[0]?.goal_id}`)?.focus();
    } catch (error) {
      if (!(error instanceof SessionOver)) announce(error.message);
    }
  }
}

function setting(isFirst) {
  async function send({ title, description, deadline }, key) {
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    const made = await api.write("POST", "goals", { body: { title, description, deadline, time_zone }, key });
    announce(`${made.title} is set.`);
    location.hash = `#/goals/${made.goal_id}`;
  }
  const filled = form(
    { label: "Set this goal", busy: "Setting …", send },
    field("title", "What do you want to reach?", TITLE),
    field("deadline", "By when?", { type: "date" }, "You may leave this open; with a deadline, time counts too."),
    field("description", "What will be true then?", { rows: 2, maxlength: 500 }),
  );
  return disclosure(isFirst ? "Set your first goal" : "Set a goal", { open: isFirst }, isFirst && welcome(), filled);
}

function welcome() {
  return paragraph("Set a goal, add the tasks on the way to it, and tick them off. Milepost says how far you are, and when you will reach 25, 50, 75 and 100 %.");
}

function recent(achieved) {
  if (achieved.length === 0) return empty("Nothing yet. The first milestone of a goal is at 25 %.");
  return entries(
    achieved.map(({ goal_id, goal_title, percentage, name, achieved_at, achieved_text }) => ({
      link: link(goal_title, `#/goals/${goal_id}`),
      said: `${percentage} %, ${name}`,
      moment: moment(achieved_at, achieved_text, "reached "),
    })),
  );
}

function summary(items, isMore) {
  if (items.length === 0) return "There is nothing here yet.";
  const behind = items.filter((goal) => goal.status === "active" && !goal.progress.is_on_track).length;
  const known = `${isMore ? "The newest " : ""}${counted(items.length, "goal")}`;
  return behind === 0 ? `${known}.` : `${known}, ${behind} of them behind.`;
}

/** Return what somebody does to a goal, without what time does. */
function deed(goal) {
  return `${goal.version} ${goal.milestones.map((milestone) => milestone.achieved)}`;
}
