// What was sent, newest first, as the emulator has taken it. HTML is shown in a frame that runs no script and loads
// nothing from elsewhere, and so tells no sender that it was read.

import { element } from "./parts/elements.js";

const MAIL = "/_ministack/ses/messages";
const TEXTS = "/_ministack/sns/sms-messages";
const EVERY = 2000;

const main = document.getElementById("main");
const status = document.getElementById("status");
const to = document.getElementById("to");
let shown = null;

to.value = new URLSearchParams(location.search).get("to") ?? "";
to.addEventListener("input", look);
await look();
setInterval(look, EVERY);

async function look() {
  try {
    const [byMail, bySms] = [mails(await asked(MAIL)), texts(await asked(TEXTS))].map(wanted);
    show(byMail.sort((one, other) => other.at - one.at), bySms);
    status.textContent = "";
  } catch {
    status.textContent = "The stage does not answer. Is it running?";
  }
}

async function asked(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

function wanted(sent) {
  return sent.filter((each) => each.to.includes(to.value.trim()));
}

function mails({ messages }) {
  return Object.values(messages).flat().map((each) => ({
    to: each.To.join(", "), from: each.Source, title: each.Subject, text: each.BodyText, html: each.BodyHtml, at: each.Timestamp, id: each.MessageId,
  }));
}

// The emulator does not say when a text was sent: those to one number are in order.
function texts({ sms_messages }) {
  return Object.entries(sms_messages).flatMap(([number, sent]) => sent.toReversed().map((each) => ({
    to: number, title: number, text: each.Message, id: each.MessageId,
  })));
}

// A frame that somebody reads stays as it is, as long as nothing new comes.
function show(...found) {
  const ids = found.map((sent) => sent.map(({ id }) => id).join()).join(";");
  if (ids === shown) return;
  shown = ids;
  main.replaceChildren(column("E-mail", found[0]), column("SMS", found[1]));
}

function column(words, sent) {
  const nothing = element("p", { class: "quiet" }, "Nothing was sent.");
  return element("section", {}, element("h2", {}, words), sent.length ? sent.map(card) : nothing);
}

function card(sent) {
  const time = sent.at && element("time", { class: "quiet" }, new Date(sent.at * 1000).toLocaleString());
  const between = sent.from && element("p", { class: "quiet" }, `to ${sent.to} from ${sent.from}`);
  return element("article", { class: "card" },
    element("div", { class: "card-head" }, element("h3", {}, sent.title), time), between,
    element("p", { class: "text" }, sent.text), sent.html && html(sent.html));
}

function html(written) {
  const source = URL.createObjectURL(new Blob([written], { type: "text/html; charset=utf-8" }));
  return element("iframe", { sandbox: true, src: source, title: "The e-mail in HTML" });
}
