// Sign in, get the next access token without the password, and sign out.

import { send, signIn } from "./milepost.mjs";

let tokens = await signIn();
const me = await send("GET", "/auth/me", undefined, { token: tokens.access_token });
console.log(`Signed in as ${me.email}.`);

// A refresh token is good once: keep the new one. Whoever uses an old one again ends the session.
tokens = await send("POST", "/auth/refresh", { refresh_token: tokens.refresh_token });
console.log(`The next token is good for ${tokens.expires_in} seconds.`);

await send("POST", "/auth/logout", undefined, { token: tokens.access_token });
console.log("Signed out.");
