import { save } from "../parts/files.js";
import { button } from "../parts/forms.js";

export const samples = {
  save: [["A button that saves a file", () => button("Export as CSV", () => save("goals.csv", "goal,done\r\nRun a marathon,no\r\n"))]],
};
