// Files and documents: looked at on the page as a picture or a PDF, or saved. HTML is saved and never shown, so nothing of it is ever a page of ours.

import * as api from "./api.js";
import { openDialog } from "./parts/dialogs.js";
import { save, saveFrom } from "./parts/files.js";
import { button } from "./parts/forms.js";
import { beside, place } from "./parts/layout.js";
import { imagePreview, pdfPreview } from "./parts/previews.js";
import { announce, loading } from "./parts/states.js";
import { saidIn, tried } from "./trying.js";
import { fetchFile } from "./uploads.js";

const TRIES = 15;
const WAIT_MS = 2_000;

/** Show a picture or a PDF. It is shown as the type that is named here, whatever the bucket calls it; `address` returns where it is. */
export async function preview(name, type, address) {
  const shown = place({ live: true });
  shown.fill(loading("The file is being fetched."));
  openDialog(name, shown.body);
  await tried(async () => {
    const bytes = await fetchFile(await address());
    shown.fill(type === "application/pdf" ? pdfPreview(bytes, name) : imagePreview(bytes, type, name));
  }, saidIn(shown));
}

/** Return the buttons of the document at a path, which is called by its number; what is refused is said. */
export function documents(path, number) {
  const address = () => ready(`${path}/pdf`);
  const made = (words, label, act) => button(words, () => tried(act), { look: "quiet", label: `${label} ${number}`, id: `${label}-${number}`.replaceAll(" ", "-") });
  return beside(
    made("Look", "Look at", () => preview(number, "application/pdf", address)),
    made("PDF", "Save PDF of", async () => saveFrom(await address())),
    made("XML", "Save XML of", async () => save(`${number}.xml`, await api.text(`${path}/xml`))),
    made("HTML", "Save HTML of", async () => save(`${number}.html`, await api.text(`${path}/html`))),
  );
}

/** Return where a PDF is once it is made, which takes some seconds after the issue. */
async function ready(path) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { is_ready: isReady, url } = await api.read(path);
    if (isReady) return url;
    announce("The PDF is being made.");
    await new Promise((done) => setTimeout(done, WAIT_MS));
  }
  throw new Error("The PDF is not made yet. Try again in a minute.");
}
