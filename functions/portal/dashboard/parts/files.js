// Files that are made in the page.

import { element } from "./elements.js";

/** Have the browser save a text under a name, as it saves what is downloaded. */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text]));
  element("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
