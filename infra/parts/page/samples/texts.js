import { dots, link, marked, moment, paragraph, spoken } from "../parts/texts.js";

export const samples = {
  paragraph: [
    ["A text", () => paragraph("Set a goal, and add the tasks on the way to it.")],
    ["Quiet", () => paragraph("What your tenant tracks, by project.", { look: "quiet" })],
    ["A note", () => paragraph("Copy what you need now: these addresses are shown only once.", { look: "note" })],
    ["A description keeps its lines", () => paragraph("In wind and waves.\nBefore the summer.", { look: "description" })],
    ["A script in a text is a text", () => paragraph("<script>alert(1)</script>")],
  ],
  link: [["A link", () => paragraph(["Back to ", link("your goals", "#texts")])]],
  moment: [
    ["A moment", () => paragraph(["Reached ", moment("2026-04-07T09:30:00.000Z", "7 Apr 2026"), "."])],
    ["With words for a screen reader", () => moment("2026-04-07T09:30:00.000Z", "7 Apr 2026", "reached ")],
  ],
  marked: [
    ["Words that match a search", () => paragraph(marked([["Run a ", false], ["marathon", true], [" & rest", false]]))],
    ["A script in a text is a text", () => paragraph(marked([["<script>", true], ["alert(1)</script>", false]]))],
  ],
  dots: [["A list of texts", () => dots(["The pace stays as it was.", "No tasks are added."])]],
  spoken: [["What only a screen reader says", () => paragraph([spoken("due "), "9 Jun 2026"])]],
};
