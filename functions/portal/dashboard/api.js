// Asks the API. Addresses are relative to the page: on a laptop the API lives below a path of its own.

import { SessionOver, accessToken, enter, forget, kept, onChange, rename } from "./session.js";

const PATIENCE_MS = 30_000;
const FURTHER_SECONDS = 5;
const SHORT_SECONDS = 3;
const TRIES = 4;
const MOST_ANSWERS = 20;

// The latest answers by address, as they came, with the entity tag by which the API knows them.
const answers = new Map();
onChange(() => answers.clear());

/** The API refused: `detail` says why in a sentence, `errors` which fields are wrong, `path` where in a rule, `problem` what else, `retryAfter` when to come back. */
export class Refused extends Error {
  constructor(status, problem, retryAfter) {
    super(sentence(status, problem));
    this.status = status;
    this.code = problem.code ?? "";
    this.errors = problem.errors ?? [];
    this.path = problem.path;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may well succeed later. */
  get passes() {
    return this.status === 429 || this.status >= 500;
  }
}

/** Nobody answered: no network, or no Milepost at the other end. */
export class Unreachable extends Error {
  constructor() {
    super("Milepost does not answer. Look at your connection; what you have typed stays here.");
  }

  get passes() {
    return true;
  }
}

/** Return the answer to a GET of the signed-in user; what is here already is not sent again. A `signal` gives it up.
 *
 * Throws SessionOver, Refused, Unreachable.
 */
export async function read(path, { signal } = {}) {
  const known = answers.get(path);
  const condition = known && { "If-None-Match": known.etag };
  const response = await asUser((credential) => answered("GET", path, undefined, { ...condition, ...credential }, signal));
  const text = response.status === 304 ? known.text : await response.text();
  remember(path, { text, etag: response.headers.get("ETag") });
  return JSON.parse(text);
}

/** Write as the signed-in user: what is to become JSON, or a sheet (CSV), which is a text.
 *
 * With the same `key`, the same request has one effect however often it is sent; with a `version`, it is refused when
 * there is another one by now. A `signal` gives it up.
 */
export async function write(method, path, { body, key, version, signal } = {}) {
  const headers = { ...(key && { "Idempotency-Key": key }), ...(version && { "If-Match": `"${version}"` }) };
  return await asUser((credential) => send(method, path, body, { ...headers, ...credential }, signal));
}

/** Exchange e-mail address and password for a session; returns the `mfa_token` when a code is due as well. */
export async function signIn(email, password) {
  return await entered(await send("POST", "auth/login", { email, password }));
}

/** Exchange the `mfa_token` and a code for a session. A code of six digits is one of an authenticator. */
export async function signInWithCode(mfaToken, code) {
  const digits = code.replaceAll(/\s/g, "");
  const proof = /^\d{6}$/.test(digits) ? { code: digits } : { recovery_code: digits };
  return await entered(await send("POST", "auth/login/otp", { mfa_token: mfaToken, ...proof }));
}

/** Return what an invitation is to: the tenant, the address it is for, and the role. */
export async function invitation(token) {
  return await send("POST", "auth/invitation", { invitation_token: token });
}

/** Make an account, in the tenant of an invitation if there is one, and sign in to it. */
export async function register(name, email, password, key, token) {
  const sent = { display_name: name, email, password, ...(token && { invitation_token: token }) };
  await send("POST", "auth/register", sent, { "Idempotency-Key": key });
  return await signIn(email, password);
}

/** Accept an invitation with the account that is signed in, and return the membership. */
export async function join(token) {
  return await write("POST", "auth/join", { body: { invitation_token: token } });
}

/** Go on in another tenant of the account. The session in the one before ends. */
export async function switchTo(tenantId) {
  const before = await accessToken(exchange);
  const answer = await write("POST", "auth/switch", { body: { tenant_id: tenantId } });
  answers.clear();
  await entered(answer);
  // It would end by itself; nobody waits for it here.
  send("POST", "auth/logout", undefined, { Authorization: `Bearer ${before}` }).catch(() => {});
}

/** End the session here, and at the API if it can be told. */
export async function signOut() {
  try {
    await write("POST", "auth/logout");
  } catch (error) {
    if (!(error instanceof SessionOver || error instanceof Refused || error instanceof Unreachable)) throw error;
  }
  forget();
}

/** Return a picture. Throws as `read` does. */
export async function picture(path) {
  return await (await asked(path)).blob();
}

/** Return a text that is no JSON. Throws as `read` does. */
export async function text(path) {
  return await (await asked(path)).text();
}

/** Return a sheet that comes in parts, each with the line of its columns, as one. Throws as `read` does. */
export async function sheet(path) {
  let whole = "", cursor = "";
  do {
    const response = await asked(cursor ? `${path}?cursor=${encodeURIComponent(cursor)}` : path);
    const part = await response.text();
    whole += whole ? part.slice(part.indexOf("\n") + 1) : part;
    cursor = response.headers.get("X-Next-Cursor");
  } while (cursor);
  return whole;
}

async function asked(path) {
  return await asUser((credential) => answered("GET", path, undefined, credential));
}

function remember(path, answer) {
  answers.delete(path);
  if (answer.etag) answers.set(path, answer);
  if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value);
}

async function entered(answer) {
  if (answer.mfa_required) return answer.mfa_token;
  enter(answer);
  rename((await read("auth/me")).display_name);
  return null;
}

async function asUser(ask) {
  if (!kept()) throw new SessionOver();
  const token = await accessToken(exchange);
  try {
    return await ask({ Authorization: `Bearer ${token}` });
  } catch (error) {
    if (error.status !== 401 || error.code === "STEP_UP_REQUIRED") throw error;
  }
  // Revoked before its time, or our clock is wrong: a new one says which.
  const renewed = await accessToken(exchange, token);
  try {
    return await ask({ Authorization: `Bearer ${renewed}` });
  } catch (error) {
    if (error.status !== 401) throw error;
    forget();
    throw new SessionOver();
  }
}

async function exchange(refreshToken) {
  try {
    return await send("POST", "auth/refresh", { refresh_token: refreshToken });
  } catch (error) {
    if (error.status === 401) return null;
    throw error;
  }
}

async function send(method, path, body, headers = {}, signal = undefined) {
  const response = await answered(method, path, body, headers, signal);
  return response.status === 204 ? null : await response.json();
}

async function answered(method, path, body, headers, signal) {
  let response = await fetched(method, path, body, headers, signal);
  // What was refused for being too much has had no effect: a short wait is waited here.
  for (let tries = 1; tries < TRIES && response.status === 429 && wait(response) <= SHORT_SECONDS; tries += 1) {
    await new Promise((done) => setTimeout(done, wait(response) * 1000));
    response = await fetched(method, path, body, headers, signal);
  }
  if (!response.ok && response.status !== 304) throw await refusal(response);
  return response;
}

function wait(response) {
  return Number(response.headers.get("Retry-After")) || FURTHER_SECONDS;
}

async function fetched(method, path, body, headers, givenUp) {
  const isSheet = typeof body === "string";
  const sent = body === undefined ? {} : { body: isSheet ? body : JSON.stringify(body) };
  const typed = body === undefined ? headers : { ...headers, "Content-Type": isSheet ? "text/csv" : "application/json" };
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const signal = givenUp ? AbortSignal.any([patience, givenUp]) : patience;
  try {
    return await fetch(`api/v1/${path}`, { method, ...sent, headers: typed, signal, cache: "no-store" });
  } catch {
    throw new Unreachable();
  }
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  return new Refused(response.status, problem, wait(response));
}

function sentence(status, problem) {
  if (status === 412) return "Somebody has changed this meanwhile. Look at what it is now, then try again.";
  if (status === 429) return "That was too much at once. Wait a moment, then try again.";
  if (status >= 500) return "Milepost has a problem of its own. Nothing of yours is lost; try again in a moment.";
  return problem.detail ?? `Milepost refused this (${status}).`;
}
