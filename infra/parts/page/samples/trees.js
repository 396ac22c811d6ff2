import { select } from "../parts/choosing.js";
import { actions, button } from "../parts/forms.js";
import { announce } from "../parts/states.js";
import { entry, node } from "../parts/trees.js";

const add = () => actions(button("Add a condition", () => announce("Added."), { look: "quiet" }));
const op = () => select("", "Of this group", [["AND", "All of these hold"], ["OR", "At least one of these holds"]]);

export const samples = {
  node: [
    [
      "A group with a condition",
      () => {
        const below = node("Condition 1", [entry("Value", { value: "customer", typed: (text) => announce(`It is ${text}.`) })], null, null);
        return node("Who is in it", [op()], [below.body], add()).body;
      },
    ],
    [
      "Refused, and with a note",
      () => {
        const refused = node("Condition 2", [entry("Value", { typed: () => {} })], null, null);
        refused.say("Value is required.");
        const empty = node("Group 3", [op()], [], add());
        empty.say("AND without children matches every lead.", { note: true });
        return [refused.body, empty.body];
      },
    ],
  ],
  entry: [
    ["With a hint", () => entry("Value", { hint: "Such as 3 months.", typed: (text) => announce(`It is ${text}.`) })],
    ["Several lines", () => entry("Values", { rows: 3, value: "red\ngreen", typed: () => {} })],
  ],
};
