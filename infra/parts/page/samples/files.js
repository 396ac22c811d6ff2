import { picker, save, saveFrom } from "../parts/files.js";
import { button } from "../parts/forms.js";

export const samples = {
  save: [["A button that saves a file", () => button("Export as CSV", () => save("goals.csv", "goal,done\r\nRun a marathon,no\r\n"))]],
  saveFrom: [["A button that saves what is elsewhere", () => button("Save the icon", () => saveFrom("data:text/plain,Milepost"))]],
  picker: [["With a hint", () => picker("file", "File", { accept: ".pdf" }, "A PDF of up to 10 MB.").body]],
};
