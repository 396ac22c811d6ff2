// What the pages behind links share: the token of the address, what is asked by it, and elements to show.
//
// The token is what follows the # of the address, which no browser sends to a server. It leaves the address at once, so
// that neither the history of the browser nor a shared screen keeps it, and goes to this API alone, in a body.

const main = document.getElementById("main");

/** The token of the link by which the page was opened, "" without one. */
export const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

/** Return the answer of the API, or a `problem` in words. */
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
    if (response.ok) return answer;
    const fields = (answer.errors ?? []).map((each) => `${each.field} ${each.reason}.`);
    return { problem: [answer.detail, ...fields].join(" ") };
  } catch {
    return { problem: "Milepost does not answer. Look at your connection and try again." };
  }
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
