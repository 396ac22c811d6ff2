import { imagePreview, pdfPreview } from "../parts/previews.js";

const DOT = Uint8Array.from(atob("R0lGODlhAQABAIAAAAt1ZgAAACwAAAAAAQABAAACAkQBADs="), (letter) => letter.charCodeAt(0));

export const samples = {
  imagePreview: [["A picture", () => imagePreview(DOT, "image/gif", "A green dot")]],
  pdfPreview: [["What is no PDF", () => pdfPreview(DOT, "dot.pdf")]],
};
