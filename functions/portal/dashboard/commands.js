// What people do with a thing: under its version, once however often it is sent, with a reason where one is wanted, and
// with the second factor of whoever has one where the API asks for it.

import * as api from "./api.js";
import { openDialog } from "./parts/dialogs.js";
import { button, field, form, keys } from "./parts/forms.js";
import { announce, refusal } from "./parts/states.js";
import { keep, kept } from "./session.js";
import { tried } from "./trying.js";

const STEP_UP = "STEP_UP_REQUIRED";

/** Does things with what is at `path`; then `look` looks again at it, and `said` returns what is announced. What the API refuses is in `refused`.
 *
 * `version` returns which version of it was looked at last: whoever is told that there is another one sends again for that.
 */
export class Commands {
  constructor(path, look, { version = () => {}, said } = {}) {
    Object.assign(this, { path, look, version, said });
    this.refused = refusal();
    this.keyOf = keys();
  }

  /** Return the button that sends an `event` (or to a `path`, with a `method`, a `body`); `then` is called instead of looking again.
   *
   * With `fields`, these are asked for in a dialog with a `title` first; `read` makes of what was typed what is sent,
   * and `sure` are the words of its button.
   * What takes more than one confirmation (`…NotConfirmed`) calls `instead`. `said` and `version` of a command go before those of all, `label` is the accessible name of its button.
   */
  button(words, { look = "quiet", label, ...command }) {
    const act = () => (command.fields ? this.ask(words, command) : tried(() => this.send(command, command.body), this.refused.say));
    return button(words, act, { look, label, id: `command-${command.id ?? command.event}` });
  }

  ask(words, { title, fields, body, read = (values) => body ?? values, sure = words, ...command }) {
    const send = async (values) => {
      await this.send(command, read(values));
      close();
    };
    const close = openDialog(title, form({ label: sure, busy: "Sending …", send }, ...fields));
  }

  /** Send an event with a body. Throws what the API throws, after another look if there is another version. */
  async send({ event, method = "POST", path = `/${event}`, then, instead, said = this.said, version = this.version() }, body) {
    const sent = body && Object.keys(body).length ? body : undefined;
    const key = this.keyOf(`${method} ${path} ${version} ${JSON.stringify(sent)}`);
    try {
      await surely(() => api.write(method, `${this.path}${path}`, { body: sent, key, version }));
    } catch (error) {
      if (error.status === 412) await this.look();
      if (error.code?.endsWith("NotConfirmed") && instead) return instead();
      throw error;
    }
    if (then) return then();
    await this.look();
    announce(said());
  }
}

/** Do something; where the API asks for a second factor, ask for its code, and do it then. Throws what `act` throws. */
async function surely(act) {
  try {
    return await act();
  } catch (error) {
    if (error.code !== STEP_UP) throw error;
  }
  await proved();
  return await act();
}

async function proved() {
  const { email } = await api.read("auth/me");
  const { challenge_id } = await api.write("POST", "auth/generate", { body: { username: email } });
  await new Promise((done, givenUp) => {
    const send = async ({ code }) => {
      const answer = await api.write("POST", "auth/verify", { body: { challenge_id, code: code.replaceAll(/\s/g, "") } });
      keep({ ...answer, refresh_token: kept().refresh_token });
      done();
      close();
    };
    const hint = "Of your authenticator; without one, it was sent to you.";
    const typed = field("code", "Code", { required: true, inputmode: "numeric", autocomplete: "one-time-code", maxlength: 12 }, hint);
    const asked = form({ label: "Go on", busy: "Looking …", send }, typed);
    const close = openDialog("Prove that it is you", asked);
    asked.closest("dialog").addEventListener("close", () => givenUp(Object.assign(new Error(), { silent: true })));
  });
}
