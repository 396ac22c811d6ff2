import { select } from "../parts/choosing.js";
import { announce } from "../parts/states.js";

export const samples = {
  select: [
    ["With a hint", () => select("channel", "Channel", [["email", "E-mail"], ["sms", "SMS"]], { value: "sms", hint: "How it is sent.", change: (value) => announce(`It is ${value}.`) })],
    ["In groups", () => select("field", "Field", [["Who it is", [["name", "Name"], ["tags", "Tags"]]], ["What they did", [["visits", "Visits"]]]])],
  ],
};
