// Days that people choose, as instants: a day is one of the goal's time zone, wherever the browser is.

const LAST_MILLISECOND = "T23:59:59.999Z";

/** Return the last millisecond of a day (YYYY-MM-DD) in a time zone, as an instant of the API. */
export function endOfDay(day, timeZone) {
  const wall = Date.parse(`${day}${LAST_MILLISECOND}`);
  // The offset of a guess may be that of the other side of a change of clocks; that of the second guess is not.
  const guess = wall - offset(wall, timeZone);
  return new Date(wall - offset(guess, timeZone)).toISOString();
}

/** Return by how many milliseconds the clocks of a zone are ahead of UTC at a number of milliseconds. */
function offset(at, timeZone) {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  const part = Object.fromEntries(format.formatToParts(new Date(at)).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - Math.floor(at / 1000) * 1000;
}
