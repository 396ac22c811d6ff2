import { bar, progressLine } from "../parts/bars.js";

export const samples = {
  bar: [
    ["Nothing done", () => bar({ label: "Progress of Apollo", value: 0, text: "0 %" })],
    ["Under way", () => bar({ label: "Progress of Gemini", value: 44.4, text: "44.4 %" })],
    ["Done, counted in things", () => bar({ label: "Milestones of Mercury completed", value: 6, max: 6 })],
  ],
  progressLine: [
    [
      "Stops that are reached, expected and open",
      () =>
        progressLine({
          label: "Progress of Run a marathon",
          value: 62.5,
          text: "62.5 %",
          stops: [
            { percent: 25, name: "Begun", state: "reached", words: "reached", at: "2026-04-07T09:30:00.000Z", day: "7 Apr 2026" },
            { percent: 50, name: "Halfway", state: "reached", words: "reached", at: "2026-08-02T18:00:00.000Z", day: "2 Aug 2026" },
            { percent: 75, name: "Nearly there", state: "expected", words: "expected", at: "2027-03-01T00:00:00.000Z", day: "1 Mar 2027" },
            { percent: 100, name: "Complete", state: "open", words: "needs tasks", at: null, day: null },
          ],
        }),
    ],
  ],
};
