import { furtherWords, lead, picture } from "../parts/pictures.js";
import { announce } from "../parts/states.js";
import { dots, paragraph } from "../parts/texts.js";

const DRAWING = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 46 20'%3E%3Cpath fill='none' stroke='%230b7566' d='M1 19L15 12L30 9L45 2'/%3E%3C/svg%3E";

export const samples = {
  picture: [
    ["On its way", () => picture("How it came here", "The chart is being drawn.").body],
    [
      "Shown",
      () => {
        const { body, show } = picture("How it goes on", "The chart is being drawn.");
        show(DRAWING, "Chart of Run a marathon. The words below say where it leads.", lead("If it goes on like this, all tasks are done by 14 Apr 2033."));
        return body;
      },
    ],
    [
      "Failed",
      () => {
        const { body, fail } = picture("How it ends", "The chart is being drawn.");
        fail("Milepost does not answer.", () => announce("Tried again."));
        return body;
      },
    ],
  ],
  lead: [["Before other words", () => [lead("If it goes on like this, all tasks are done"), paragraph("by 14 Apr 2033.")]]],
  furtherWords: [["Closed", () => furtherWords("What this rests on", dots(["The pace stays as it was."]))]],
};
