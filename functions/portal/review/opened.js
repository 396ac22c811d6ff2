// What the pages behind links share: the token of the address, what is asked by it, the language, and elements to show.
//
// The token is what follows the # of the address, which no browser sends to a server. It leaves the address at once, so
// that neither the history of the browser nor a shared screen keeps it, and goes to this API alone, in a body.

import { PROBLEMS } from "./problems.js";

const main = document.getElementById("main");
const readers = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase());
let language = readers.find((tag) => Object.hasOwn(PROBLEMS, tag)) ?? "en";

/** The token of the link by which the page was opened, "" without one. */
export const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

/**
 * Return what the page says in the language that the API has named, of a page's own catalogue and of what all say.
 *
 * Without a name it is the language of the browser: nobody but the API knows whose link it is.
 */
export function texts(catalogue, named) {
  if (Object.hasOwn(PROBLEMS, named ?? "")) language = named;
  const say = { ...PROBLEMS[language], ...catalogue[language] };
  document.documentElement.lang = language;
  document.title = `${say.title} – Milepost`;
  return say;
}

/** Return a text in which each `{name}` is replaced by what it names. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Return the answer of the API, or the name of the `problem` in the texts. */
export async function asked(path, body) {
  try {
    const response = await fetch(`api/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, ...body }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const answer = await response.json();
    return response.ok ? answer : { problem: answer.code.replace(/^(Review|Probe)(?=Link)/, "") };
  } catch {
    return { problem: "NoAnswer" };
  }
}

/** Return what the texts say of a problem. */
export function worded(say, problem) {
  return say[problem] ?? say.trouble;
}

/** Say that the page is loading. */
export function loading(say) {
  main.replaceChildren(element("p", { class: "quiet" }, say.loading));
}

export function page(title, ...content) {
  main.replaceChildren(element("h1", {}, title), ...content.filter(Boolean));
  main.focus();
}

export function list(items) {
  return element("ul", { class: "dots" }, items.map((each) => element("li", {}, each)));
}

export function minute(instant) {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** Return an element. Whatever is shown becomes text or the value of an attribute, and never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children.flat(Infinity).filter((child) => child !== false && child !== null));
  return made;
}
