// The page behind a review link: it shows what is under review, and decides when a button is pressed, never before.

import { asked, element, list, minute, page, token } from "./opened.js";

show();

async function show() {
  if (token === "") {
    return page("This is no review link", element("p", {}, "Open the link from the e-mail again, or copy all of it."));
  }
  const review = await asked("review-links/view");
  if (review.problem) return page("This link does not open", element("p", {}, review.problem));
  page(review.title, ...facts(review), ...evidence(review.evidence), form(review));
}

function facts(review) {
  const criteria = review.completion_criteria.map((each) => `${each.is_met ? "Met" : "Open"}: ${each.text}`);
  return [
    element("p", {}, `${review.name}, ${review.project ?? "a project"} asks you to decide: ${review.layer}.`),
    review.amount_minor_units !== null && element("p", {}, `Amount: ${money(review.amount_minor_units, review.currency)}`),
    element("p", { class: "quiet" }, `Attempt ${review.attempt}. The link is good until ${minute(review.expires_at)}.`),
    criteria.length > 0 && element("h2", {}, "Criteria"),
    criteria.length > 0 && list(criteria),
  ];
}

function evidence(pieces) {
  if (pieces.length === 0) return [element("p", { class: "quiet" }, "There is no evidence.")];
  const items = pieces.map((each) => {
    const href = each.download?.url ?? each.url;
    const words = each.file_name ?? each.url;
    const size = each.download ? ` (${each.media_type}, ${each.size_bytes.toLocaleString("en-GB")} bytes)` : "";
    return [element("a", { href, rel: "noopener noreferrer", target: "_blank" }, words), `${size} ${each.description}`];
  });
  return [
    element("h2", {}, "Evidence"),
    list(items),
    element("p", { class: "hint" }, "Files can be fetched for five minutes. Open the link again for longer."),
  ];
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
    if (!decided.problem) return page("Thank you", element("p", {}, `You have ${said(decided.decision)} it.`));
    wrong.textContent = decided.problem;
    buttons.forEach((each) => (each.disabled = false));
  };
  const buttons = [
    element("button", { type: "button", class: "primary", id: "approve" }, "Approve"),
    element("button", { type: "button", id: "reject" }, "Reject"),
  ];
  buttons[0].addEventListener("click", decide("approve"));
  buttons[1].addEventListener("click", decide("reject"));
  return element(
    "div",
    { class: "stack" },
    points.map((each) => element("label", {}, each.box, each.words)),
    score && element("label", { for: "score" }, `Score, at least ${review.min_score} to approve`),
    score,
    element("label", { for: "reason" }, "Reason, wanted for a rejection"),
    reason,
    wrong,
    element("div", { class: "actions" }, buttons),
  );
}

function said(decision) {
  return decision === "approve" ? "approved" : "rejected";
}

function money(minorUnits, currency) {
  const format = new Intl.NumberFormat("en-GB", { style: "currency", currency });
  return format.format(minorUnits / 10 ** format.resolvedOptions().maximumFractionDigits);
}
