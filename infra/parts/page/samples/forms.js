import { actions, button, copyable, field, form, keys, pair } from "../parts/forms.js";
import { announce } from "../parts/states.js";

export const samples = {
  button: [
    ["One of several", () => button("Pause", () => announce("Paused."))],
    ["The one thing to do", () => button("Try again", () => announce("Tried again."), { look: "primary" })],
    ["Seldom done", () => button("Show more goals", () => announce("There are no more."), { look: "quiet" })],
    ["With a name of its own", () => button("End", () => announce("Ended."), { look: "quiet", label: "End the link README" })],
  ],
  actions: [["Side by side", () => actions(button("Complete the goal", () => announce("Completed.")), button("Archive", () => announce("Archived.")))]],
  field: [
    ["Empty, with a placeholder", () => field("title", "What do you want to reach?", { required: true, maxlength: 100, placeholder: "Run a marathon" })],
    ["With a hint", () => field("deadline", "By when?", { type: "date" }, "You may leave this open.")],
    ["Several lines", () => field("description", "What will be true then?", { rows: 2, value: "In Hamburg." })],
    ["Only to read", () => field("email", "E-mail address", { type: "email", readonly: true, value: "ada@milepost.example" })],
  ],
  pair: [["Two short ones", () => pair(field("due", "Due", { type: "date" }), field("weight", "Weight", { type: "number", min: 1, max: 1000 }))]],
  copyable: [["An address", () => copyable("Badge", "https://milepost.example/api/v1/shared/badge.svg", "a picture with the progress, for a README", "Copy the address of the badge")]],
  form: [
    [
      "At rest",
      () =>
        form(
          { label: "Add task", busy: "Adding …", send: ({ title }) => announce(`${title} is added.`), more: [button("Cancel", () => announce("Nothing is added."), { look: "quiet" })] },
          field("title", "New task", { required: true, maxlength: 100 }),
        ),
    ],
    [
      "While it is sent",
      () => {
        const shown = form({ label: "Make a link", busy: "Making …", send: () => new Promise(() => {}) }, field("name", "What is it for?"));
        shown.dispatchEvent(new Event("submit"));
        return shown;
      },
    ],
    [
      "Refused at a field",
      () => {
        const send = () => {
          throw Object.assign(new Error("A field is not valid."), { errors: [{ field: "weight", reason: "must be at most 1000" }] });
        };
        const shown = form({ label: "Add task", busy: "Adding …", send }, field("weight", "Weight", { type: "number", value: 2000 }));
        shown.dispatchEvent(new Event("submit"));
        return shown;
      },
    ],
    [
      "Refused as a whole",
      () => {
        const send = () => {
          throw new Error("Milepost does not answer. Look at your connection; what you have typed stays here.");
        };
        const shown = form({ label: "Add task", busy: "Adding …", send }, field("title", "New task", { value: "Run 20 km" }));
        shown.dispatchEvent(new Event("submit"));
        return shown;
      },
    ],
  ],
  keys: [
    [
      "Sent again, the same key; another text, another one",
      () => {
        const keyOf = keys();
        return [keyOf("complete") === keyOf("complete"), keyOf("complete") === keyOf("archive")].join(", ");
      },
    ],
  ],
};
