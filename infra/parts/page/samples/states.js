import { button } from "../parts/forms.js";
import { announce, empty, failed, failedPage, freshness, loading, refusal } from "../parts/states.js";

export const samples = {
  loading: [["Not here yet", () => loading("The chart is being drawn.")]],
  empty: [
    ["Nothing yet", () => empty("There is no link to this goal yet.")],
    ["Nothing on a whole page", () => empty("No milestone is tracked yet. A program creates them: POST /api/v1/milestones.", { large: true })],
  ],
  refusal: [
    ["Nothing is refused", () => refusal().body],
    ["Refused", () => refusal("“Buy shoes” stays as it was. Milepost does not answer.").body],
    [
      "Refused, then not any more",
      () => {
        const { body, say } = refusal();
        return [button("Refuse", () => say("The goal is archived. Bring it back first.")), button("Allow", () => say("")), body];
      },
    ],
  ],
  failed: [["A part that could not be read", () => failed("Milepost does not answer. Look at your connection.", () => announce("Tried again."))]],
  failedPage: [
    ["A page that could not be read", () => failedPage("That did not work", "Milepost does not answer.", button("Try again", () => announce("Tried again."), { look: "primary" }), { words: "To your goals", href: "#states" })],
    ["A page that there is not", () => failedPage("There is nothing here", "The address leads nowhere.", null, { words: "To your goals", href: "#states" })],
  ],
  freshness: [
    ["Up to date", () => freshness("Looks for changes every 10 seconds.", () => {}).body],
    [
      "Late",
      () => {
        const { body, say } = freshness("Looks for changes every 10 seconds.", () => say("Looks for changes every 10 seconds.", { late: false }));
        say("Milepost does not answer. Tried again in 20 seconds; this is from 23:17:54.", { late: true });
        return body;
      },
    ],
  ],
  announce: [["Press it to hear and see it", () => button("Complete the task", () => announce("Buy shoes is done."))]],
};
