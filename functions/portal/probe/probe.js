// The page behind a link of a probe: it shows what is asked, and answers when the button is pressed, never before.

import { asked, element, minute, page, token } from "../review/opened.js";

const ANSWERS = { on_track: "On track", at_risk: "At risk", blocked: "Blocked", done: "Done" };

show();

async function show() {
  if (token === "") {
    return page("This is no link to a question", element("p", {}, "Open the link from the e-mail again, or copy all of it."));
  }
  const question = await asked("probe-replies/view");
  if (question.problem) return page("This link does not open", element("p", {}, question.problem));
  const greeting = question.name === null ? "" : `${question.name}, `;
  page(
    question.title,
    element("p", {}, `${greeting}${question.project ?? "a project"} asks you:`),
    element("p", {}, question.question),
    element("p", { class: "quiet" }, `Asked ${minute(question.asked_at)}. The link is good until ${minute(question.expires_at)}.`),
    form(question),
  );
}

function form(question) {
  const choices = Object.entries(ANSWERS).map(([value, words]) => {
    const box = element("input", { type: "radio", name: "answer", value, required: "" });
    return { box, label: element("label", {}, box, words) };
  });
  const progress = element("input", { type: "number", min: 0, max: 100, id: "progress" });
  const comment = element("textarea", { id: "comment", rows: 4, maxlength: 5000 });
  const wrong = element("p", { class: "wrong", role: "alert" });
  const button = element("button", { type: "submit", class: "primary", id: "send" }, "Send the answer");
  const made = element(
    "form",
    { class: "stack" },
    element("fieldset", {}, element("legend", {}, "How is it?"), choices.map((each) => each.label)),
    question.moves_milestone && [
      element("label", { for: "progress" }, `Progress in percent, ${question.progress} now; leave it empty to keep that`),
      progress,
      element("p", { class: "hint" }, "Done completes the milestone."),
    ],
    element("label", { for: "comment" }, "Comment"),
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
    if (!answered.problem) return page("Thank you", element("p", {}, `Your answer is kept: ${ANSWERS[answered.answer]}.`));
    wrong.textContent = answered.problem;
    button.disabled = false;
  });
  return made;
}
