// Dialogs: what is done beside a page and left again.

import { element, uniqueId } from "./elements.js";
import { button } from "./forms.js";

/** Open a modal dialog with a title, its children and a button that closes it, and return a function that does as well.
 *
 * The browser keeps the focus in it, Escape closes it, and the focus is back on the button that opened it; closed, it is
 * gone.
 */
export function openDialog(words, ...children) {
  const id = uniqueId("dialog");
  const close = button("Close", () => dialog.close());
  const dialog = element("dialog", { "aria-labelledby": id }, element("h2", { id }, words), children, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.getElementById("main").append(dialog);
  dialog.showModal();
  return () => dialog.close();
}
