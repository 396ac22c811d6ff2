// Who is signed in here. The tokens are kept in this browser's storage, which every tab of this address shares.
//
// A refresh token is good once, and whoever sends it again ends the session: so one tab at a time refreshes, and looks
// again at what is kept before it does. What a tab keeps reaches the others a moment after it lets them go on. So it
// holds a lock with the name of the token that it has spent, which they see at once, and they wait for the new one.

const KEY = "milepost.session";
const EARLY_SECONDS = 30;
const LOOK_MS = 20;
const MOST_LOOKS = 100;

let letGo = () => {};

/** The session is over: unknown, ended elsewhere, or not refreshed in time. The sign-in is shown, and no form says more. */
export class SessionOver extends Error {
  silent = true;
}

/** Return the session that is kept: its tokens, until when the access token is good, and a name; null without one. */
export function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

/** Keep the tokens of a refresh. */
export function keep(tokens) {
  localStorage.setItem(KEY, JSON.stringify({ ...kept(), ...tokensOf(tokens) }));
}

/** Keep the tokens of a sign-in or a switch, which tenant they are for, and what the account is a member of. */
export function enter(answer) {
  const { tenant_id, memberships } = answer;
  const { tenant_name } = memberships.find((each) => each.tenant_id === tenant_id);
  localStorage.setItem(KEY, JSON.stringify({ tenant_id, tenant_name, tenants: memberships.length, ...tokensOf(answer) }));
}

/** Keep the name to greet with. */
export function rename(name) {
  const session = kept();
  if (session) localStorage.setItem(KEY, JSON.stringify({ ...session, name }));
}

/** Forget the session; this page and those of the other tabs are told. */
export function forget() {
  localStorage.removeItem(KEY);
  window.dispatchEvent(new Event("session-over"));
}

/** Call `told` whenever a session begins or ends in another tab or changes tenants there, or ends in this one. */
export function onChange(told) {
  window.addEventListener("session-over", () => told());
  window.addEventListener("storage", (event) => {
    if (event.key === KEY && tenantOf(event.oldValue) !== tenantOf(event.newValue)) told();
  });
}

/** Return whether the session may do this, as its access token says; what is shown depends on it, what is let through
 * does not. */
export function may(scope) {
  const claims = claimed(kept()?.access_token);
  return (claims.scope ?? "").split(" ").includes(scope);
}

/** Return whether the session is that of a guest, who sees nothing that the whole tenant has. */
export function isGuest() {
  return (claimed(kept()?.access_token).roles ?? []).includes("guest");
}

/** Return the id of the user. */
export function userId() {
  return claimed(kept()?.access_token).sub;
}

/** Return an access token that is good for a while, after a refresh if need be.
 *
 * `spent` is one that was refused although its time is not over. `exchange` sends a refresh token and returns the new
 * tokens, or null when it is refused. Throws SessionOver, or what `exchange` throws.
 */
export async function accessToken(exchange, spent) {
  const session = kept();
  if (isGood(session, spent)) return session.access_token;
  return await navigator.locks.request(KEY, async () => {
    const current = await newest(spent);
    if (!current) throw new SessionOver();
    if (isGood(current, spent)) return current.access_token;
    const tokens = await exchange(current.refresh_token);
    if (tokens === null) {
      forget();
      throw new SessionOver();
    }
    keep(tokens);
    await hold(spentName(current));
    return tokens.access_token;
  });
}

/** Return the session that is kept, after that of another tab has come here; after two seconds, the one that is here. */
async function newest(spent) {
  let session = kept();
  for (let looks = 0; session && looks < MOST_LOOKS; looks++) {
    if (isGood(session, spent) || !(await isHeld(spentName(session)))) return session;
    await new Promise((again) => setTimeout(again, LOOK_MS));
    session = kept();
  }
  return session;
}

/** Hold a lock for as long as this tab is open, or until it holds another one. */
function hold(name) {
  return new Promise((granted) => {
    navigator.locks.request(name, () => {
      granted();
      letGo();
      return new Promise((release) => (letGo = release));
    });
  });
}

async function isHeld(name) {
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === name);
}

/** Return which tenant a session that was kept is for, null without a session. */
function tenantOf(text) {
  return text === null ? null : (JSON.parse(text).tenant_id ?? "");
}

function tokensOf({ access_token, refresh_token, expires_in }) {
  return { access_token, refresh_token, good_until: Date.now() + expires_in * 1000 };
}

function spentName(session) {
  return `${KEY}.spent.${session.refresh_token}`;
}

function isGood(session, spent) {
  if (!session) return false;
  return session.access_token !== spent && session.good_until - EARLY_SECONDS * 1000 > Date.now();
}

function claimed(token = "") {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload));
  } catch {
    return {};
  }
}
