import { bar } from "../parts/bars.js";
import { button } from "../parts/forms.js";
import { card, cards, entries, growingCards, headCard, plainRows, row, rows, terms, tick, ticks, waits } from "../parts/rows.js";
import { announce } from "../parts/states.js";
import { link, moment } from "../parts/texts.js";

export const samples = {
  cards: [
    [
      "Every way a thing can be doing",
      () =>
        cards([
          card({ title: "Move house", href: "#rows", figure: "80 %", doing: "on-track", words: "On track", facts: ["Due 5 Oct 2027", "8 of 10 tasks done"], bar: bar({ label: "Progress of Move house", value: 80 }) }),
          card({ title: "Learn to sail", href: "#rows", figure: "20 %", doing: "behind", words: "Behind", facts: ["No deadline"], bar: bar({ label: "Progress of Learn to sail", value: 20 }) }),
          card({ title: "File the taxes", href: "#rows", figure: "50 %", doing: "urgent", words: "Urgent, behind", bar: bar({ label: "Progress of File the taxes", value: 50 }) }),
          card({ title: "Paint the door", href: "#rows", figure: "60 %", doing: "overdue", words: "Overdue", bar: bar({ label: "Progress of Paint the door", value: 60 }) }),
          card({ title: "Write a book", href: "#rows", figure: "10 %", doing: "still", words: "Paused", bar: bar({ label: "Progress of Write a book", value: 10 }) }),
          card({ title: "Run a marathon", href: "#rows", figure: "100 %", doing: "done", words: "Done", bar: bar({ label: "Progress of Run a marathon", value: 100 }) }),
        ]),
    ],
  ],
  growingCards: [
    [
      "There are more",
      () => {
        const { body, list, more } = growingCards("Show more projects", showMore);
        list.append(card({ title: "apollo", href: "#rows", doing: "done", facts: ["1 of 3 milestones completed"] }));
        function showMore() {
          list.append(card({ title: "gemini", href: "#rows", doing: "done", facts: ["None completed yet"] }));
          more.hidden = true;
        }
        return body;
      },
    ],
  ],
  card: [
    ["Only a title", () => cards([card({ title: "apollo", href: "#rows", id: "project-apollo" })])],
    ["All there is", () => cards([card({ title: "Mars", href: "#rows", id: "project-mars", figure: "5 %", doing: "still", description: "A long way.", words: "Under way", facts: ["Due 2040"], bar: bar({ label: "Progress of Mars", value: 5 }), more: waits("Waits for", ["Moon, completed"]) })])],
  ],
  headCard: [
    ["At the top of a page", () => headCard({ title: "Ship the kit", id: "kit", figure: "37.1 %", doing: "behind", description: "For all pages\nthat are to come.", words: "Behind", facts: ["Due 5 Oct 2027", "4 of 14 tasks done"], bar: bar({ label: "Progress of Ship the kit", value: 37.1 }) })],
  ],
  rows: [
    [
      "Rows of one list",
      () =>
        rows([
          row({ title: "Contracts audited", figure: "100 %", doing: "done", words: "Completed", facts: ["audits: 2 of 2"], bar: bar({ label: "Progress of Contracts audited", value: 100 }) }),
          row({ title: "Mainnet", figure: "0 %", doing: "still", words: "Not begun", bar: bar({ label: "Progress of Mainnet", value: 0 }), more: waits("Waits for", ["Contracts audited, completed"]) }),
        ]),
    ],
  ],
  row: [["Missed", () => rows([row({ title: "Testnet", figure: "40 %", doing: "overdue", words: "Missed", facts: ["due 31 Jan 2026"], bar: bar({ label: "Progress of Testnet", value: 40 }) })])]],
  ticks: [
    ["Some done, some open", () => ticks([tick({ id: "task-1", title: "Buy shoes", done: true, facts: ["done 2 Dec 2025"], change: () => {} }), tick({ id: "task-2", title: "Run 20 km", done: false, facts: ["weight 3", "due 9 Jun 2026"], change: () => {} })])],
    ["Nothing yet", () => ticks([], "No tasks yet. What is the first step?")],
  ],
  tick: [
    ["One that says what it does", () => ticks([tick({ id: "task-3", title: "Call the club", done: false, facts: [], change: (box) => announce(box.checked ? "Done." : "Open again.") })])],
    ["May not be changed", () => ticks([tick({ id: "task-4", title: "Pay the fee", done: false, disabled: true, facts: ["paused"], change: () => {} })])],
  ],
  entries: [
    [
      "What has happened",
      () =>
        entries([
          { link: link("Run a marathon", "#rows"), said: "50 %, Halfway", moment: moment("2026-08-02T18:00:00.000Z", "2 Aug 2026", "reached ") },
          { link: link("Move house", "#rows"), said: "25 %, Begun", moment: moment("2026-04-07T09:30:00.000Z", "7 Apr 2026", "reached ") },
        ]),
    ],
  ],
  terms: [
    ["One below the other; what is unknown is left out", () => terms([["Started", "7 Oct 2025"], ["Category", null], ["Tags", "sea, wind"]])],
    ["Each on one line", () => terms([["as likely as not", "by 14 Apr 2033"], ["very likely (95 %)", "not within 20 years"]], { inline: true })],
  ],
  waits: [
    ["For two others", () => waits("Waits for", ["Contracts audited, completed", "Testnet, not completed yet"])],
    ["For nothing", () => waits("Waits for", [])],
  ],
  plainRows: [["Rows with a button", () => plainRows([{ name: "README", said: "since 26 Nov 2026", button: button("End", () => announce("The link is ended."), { look: "quiet", label: "End README" }) }])]],
};
