// Asks while somebody types: when they pause, and only for what they have typed last.

const PAUSE_MS = 180;

/** Return a function that takes what is to be asked for.
 *
 * `ask` is called with it and a signal when nothing else has come for a moment; whatever was asked before is given up.
 * `show` is called with the answer, `fail` with what `ask` throws, neither of them for what was given up.
 * `undefined` only gives up. `pause` is how many milliseconds the moment has.
 */
export function asking(ask, show, fail, pause = PAUSE_MS) {
  let timer, current;
  return (wanted) => {
    clearTimeout(timer);
    current?.abort();
    if (wanted !== undefined) timer = setTimeout(() => run(wanted), pause);
  };

  async function run(wanted) {
    const { signal } = (current = new AbortController());
    try {
      const answer = await ask(wanted, signal);
      if (!signal.aborted) show(answer, wanted);
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
  }
}
