import { table } from "../parts/tables.js";
import { link } from "../parts/texts.js";

export const samples = {
  table: [
    ["With amounts and their sum", () => table("Trial balance", ["Account", "Debits", "Credits"], [[link("Receivable", "#tables"), "€1,180.00", "€0.00"], ["Revenue", "", "€1,180.00"]], { amounts: ["Debits", "Credits"], foot: ["Together", "€1,180.00", "€1,180.00"] })],
    ["Of words", () => table("Attempts", ["Attempt", "Gateway", "Outcome"], [["1", "ledger", "refused"], ["2", "ledger", "made"]])],
  ],
};
