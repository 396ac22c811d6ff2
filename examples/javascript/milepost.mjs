// What the examples share: one function that calls Milepost. Nothing but Node 20.
//
// MILEPOST_API is the address of the API, as in .milepost/env. Calls are made as MILEPOST_EMAIL with MILEPOST_PASSWORD,
// or with MILEPOST_TOKEN, an access token that you have already.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

export const API = process.env.MILEPOST_API;
const PATIENCE_MS = 60_000;

export class Refused extends Error {
  constructor(status, problem) {
    super(`${status} ${problem.code}: ${problem.detail}`);
    Object.assign(this, { status, problem });
  }
}

// Call as whoever is signed in and return the answer, null when it has no body. Throws Refused.
export async function call(method, path, body, { idempotencyKey } = {}) {
  return send(method, path, body, { token: await token(), idempotencyKey });
}

let known;

// The access token of this run; it is good for 15 minutes.
export async function token() {
  known ??= process.env.MILEPOST_TOKEN ?? (await signIn()).access_token;
  return known;
}

// The tokens of a new session. Throws Refused.
export async function signIn() {
  const { MILEPOST_EMAIL: email, MILEPOST_PASSWORD: password } = process.env;
  return send("POST", "/auth/login", { email, password });
}

// Send a request, and again when Milepost asks to come back later. Throws Refused.
// A POST has an idempotency key, so that it has one effect however often it is sent.
export async function send(method, path, body, { token, idempotencyKey = randomUUID() } = {}) {
  const headers = { "content-type": "application/json", "idempotency-key": idempotencyKey };
  if (token) headers.authorization = `Bearer ${token}`;
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(API + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (answer.ok) return text ? JSON.parse(text) : null;
    if (![429, 503].includes(answer.status) || Date.now() > giveUp) throw new Refused(answer.status, JSON.parse(text));
    await pause(1000 * Number(answer.headers.get("retry-after") ?? 1));
  }
}
