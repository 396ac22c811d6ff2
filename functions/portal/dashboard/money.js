// Amounts: the API has the smallest units of a currency, people write and read its decimals.

// Browsers write some currencies, such as HUF, with other decimals than ISO 4217 has; without being named here it is two.
const OTHERS = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

/** Return how many decimals the amounts of a currency have. */
export function decimals(currency) {
  return Number(Object.keys(OTHERS).find((each) => OTHERS[each].split(" ").includes(currency)) ?? 2);
}

/** Return an amount in its currency. */
export function money(minorUnits, currency) {
  const digits = decimals(currency);
  const exact = typed(Math.abs(minorUnits), currency);
  const format = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat("en-GB", format).format(`${minorUnits < 0 ? "-" : ""}${exact}`);
}

/** Return an amount as somebody would type it. */
export function typed(minorUnits, currency) {
  const digits = decimals(currency);
  const text = String(minorUnits).padStart(digits + 1, "0");
  // As a text, so that no amount is rounded.
  return digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
}

/** Return an amount that somebody has typed in the smallest units of its currency, undefined for nothing.
 *
 * Throws what a form shows at the field that `known` names.
 */
export function minorUnits(text, currency, known = "amount_minor_units") {
  if (text === undefined) return undefined;
  const digits = decimals(currency);
  const [, whole, part = ""] = text.match(/^(\d{1,13})(?:[.,](\d+))?$/) ?? [];
  if (whole !== undefined && part.length <= digits) return Number(whole + part.padEnd(digits, "0"));
  throw Object.assign(new Error(), { errors: [{ field: known, reason: `must be a number of ${currency}, such as 1200` }] });
}
