import { orderable } from "../parts/ordering.js";
import { announce } from "../parts/states.js";
import { link } from "../parts/texts.js";

export const samples = {
  orderable: [
    [
      "It may be changed",
      () =>
        orderable({
          label: "Scenes in their order",
          items: [
            { id: "opening", name: "opening", title: link("opening", "#ordering"), figure: 1, facts: ["The beginning", "3 versions"] },
            { id: "chase", name: "chase", title: link("chase", "#ordering"), figure: 2, facts: [] },
            { id: "storm", name: "storm", title: link("storm", "#ordering"), figure: 7, facts: ["At sea"] },
          ],
          moved: (id, order) => announce(`${id} is now ${order.indexOf(id) + 1} of ${order.length}.`),
          said: announce,
        }).body,
    ],
    ["It only shows", () => orderable({ label: "Acts in their order", items: [{ id: "one", name: "one", title: "one", figure: 1, facts: [] }], said: announce }).body],
  ],
};
