import { levels } from "../parts/levels.js";

export const samples = {
  levels: [
    [
      "In each state",
      () =>
        levels("Where everybody is", 100, [
          { name: "Delivered", value: 80, words: "80", doing: "on-track" },
          { name: "Waiting", value: 12, words: "12", doing: "still" },
          { name: "Unknown", value: 5, words: "5", doing: "urgent" },
          { name: "Failed", value: 3, words: "3", doing: "overdue" },
        ]),
    ],
    ["Of nothing", () => levels("How far messages came", 0, [{ name: "Sent", value: 0, words: "0", doing: "on-track" }])],
  ],
};
