// The page behind a link of a probe: it shows what is asked, and answers when the button is pressed, never before.

import { asked, element, filled, loading, minute, page, texts, token, worded } from "../review/opened.js";
import { TEXTS } from "./texts.js";

const ANSWERS = ["on_track", "at_risk", "blocked", "done"];
let say = texts(TEXTS);

show();

async function show() {
  if (token === "") return page(say.noLink, element("p", {}, say.copied));
  loading(say);
  const question = await asked("probe-replies/view");
  if (question.problem) return page(say.closed, element("p", {}, worded(say, question.problem)));
  say = texts(TEXTS, question.language);
  const who = { name: question.name, project: question.project ?? say.someProject };
  const times = { since: minute(question.asked_at), until: minute(question.expires_at) };
  page(
    question.title,
    element("p", {}, filled(question.name === null ? say.asks : say.asksName, who)),
    element("p", {}, question.question),
    element("p", { class: "quiet" }, filled(say.asked, times)),
    form(question),
  );
}

function form(question) {
  const choices = ANSWERS.map((value) => {
    const box = element("input", { type: "radio", name: "answer", value, required: "" });
    return { box, label: element("label", {}, box, say[value]) };
  });
  const progress = element("input", { type: "number", min: 0, max: 100, id: "progress" });
  const comment = element("textarea", { id: "comment", rows: 4, maxlength: 5000 });
  const wrong = element("p", { class: "wrong", role: "alert" });
  const button = element("button", { type: "submit", class: "primary", id: "send" }, say.send);
  const made = element(
    "form",
    { class: "stack" },
    element("fieldset", {}, element("legend", {}, say.how), choices.map((each) => each.label)),
    question.moves_milestone && [
      element("label", { for: "progress" }, filled(say.progress, { progress: question.progress })),
      progress,
      element("p", { class: "hint" }, say.completes),
    ],
    element("label", { for: "comment" }, say.comment),
    comment,
    wrong,
    element("div", { class: "actions" }, button),
  );
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const chosen = choices.find((each) => each.box.checked).box.value;
    const sent = { answer: chosen, comment: comment.value };
    if (progress.value !== "" && chosen !== "done") sent.progress = Number(progress.value);
    const answered = await asked("probe-replies/answer", sent);
    if (!answered.problem) return page(say.thanks, element("p", {}, filled(say.kept, { answer: say[answered.answer] })));
    wrong.textContent = worded(say, answered.problem);
    button.disabled = false;
  });
  return made;
}
