import { diagram } from "../parts/diagrams.js";

export const samples = {
  diagram: [
    [
      "Every way a node can be doing",
      () =>
        diagram("What waits for what", [
          { id: "audit", title: "Contracts audited", words: "Completed", doing: "done", after: [] },
          { id: "testnet", title: "Testnet", words: "Missed", doing: "overdue", after: ["audit"] },
          { id: "mainnet", title: "Mainnet, the name of which is too long", words: "Not begun", doing: "still", after: ["audit", "testnet"] },
          { id: "docs", title: "Documents", words: "Under way", doing: "on-track", after: ["audit"] },
        ]),
    ],
    ["Nothing waits, so there is nothing to draw", () => diagram("What waits for what else", [{ id: "one", title: "Alone", words: "Completed", doing: "done", after: [] }])],
  ],
};
