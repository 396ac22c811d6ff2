// The explorer: GraphiQL in the name of whoever signs in, with the queries that are asked for most.
// Tokens stay in this page's memory; a reload asks for them again.
"use strict";

const EARLY_SECONDS = 30;
const KNOWN_IDS = `query KnownIds {
  myGoals(status: active, limit: 1) { items { goalId } }
  trackedMilestones(limit: 1) { items { milestoneUid projectId } }
}`;
const OPEN_TASKS = "query OpenTasks($goalId: ID!) { tasks(goalId: $goalId, limit: 100) { items { taskId status } } }";

let addresses;
let schema;
let session;

async function read(file) {
  return (await fetch(file)).json();
}

async function post(address, body, token) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail ?? said.errors?.[0]?.message ?? `The answer was ${answer.status}.`);
  return said;
}

function keep(tokens) {
  if (!tokens.access_token) throw new Error("This user has a second factor; give an access token instead.");
  session = { ...tokens, endsAt: Date.now() + (tokens.expires_in - EARLY_SECONDS) * 1000 };
}

async function currentToken() {
  if (session.refresh_token && Date.now() > session.endsAt) {
    keep(await post(`${addresses.auth}/refresh`, { refresh_token: session.refresh_token }));
  }
  return session.access_token;
}

async function ask({ query, variables, operationName }) {
  // GraphiQL learns the name of another operation a moment after its text; the old name is then in no text.
  const named = query.includes(` ${operationName}`) ? { operationName } : {};
  return post(addresses.graphql, { query, variables, ...named }, await currentToken());
}

async function knownIds() {
  const { data } = await ask({ query: KNOWN_IDS });
  const goalId = data?.myGoals.items[0]?.goalId ?? "goal_…";
  const milestone = data?.trackedMilestones.items[0];
  const { data: found } = await ask({ query: OPEN_TASKS, variables: { goalId } });
  const open = found?.tasks?.items.find((task) => task.status === "active");
  return {
    goalId,
    taskId: open?.taskId ?? "task_…",
    milestoneUid: milestone?.milestoneUid ?? "…",
    projectId: milestone?.projectId ?? "…",
  };
}

function variablesOf(query, ids) {
  const wanted = Object.entries(ids).filter(([name]) => query.includes(`$${name}:`));
  return JSON.stringify(Object.fromEntries(wanted), null, 2);
}

function show(root, { query }, ids) {
  const editor = { fetcher: ask, query, variables: variablesOf(query, ids), isHeadersEditorEnabled: false, schema };
  root.render(React.createElement(GraphiQL, editor));
}

function list(queries, choose) {
  const buttons = queries.map((ready) => {
    const button = document.createElement("button");
    button.textContent = ready.title;
    button.addEventListener("click", () => {
      buttons.forEach((other) => other.removeAttribute("aria-current"));
      button.setAttribute("aria-current", "true");
      choose(ready);
    });
    return button;
  });
  document.getElementById("queries").append(
    ...buttons.map((button) => {
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  buttons[0].click();
}

async function enter(form) {
  const { email, password, token } = Object.fromEntries(new FormData(form));
  if (token) session = { access_token: token.trim() };
  else keep(await post(`${addresses.auth}/login`, { email, password }));
  const [ids, queries, known] = await Promise.all([knownIds(), read("queries.json"), read("schema.json")]);
  schema = known;
  document.getElementById("entrance").hidden = true;
  document.getElementById("explorer").hidden = false;
  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  list(queries, (ready) => show(root, ready, ids));
}

document.getElementById("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const refusal = document.getElementById("refusal");
  refusal.textContent = "";
  try {
    addresses ??= await read("addresses.json");
    await enter(event.target);
  } catch (error) {
    refusal.textContent = error.message;
  }
});
