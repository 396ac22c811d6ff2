// Files that are looked at in the page. They are shown as the one type that is named here, so nothing of them is ever a page.

import { element } from "./elements.js";
import { paragraph } from "./texts.js";

const PDF = "%PDF-";
const READ_WITHIN_MS = 60_000;

/** Return a picture of some bytes; `alt` is what a screen reader calls it. Scripts do not run in pictures. */
export function imagePreview(bytes, type, alt) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const image = element("img", { src: address, alt });
  image.addEventListener("load", () => URL.revokeObjectURL(address));
  return element("figure", {}, image);
}

/** Return a PDF in a frame that `name` names, as the browser's own viewer shows it; a text, if the bytes are none.
 *
 * Chromium shows no PDF in a frame with the attribute `sandbox`. Its viewer runs in a process of its own, and the bytes
 * are of no other type.
 */
export function pdfPreview(bytes, name) {
  const isPdf = new TextDecoder("latin1").decode(bytes.slice(0, PDF.length)) === PDF;
  if (!isPdf) return paragraph("This is no PDF. Save it to look at it.");
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
  const frame = element("iframe", { src: address, title: name, class: "preview", referrerpolicy: "no-referrer" });
  // The viewer reads it once more after the frame has loaded.
  setTimeout(() => URL.revokeObjectURL(address), READ_WITHIN_MS);
  return frame;
}
