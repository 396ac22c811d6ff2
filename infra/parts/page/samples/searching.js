import { choices, searchField } from "../parts/searching.js";
import { announce } from "../parts/states.js";

export const samples = {
  searchField: [
    ["With a hint", () => searchField("Search books", (words) => announce(`You look for ${words}.`), { hint: "A typo is forgiven." }).body],
    ["With a placeholder", () => searchField("Search voyages", (words) => announce(`You look for ${words}.`), { placeholder: "whale" }).body],
  ],
  choices: [
    [
      "One is chosen",
      () =>
        choices(
          "tags",
          [
            { value: "sea", count: 2, chosen: true },
            { value: "England", count: 1, chosen: false },
            { value: "", count: 1, chosen: false },
          ],
          (value) => announce(`${value || "Empty"} it is.`),
          { id: "sampled" },
        ),
    ],
    ["There are none", () => choices("tags", [], () => {}, { id: "none" })],
  ],
};
