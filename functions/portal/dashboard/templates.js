// A form that makes a plan of a template: which one, from when on, for how much, and what it wants to know.

import * as api from "./api.js";
import { minorUnits } from "./money.js";
import { capital } from "./naming.js";
import { select } from "./parts/choosing.js";
import { field, form, pair } from "./parts/forms.js";
import { disclosure, place } from "./parts/layout.js";
import { announce } from "./parts/states.js";
import { saidIn, tried } from "./trying.js";
import { counted } from "./words.js";

const AGAIN_MS = 500;
const TRIES = 120;
const PARAMETER = "parameter ";

/** Return the form for a project; its templates are asked for when it is opened. `planned` is called when the plan is there. */
export function planning({ projectId, currency, members, who, planned }) {
  const content = place({ look: "stack" });
  const shown = disclosure("Plan from a template", { id: "plan-from-template" }, content.body);
  shown.addEventListener("toggle", open, { once: true });

  async function open() {
    const read = () => Promise.all(["own", "shipped"].map((origin) => api.read(`plan-templates?limit=100&origin=${origin}`)));
    await tried(async () => content.fill(asking((await read()).flatMap(({ items }) => items))), saidIn(content));
  }

  function asking(templates) {
    const wanted = place({ look: "stack", live: true });
    const options = templates.map(({ plan_template_id: id, name, milestone_count: count }) => [id, `${name}, ${counted(count, "milestone")}`]);
    const choose = async (id) => wanted.fill(...(id ? (await api.read(`plan-templates/${id}`)).parameters.map(parameter) : []));
    return form(
      { label: "Plan it", busy: "Planning …", send },
      select("template", "Template", [["", "Choose one"], ...options], { change: choose }),
      pair(
        field("start_on", "From when on?", { type: "date", required: true }),
        field("amount", `Total in ${currency}`, { inputmode: "decimal" }, "You may leave this open.", "total_minor_units"),
      ),
      wanted.body,
    );
  }

  function parameter({ name, kind, description, default: value }) {
    const label = description || capital(name), known = `parameters.${name}`;
    if (kind === "text") return field(`${PARAMETER}${name}`, label, { required: value === null, value, maxlength: 200 }, "", known);
    return select(`${PARAMETER}${name}`, label, members().map(({ user_id: id }) => [id, capital(who.name(id))]), { known });
  }

  async function send({ template, start_on: start, amount, ...others }, key) {
    if (!template) throw new Error("Choose a template first.");
    const parameters = Object.fromEntries(Object.entries(others).map(([name, value]) => [name.slice(PARAMETER.length), value]));
    const body = { project_id: projectId, start_on: start, parameters, total_minor_units: minorUnits(amount, currency, "total_minor_units") };
    const { job_id: id } = await api.write("POST", `plan-templates/${template}/instantiate`, { body, key });
    const { done } = await ended(id);
    await planned();
    announce(`${counted(done, "milestone")} were planned.`);
  }

  return shown;
}

/** Return a job that has completed. Throws what a form shows. */
async function ended(id) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const job = await api.read(`jobs/${id}`);
    if (job.status === "completed") return job;
    if (job.reason) throw new Error(`Nothing was planned: ${job.reason.replaceAll("_", " ")}.`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  throw new Error("The plan is still being made. It will be here in a while.");
}
