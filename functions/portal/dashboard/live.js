// Looks again while somebody looks: every ten seconds, and at once when the page is looked at again.
//
// The API tells subscribers of goals over AppSync; this page asks instead, since that needs no second address and no
// second connection, and works on a laptop too, where nothing carries subscriptions.

export const EVERY_MS = 10_000;
const LONGEST_MS = 120_000;
// A browser says that it is online a moment before anything can be reached.
const BACK_MS = 1_000;

/** Call `look` again and again until `stop` is called on what is returned.
 *
 * When `look` throws something that passes, the next look is later, and never before `retryAfter`; once the browser is
 * online again, it is soon. `failed` is told the error and in how many seconds it is tried again, and null when it went
 * well.
 */
export function watch(look, failed) {
  let timer, pause = EVERY_MS, stopped = false, looking = false;

  async function turn() {
    clearTimeout(timer);
    if (stopped || looking || document.hidden) return;
    looking = true;
    pause = await tried(look, failed, () => pause, () => stopped);
    looking = false;
    if (!stopped && !document.hidden) timer = setTimeout(turn, pause);
  }

  function back() {
    pause = BACK_MS;
    turn();
  }

  document.addEventListener("visibilitychange", turn);
  window.addEventListener("focus", turn);
  window.addEventListener("online", back);
  timer = setTimeout(turn, pause);
  return {
    now: turn,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", turn);
      window.removeEventListener("focus", turn);
      window.removeEventListener("online", back);
    },
  };
}

async function tried(look, failed, pause, stopped) {
  try {
    await look();
    if (!stopped()) failed(null, 0);
    return EVERY_MS;
  } catch (error) {
    const wait = later(error, pause());
    if (!stopped()) failed(error, Math.ceil(wait / 1000));
    return wait;
  }
}

function later(error, pause) {
  return Math.max(Math.min(pause * 2, LONGEST_MS), (error.retryAfter ?? 0) * 1000);
}
