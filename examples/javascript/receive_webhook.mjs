// Be told of a completed goal: make an endpoint, receive the message, and verify that it is Milepost's.

import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { call } from "./milepost.mjs";

const TOLERANCE_SECONDS = 300;
const PATIENCE_SECONDS = Number(process.env.RECEIVER_SECONDS ?? 120);

// Whether a message is Milepost's and of now. This is all there is to Standard Webhooks 1.0.0.
function isVerified(secret, headers, body) {
  const { "webhook-id": id, "webhook-timestamp": toldAt, "webhook-signature": given = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(toldAt)) < TOLERANCE_SECONDS)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = Buffer.from(`v1,${createHmac("sha256", key).update(`${id}.${toldAt}.${body}`).digest("base64")}`);
  // During a rotation there are two signatures, apart by a space.
  return given.split(" ").map((each) => Buffer.from(each)).some((each) => isSame(each, expected));
}

function isSame(given, expected) {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");

// On a laptop an endpoint may be on this machine; on AWS it is an https address of the internet.
const url = `http://127.0.0.1:${server.address().port}/hooks`;
const endpoint = await call("POST", "/webhook-endpoints", { url, event_types: ["goals.goal.completed"] });

const done = new Promise((resolve) => {
  server.on("request", async (request, answer) => {
    const body = await text(request);
    const verified = isVerified(endpoint.secret, request.headers, body);
    answer.writeHead(verified ? 204 : 401, { connection: "close" }).end();
    if (verified) resolve(JSON.parse(body));
  });
});
const tooLate = pause(PATIENCE_SECONDS * 1000, undefined, { ref: false }).then(() => {
  throw new Error(`gave up after ${PATIENCE_SECONDS} seconds: no message came to ${url}. The deliveries of the endpoint say why.`);
});
try {
  const goal = await call("POST", "/goals", { title: "Run a marathon" });
  await call("POST", `/goals/${goal.goal_id}/complete`);
  const message = await Promise.race([done, tooLate]);
  console.log(`verified: ${message.type} ${JSON.stringify(message.data)}`);
} finally {
  server.close();
  await call("DELETE", `/webhook-endpoints/${endpoint.endpoint_id}`);
}
