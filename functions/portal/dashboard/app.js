// The page as a whole: which part of it the address asks for, who is signed in, and what is said when something fails.

import * as api from "./api.js";
import "./goals.js";
import { watch } from "./live.js";
import { button } from "./parts/forms.js";
import { menu } from "./parts/layout.js";
import { failedPage, freshness } from "./parts/states.js";
import { SessionOver, isGuest, kept, may, onChange } from "./session.js";
import { signingIn } from "./signing_in.js";
import { clock } from "./words.js";

// Where the first page leads is fetched when that one stands; all other pages, when they are opened.
const LATER = ["goal", "finding"];
const INVITATION = /^#\/invitation\/([^/]+)$/;
// Each with its module, and the function that is asked for its page if that is called otherwise.
const PAGES = [
  [/^#\/$/, "goals"],
  [/^#\/shared$/, "goals", "sharedGoals"],
  [/^#\/goals\/([^/]+)(?:\/tasks\/([^/]+))?$/, "goal"],
  [/^#\/projects\/worklist$/, "worklist"],
  [/^#\/projects$/, "projects"],
  [/^#\/projects\/milestones\/([^/]+)$/, "milestone"],
  [/^#\/projects\/(prj_\w+)$/, "project"],
  [/^#\/projects\/([^/]+)(?:\/tracked)?$/, "tracked", "trackedProject"],
  [/^#\/collections$/, "collections"],
  [/^#\/collections\/([^/]+)$/, "collections", "collection"],
  [/^#\/sequences$/, "sequences"],
  [/^#\/sequences\/([^/]+)\/([^/]+)$/, "sequences", "sequence"],
  [/^#\/sequences\/([^/]+)\/([^/]+)\/([^/]+)$/, "sequences", "element"],
  [/^#\/campaigns(?:\/from\/([^/]+))?$/, "campaigns"],
  [/^#\/campaigns\/([^/]+)$/, "campaign"],
  [/^#\/segments$/, "segments"],
  [/^#\/segments\/new$/, "segments", "segment"],
  [/^#\/segments\/([^/]+)$/, "segments", "segment"],
  [/^#\/leads$/, "leads"],
  [/^#\/leads\/suppressions$/, "suppressions"],
  [/^#\/leads\/([^/]+)$/, "leads", "lead"],
  [/^#\/payments(?:\/of\/(prj_\w+))?$/, "payments"],
  [/^#\/payments\/reports$/, "reports"],
  [/^#\/payments\/settings$/, "settings"],
  [/^#\/payments\/(pay_\w+)$/, "payment"],
  [/^#\/payments\/advances$/, "advances"],
  [/^#\/payments\/advances\/(fin_\w+)$/, "advances", "advance"],
  [/^#\/payments\/invoices(?:\/of\/((?:prj|pms)_\w+))?$/, "invoices"],
  [/^#\/payments\/invoices\/(inv_\w+)$/, "invoice"],
  [/^#\/payments\/ledger(?:\/([A-Z]{3}))?$/, "ledger"],
  [/^#\/payments\/ledger\/([A-Z]{3})\/([^/]+)(?:\/(\d{4}-\d{2}))?$/, "ledger", "statement"],
  [/^#\/tenants$/, "tenants"],
  [INVITATION, "tenants", "invited"],
];
// Each with what one must be allowed to see it; guests have nothing of the whole tenant.
const MENU = [["#/", "Goals"], ["#/shared", "Shared"], ["#/projects", "Projects"], ["#/payments", "Payments", "payments:read"], ["#/collections", "Collections", "search:read"], ["#/sequences", "Sequences", "sequences:read"], ["#/leads", "Leads", "audience:read"], ["#/segments", "Segments", "audience:read"], ["#/campaigns", "Campaigns", "audience:read"]];

const main = document.getElementById("main");
const navigation = document.getElementById("navigation");
const finder = document.getElementById("finder");
const state = { turn: 0, watching: null, finding: null, note: "", wasSignedIn: kept() !== null, isFirst: true };

addEventListener("hashchange", show);
onChange(() => {
  if (!kept() && state.wasSignedIn && !state.note) state.note = "Your session is over. Sign in again to go on where you were.";
  show();
});
document.getElementById("skip").addEventListener("click", (event) => {
  // The address is the part of the page; following the link would leave it.
  event.preventDefault();
  main.focus();
});
show();

async function show() {
  const turn = ++state.turn;
  state.watching?.stop();
  const invitation = location.hash.match(INVITATION)?.[1];
  if (!kept()) {
    present(signingIn(state.note, show, invitation));
    state.note = "";
    return;
  }
  state.wasSignedIn = true;
  const view = await opened(location.hash || "#/");
  if (turn !== state.turn || !view) return;
  present(view);
  if (view.look) follow(view);
  for (const name of LATER) fetched(name).catch(() => {});
}

async function opened(hash) {
  for (const [pattern, module, page = module] of PAGES) {
    const found = hash.match(pattern);
    if (!found) continue;
    try {
      return await (await fetched(module))[page](...found.slice(1).map((each) => each && decodeURIComponent(each)));
    } catch (error) {
      return error instanceof SessionOver ? null : failure(error);
    }
  }
  return missing();
}

async function fetched(name) {
  try {
    return await import(`./${name}.js`);
  } catch {
    throw new api.Unreachable();
  }
}

function present(view) {
  main.replaceChildren(view.body);
  document.title = `${view.title} · Milepost`;
  navigate();
  const named = document.getElementById(view.focus ?? "");
  if (named || !state.isFirst) (named ?? main.querySelector("h1"))?.focus();
  named?.scrollIntoView({ block: "center" });
  state.isFirst = false;
}

function follow(view) {
  const foot = freshness("Looks for changes every 10 seconds.", () => watching.now());
  main.append(foot.body);
  const watching = watch(view.look, (error, seconds) => {
    const words = error === null ? "Looks for changes every 10 seconds." : `${error.message} Tried again in ${seconds} seconds; this is from ${clock(seen)}.`;
    if (error === null) seen = Date.now();
    foot.say(words, { late: error !== null });
  });
  let seen = Date.now();
  state.watching = watching;
}

function failure(error) {
  const again = button("Try again", show, { look: "primary" });
  return instead(error.status === 404 ? "There is nothing here" : "That did not work", error.message, again);
}

function missing() {
  return instead("There is nothing here", "The address leads nowhere.");
}

function instead(title, message, action) {
  return { title, body: failedPage(title, message, action, { words: "To your goals", href: "#/" }) };
}

function navigate() {
  const session = kept();
  navigation.hidden = !session;
  find(session && may("search:read"));
  if (!session) return navigation.replaceChildren();
  const several = session.tenants > 1 ? [["#/tenants", session.tenant_name]] : [];
  const seen = MENU.filter(([, , scope]) => !scope || (may(scope) && !isGuest()));
  const links = [...seen, ...several].map(([href, words]) => [href, words, isHere(href)]);
  navigation.replaceChildren(...menu(links, session.name ?? "", leave));
  navigation.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

/** Show the box in which one finds things, or take it away. */
async function find(isAllowed) {
  finder.hidden = !isAllowed;
  if (isAllowed === (state.finding !== null)) return;
  state.finding?.then((box) => box?.away());
  finder.replaceChildren();
  state.finding = isAllowed ? fetched("finding").then(({ finding }) => finding(), () => null) : null;
  const box = await state.finding;
  if (box && !finder.hidden) finder.replaceChildren(box.body);
}

function isHere(href) {
  return href === "#/" ? ["", "#/"].includes(location.hash) : location.hash.startsWith(href);
}

async function leave() {
  state.note = "You are signed out.";
  // Whoever comes next may be somebody else.
  history.replaceState(null, "", "#/");
  await api.signOut();
}
