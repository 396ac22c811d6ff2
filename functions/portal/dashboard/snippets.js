// Pieces of texts that a search has found: they come escaped for HTML, with `<mark>` around the words that match.

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };

/** Return the texts of a snippet in their order, each with whether it is marked. */
export function pieces(snippet) {
  return snippet.split(/(<mark>.*?<\/mark>)/s).filter(Boolean).map((piece) => [plain(piece.replace(/^<mark>|<\/mark>$/g, "")), piece.startsWith("<mark>")]);
}

function plain(escaped) {
  return escaped.replace(/&(?:lt|gt|quot|amp|#x27);/g, (entity) => ENTITIES[entity]);
}
