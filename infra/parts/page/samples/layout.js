import { bar } from "../parts/bars.js";
import { button, field, form } from "../parts/forms.js";
import { aside, back, beside, columns, disclosure, entrance, head, heading, menu, page, panel, place, replaceKeeping, section, stack, title, titledAside } from "../parts/layout.js";
import { headCard } from "../parts/rows.js";
import { announce } from "../parts/states.js";
import { paragraph } from "../parts/texts.js";

export const samples = {
  menu: [["On the second page", () => menu([["#layout", "Goals", false], ["#layout", "Shared", true]], "Ada Lovelace", () => announce("Signed out.")), ["nav", { "aria-label": "A sample of the main navigation" }]]],
  page: [["A page about one thing", () => page(back("Your goals", "#layout"), headCard({ title: "Run a marathon", figure: "20 %", doing: "on-track", words: "On track", bar: bar({ label: "Progress of Run a marathon", value: 20 }) }), panel(paragraph("What else there is to say.")))]],
  title: [["The title of a page", () => title("Your invitation")]],
  head: [["With what is said below it", () => head("Your goals", paragraph("3 goals, 1 of them behind.", { look: "quiet" }))]],
  back: [["The way up", () => back("Projects", "#layout")]],
  columns: [
    ["The second narrow", () => columns(panel(paragraph("The main thing.")), panel(paragraph("Beside it.")))],
    ["Both wide", () => columns(panel(paragraph("The main thing.")), panel(paragraph("As important.")), { even: true })],
  ],
  aside: [["A landmark with a name", () => aside("More about this goal", panel(paragraph("Started on 7 Oct 2025.")))]],
  titledAside: [
    [
      "Named by its heading",
      () => {
        const reached = titledAside("Recently reached");
        reached.fill(paragraph("Nothing yet.", { look: "quiet" }));
        return reached.body;
      },
    ],
  ],
  place: [
    [
      "Filled again",
      () => {
        const made = place({ look: "stack", live: true });
        let count = 0;
        made.fill(button("Count", () => made.fill(paragraph(`Counted ${++count}.`))));
        return made.body;
      },
    ],
    [
      "A form below a list",
      () => {
        const adding = place({ look: "adding" });
        adding.fill(form({ label: "Add task", busy: "Adding …", send: ({ title }) => announce(`${title} is added.`) }, field("title", "New task")));
        return adding.body;
      },
    ],
  ],
  stack: [["One below the other", () => stack(panel(paragraph("First.")), panel(paragraph("Second.")))]],
  beside: [["Side by side", () => beside(button("Try again", () => announce("Tried again."), { look: "primary" }), button("I have an account", () => announce("Sign in."), { look: "quiet" }))]],
  panel: [["Without a name", () => panel(paragraph("A surface."))]],
  section: [["With a heading", () => section("Tasks", paragraph("What is to be done."))]],
  heading: [["Inside a section", () => section("Sharing", heading("Links to this goal"), paragraph("There is none yet."))]],
  disclosure: [
    ["Closed", () => disclosure("Set a goal", {}, paragraph("What do you want to reach?"))],
    ["Open", () => disclosure("Set your first goal", { open: true }, paragraph("What do you want to reach?"))],
  ],
  entrance: [
    [
      "Somebody who is not in yet",
      () => {
        const { body, show } = entrance();
        show("Sign in", paragraph("Your session is over.", { look: "note" }), form({ label: "Sign in", busy: "Signing in …", send: () => announce("Signed in.") }, field("email", "E-mail address", { type: "email" })));
        return body;
      },
    ],
  ],
  replaceKeeping: [
    [
      "Press it: it is made again, and still has the focus",
      () => {
        const counted = (count) => button(`Edition ${count}`, () => replaceKeeping(document.getElementById("counted"), counted(count + 1)), { id: "counted" });
        return counted(0);
      },
    ],
  ],
};
