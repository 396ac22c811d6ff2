// The tenants of an account: switching between them, and joining one more by an invitation.

import * as api from "./api.js";
import { button } from "./parts/forms.js";
import { head, page } from "./parts/layout.js";
import { card, cards } from "./parts/rows.js";
import { announce, failedPage, refusal } from "./parts/states.js";
import { paragraph } from "./parts/texts.js";
import { kept } from "./session.js";
import { ROLES } from "./words.js";

const HOME = { words: "To your goals", href: "#/" };

/** Return the page of the tenants that the account may enter. */
export async function tenants() {
  const { items } = await api.read("auth/memberships");
  const wrong = refusal();
  const shown = items.map((each) => tenant(each, () => go(each)));
  async function go({ tenant_id: tenantId, tenant_name: name }) {
    wrong.say("");
    try {
      await api.switchTo(tenantId);
      announce(`You are in ${name} now.`);
      arrive();
    } catch (error) {
      if (!error.silent) wrong.say(refused(error));
    }
  }
  return { title: "Tenants", body: page(head("Tenants", paragraph("Your account is a member of these.", { look: "quiet" })), wrong.body, cards(shown)) };
}

/** Return the page of somebody who is signed in and follows an invitation. */
export async function invited(token) {
  let found;
  try {
    found = await api.invitation(token);
  } catch (error) {
    return { title: "Invitation", body: failedPage("Your invitation", error.message, null, HOME) };
  }
  const wrong = refusal();
  const join = button(`Join ${found.tenant_name}`, accept, { look: "primary" });
  async function accept() {
    wrong.say("");
    try {
      const { tenant_id: tenantId } = await api.join(token);
      await api.switchTo(tenantId);
      arrive();
    } catch (error) {
      if (!error.silent) wrong.say(refused(error));
    }
  }
  const words = `${found.tenant_name} invites ${found.email} as ${ROLES[found.role]}.`;
  const said = `You are signed in${kept()?.name ? ` as ${kept().name}` : ""}. If that is your account, join with it; else sign out first.`;
  const out = button("Sign out and look at it", api.signOut, { look: "quiet" });
  return { title: "Invitation", body: page(head(`Join ${found.tenant_name}`, paragraph(words), paragraph(said)), join, wrong.body, out) };
}

/** Show what the tenant has that was just entered; the page before is not gone back to. */
function arrive() {
  location.replace("#/");
}

function tenant({ tenant_id: tenantId, tenant_name: title, role }, go) {
  const isHere = tenantId === kept()?.tenant_id;
  const facts = [`You are ${ROLES[role]}.`, isHere && "You are here."];
  return card({ title, facts, more: !isHere && button("Switch", go, { label: `Switch to ${title}` }) });
}

function refused(error) {
  if (error.code === "STEP_UP_REQUIRED") return "This tenant asks for your second factor. Sign out, and sign in with it.";
  if (error.code === "InvitationNotValid") return `${error.message} If it is to another address, sign out first.`;
  return error.message;
}
