import { finder } from "../parts/finding.js";
import { announce } from "../parts/states.js";

export const samples = {
  finder: [
    [
      "Type anything: two are found",
      () => {
        const goal = { title: [["Run a ", false], ["marathon", true]], texts: [[["In the spring", false]]] };
        const task = { title: [["Enter for the ", false], ["marathon", true]], texts: [] };
        const groups = [
          { words: "Goals", items: [goal] },
          { words: "Tasks", items: [task] },
        ];
        const { body, show } = finder({ label: "Search two things", placeholder: "Search", key: "/", typed: (words) => words && show(groups), open: () => announce("It is open.") });
        return body;
      },
    ],
    [
      "Type anything: nothing is found",
      () => {
        const { body, show } = finder({ label: "Search nothing", placeholder: "Search", key: "/", typed: (words) => words && show([], "Nothing was found."), open: () => {} });
        return body;
      },
    ],
  ],
};
