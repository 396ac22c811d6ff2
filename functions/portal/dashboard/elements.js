// Builds what is shown. Whatever comes from elsewhere becomes text or the value of an attribute, and never markup.

const SVG = "http://www.w3.org/2000/svg";

/** Return an element; listeners stand in `on`, what is undefined, null or false is left out. */
export function element(name, attributes = {}, ...children) {
  return dressed(document.createElement(name), attributes, children);
}

/** Return an element of a drawing. */
export function drawn(name, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG, name), attributes, children);
}

/** Return text that only a screen reader says. */
export function spoken(text) {
  return element("span", { class: "spoken" }, text);
}

/** Say something to whoever listens, and show it for a while at the edge of the page. */
export function announce(text) {
  const status = document.getElementById("status");
  // The same words again are said only when they have been away.
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 50);
}

/** Put `after` where `before` stands; who was on something with an id stays on it. */
export function replaceKeeping(before, after) {
  const focused = before.contains(document.activeElement) ? document.activeElement.id : "";
  before.replaceWith(after);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return after;
}

function dressed(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value !== undefined && value !== null && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}
