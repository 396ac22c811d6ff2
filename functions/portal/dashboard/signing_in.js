// Signing in, with the second factor of who has one, and making an account, of one's own or by an invitation.

import * as api from "./api.js";
import { button, field, form } from "./parts/forms.js";
import { beside, entrance } from "./parts/layout.js";
import { paragraph } from "./parts/texts.js";
import { ROLES } from "./words.js";

const EMAIL = { type: "email", required: true, autocomplete: "username", maxlength: 254 };
const PASSWORD = { type: "password", required: true, autocomplete: "current-password", maxlength: 128 };
const NEW_PASSWORD = { ...PASSWORD, autocomplete: "new-password", minlength: 12 };
const NAME = { required: true, autocomplete: "name", maxlength: 100 };
const CODE = { required: true, autocomplete: "one-time-code", maxlength: 32, spellcheck: "false" };

/** Return the page of who is not signed in.
 *
 * `note` says why they see it, `entered` is called when they are signed in, `token` is that of an invitation they follow.
 */
export function signingIn(note, entered, token) {
  const { body, show } = entrance();
  const steps = {
    begin: (said) => show("Sign in", noted(said), withPassword(steps, entered)),
    prove: (token) => show("Your second factor", withCode(token, steps, entered)),
    join: () => show("Create an account", withAccount(steps, entered)),
    open: () => opened(show, token, steps, entered),
  };
  if (token) steps.open();
  else steps.begin(note);
  return { title: token ? "Invitation" : "Sign in", body };
}

async function opened(show, token, steps, entered) {
  show("Your invitation", noted("Looking what it is to …"));
  // Signed in, they come back to the invitation.
  const signIn = other("I have an account", () => steps.begin("Sign in with the invited address, then join."));
  const elsewhere = other("I have an account", () => {
    history.replaceState(null, "", "#/");
    steps.begin("");
  });
  try {
    const found = await api.invitation(token);
    const words = `${found.tenant_name} invites you as ${ROLES[found.role]}. Create your account to accept.`;
    show(`Join ${found.tenant_name}`, noted(words), withInvitation(token, found, signIn, entered));
  } catch (error) {
    const again = error.passes && button("Try again", steps.open, { look: "primary" });
    show("Your invitation", noted(error.message), beside(again, elsewhere));
  }
}

function withInvitation(token, { email }, signIn, entered) {
  async function send({ name, password }, key) {
    await api.register(name, email, password, key, token);
    history.replaceState(null, "", "#/");
    entered();
  }
  return form(
    { label: "Create my account", busy: "Creating …", send, more: [signIn] },
    field("name", "Your name", NAME),
    field("email", "E-mail address", { ...EMAIL, readonly: true, value: email }, "The invitation is for this address."),
    field("password", "Password", NEW_PASSWORD, "At least 12 characters."),
  );
}

function noted(words) {
  return words && paragraph(words, { look: "note" });
}

function withPassword(steps, entered) {
  async function send({ email, password }) {
    const mfaToken = await api.signIn(email, password);
    if (mfaToken) steps.prove(mfaToken);
    else entered();
  }
  const join = other("Create an account", steps.join);
  return form(
    { label: "Sign in", busy: "Signing in …", send, more: [join] },
    field("email", "E-mail address", EMAIL),
    field("password", "Password", PASSWORD),
  );
}

function withCode(mfaToken, steps, entered) {
  async function send({ code }) {
    try {
      await api.signInWithCode(mfaToken, code);
      entered();
    } catch (error) {
      if (error.code !== "InvalidMfaToken") throw error;
      steps.begin("That took too long, or too many codes were wrong. Begin again.");
    }
  }
  const back = other("Begin again", () => steps.begin(""));
  const hint = "The six digits of your authenticator, or a recovery code.";
  return form({ label: "Go on", busy: "Looking …", send, more: [back] }, field("code", "Code", CODE, hint));
}

function withAccount(steps, entered) {
  async function send({ name, email, password }, key) {
    await api.register(name, email, password, key);
    history.replaceState(null, "", "#/");
    entered();
  }
  const back = other("I have an account", () => steps.begin(""));
  return form(
    { label: "Create my account", busy: "Creating …", send, more: [back] },
    field("name", "Your name", NAME),
    field("email", "E-mail address", EMAIL),
    field("password", "Password", NEW_PASSWORD, "At least 12 characters."),
  );
}

function other(words, go) {
  return button(words, go, { look: "quiet" });
}
