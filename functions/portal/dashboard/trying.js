// Doing what may be refused, and saying so.

import { announce, refusal } from "./parts/states.js";

/** Do something, and return what it returns. What is refused is told to `say`, which gets "" before; without one it is announced.
 *
 * An error that is `silent` is not told.
 */
export async function tried(act, say = (words) => words && announce(words)) {
  say("");
  try {
    return await act();
  } catch (error) {
    if (!error.silent) say(error.message);
  }
}

/** Return a place, which `fill` fills, as what is told by `tried`. */
export function saidIn({ fill }) {
  return (words) => words && fill(refusal(words).body);
}
