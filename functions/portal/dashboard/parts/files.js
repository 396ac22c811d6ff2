// Files that are made in the page, chosen for it, or saved from elsewhere.

import { element, uniqueId } from "./elements.js";

/** Have the browser save a text under a name, as it saves what is downloaded. */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text]));
  element("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

/** Have the browser save what is at an address that sends it as an attachment; the page stays. */
export function saveFrom(address) {
  element("a", { href: address, target: "_blank", rel: "noreferrer" }).click();
}

/** Return a labelled field for a file, which Enter and Space open as they do any button: `body`, and `file`, which returns
 * the chosen one, undefined while there is none. Its hint describes it to a screen reader.
 */
export function picker(name, label, attributes = {}, hint = "") {
  const id = uniqueId("file");
  const input = element("input", { type: "file", id, name, "aria-describedby": `${id}-hint`, ...attributes });
  const body = element("div", { class: "field" }, element("label", { for: id }, label), hint && element("span", { class: "hint", id: `${id}-hint` }, hint), input);
  return { body, file: () => input.files[0] };
}
