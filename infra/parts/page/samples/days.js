import { dayBars } from "../parts/days.js";

const COUNTS = [120, 124, 131, 90, 96, 140, 152];

function days(counts) {
  return counts.map((count, place) => ({ count, words: `2026-11-2${place}: ${count}` }));
}

export const samples = {
  dayBars: [
    ["A week", () => dayBars({ label: "The last 7 days: 152 on 2026-11-26.", days: days(COUNTS), most: 7, scale: "152 at most", ends: ["2026-11-20", "2026-11-26"] })],
    ["Its first day", () => dayBars({ label: "The last 30 days: 12 on 2026-11-20.", days: days([12]), most: 30, scale: "12 at most", ends: ["30 days", "2026-11-20"] })],
  ],
};
