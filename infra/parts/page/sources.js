// What the sources of the parts say of themselves.

/** Return the code of a sample: the body of its function, as far left as it goes. */
export function codeOf(sample) {
  const source = sample.toString().replace(/^\(\) =>\s*/, "");
  if (!source.startsWith("{")) return outdented(source);
  return outdented(source.slice(1, -1).replace(/^\n|\n\s*$/g, ""));
}

/** Return what a file says of itself: its first comment. */
export function introduction(source) {
  const [comment] = source.match(/^(?:\/\/.*\n)+|^\/\*[^]*?\*\//);
  return flowing(comment.replace(/^\/\/ ?/gm, "").replace(/^\/\*|\*\/$/g, ""));
}

/** Return, for each function that a module exports, its signature and the comment above it. */
export function explanations(source) {
  const found = source.matchAll(/\/\*\*([^]*?)\*\/\nexport function (\w+)(\([^]*?\)) \{\n/g);
  return Object.fromEntries(
    [...found].map(([, comment, name, parameters]) => [name, { signature: `${name}${parameters}`, text: flowing(comment.replace(/^ *\* ?/gm, "")) }]),
  );
}

/** Return the tokens of a style sheet in its order; `kind` is the first word of the name. */
export function tokens(stylesheet) {
  const [root] = stylesheet.match(/:root \{[^]*?\n\}/);
  return [...root.matchAll(/(--([a-z]+)[\w-]*): ([^;]+);/g)].map(([, name, kind, value]) => ({ name, kind, value }));
}

/** Return a comment without its line breaks, but with its paragraphs. */
function flowing(comment) {
  return comment.trim().split(/\n\s*\n/).map((each) => each.replace(/\s*\n\s*/g, " ")).join("\n\n");
}

function outdented(source) {
  const lines = source.split("\n");
  const depths = lines.slice(source.startsWith(" ") ? 0 : 1).filter((line) => line.trim()).map((line) => line.search(/\S/));
  const depth = depths.length ? Math.min(...depths) : 0;
  return lines.map((line) => (line.search(/\S/) >= depth ? line.slice(line.startsWith(" ") ? depth : 0) : line)).join("\n");
}
