// The page behind a review link: it shows what is under review, and decides when a button is pressed, never before.

import { asked, element, filled, list, loading, minute, page, texts, token, worded } from "./opened.js";
import { TEXTS } from "./texts.js";

let say = texts(TEXTS);

show();

async function show() {
  if (token === "") return page(say.noLink, element("p", {}, say.copied));
  loading(say);
  const review = await asked("review-links/view");
  if (review.problem) return page(say.closed, element("p", {}, worded(say, review.problem)));
  say = texts(TEXTS, review.language);
  page(review.title, ...facts(review), ...evidence(review.evidence), form(review));
}

function facts(review) {
  const criteria = review.completion_criteria.map((each) => filled(each.is_met ? say.met : say.open, { criterion: each.text }));
  const asks = { name: review.name, project: review.project ?? say.someProject, layer: review.layer };
  const amount = review.amount_minor_units !== null && money(review.amount_minor_units, review.currency);
  return [
    element("p", {}, filled(say.asks, asks)),
    amount && element("p", {}, filled(say.amount, { amount })),
    element("p", { class: "quiet" }, filled(say.attempt, { attempt: review.attempt, until: minute(review.expires_at) })),
    criteria.length > 0 && element("h2", {}, say.criteria),
    criteria.length > 0 && list(criteria),
  ];
}

function evidence(pieces) {
  if (pieces.length === 0) return [element("p", { class: "quiet" }, say.noEvidence)];
  const items = pieces.map((each) => {
    const href = each.download?.url ?? each.url;
    const words = each.file_name ?? each.url;
    const bytes = each.download && each.size_bytes.toLocaleString(say.locale);
    const size = each.download ? ` ${filled(say.size, { type: each.media_type, bytes })}` : "";
    return [element("a", { href, rel: "noopener noreferrer", target: "_blank" }, words), `${size} ${each.description}`];
  });
  return [element("h2", {}, say.evidence), list(items), element("p", { class: "hint" }, say.fiveMinutes)];
}

function form(review) {
  const points = review.checklist.map((words) => ({ words, box: element("input", { type: "checkbox" }) }));
  const score = review.min_score !== null && element("input", { type: "number", min: 0, max: 100, id: "score" });
  const reason = element("textarea", { id: "reason", rows: 3, maxlength: 500 });
  const wrong = element("p", { class: "wrong", role: "alert" });
  const decide = (decision) => async () => {
    buttons.forEach((each) => (each.disabled = true));
    const sent = { decision, subject_digest: review.subject_digest };
    sent.checklist = points.filter((each) => each.box.checked).map((each) => each.words);
    if (reason.value.trim() !== "") sent.reason = reason.value;
    if (score && score.value !== "") sent.score = Number(score.value);
    const decided = await asked("review-links/decide", sent);
    if (!decided.problem) return page(say.thanks, element("p", {}, said(decided.decision)));
    wrong.textContent = worded(say, decided.problem);
    buttons.forEach((each) => (each.disabled = false));
  };
  const buttons = [
    element("button", { type: "button", class: "primary", id: "approve" }, say.approve),
    element("button", { type: "button", id: "reject" }, say.reject),
  ];
  buttons[0].addEventListener("click", decide("approve"));
  buttons[1].addEventListener("click", decide("reject"));
  return element(
    "div",
    { class: "stack" },
    points.map((each) => element("label", {}, each.box, each.words)),
    score && element("label", { for: "score" }, filled(say.score, { least: review.min_score })),
    score,
    element("label", { for: "reason" }, say.reason),
    reason,
    wrong,
    element("div", { class: "actions" }, buttons),
  );
}

function said(decision) {
  return decision === "approve" ? say.approved : say.rejected;
}

function money(minorUnits, currency) {
  const format = new Intl.NumberFormat(say.locale, { style: "currency", currency });
  return format.format(minorUnits / 10 ** format.resolvedOptions().maximumFractionDigits);
}
