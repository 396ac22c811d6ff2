import { openDialog } from "../parts/dialogs.js";
import { button } from "../parts/forms.js";
import { paragraph } from "../parts/texts.js";

export const samples = {
  openDialog: [["Press it to open the dialog", () => button("Share", () => openDialog("Share “Run a marathon”", paragraph("Whoever has such an address sees the title and the progress.")))]],
};
