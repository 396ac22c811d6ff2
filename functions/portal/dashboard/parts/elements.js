// The ground of every part: makes elements. Whatever comes from elsewhere becomes text or the value of an attribute, and
// never markup. Pages use the parts and import nothing from here.

const SVG = "http://www.w3.org/2000/svg";

let made = 0;

/** Return an element. `on` has its listeners by event. Attributes and children that are undefined, null or false are left out. */
export function element(name, attributes = {}, ...children) {
  return dressed(document.createElement(name), attributes, children);
}

/** Return an element of a drawing. */
export function drawn(name, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG, name), attributes, children);
}

/** Return an id that no other element has, for a label or a description to refer to. */
export function uniqueId(word) {
  return `${word}-${++made}`;
}

/** Return the value of a `class` attribute; names that are empty, undefined, null or false are left out. */
export function classes(...names) {
  return names.filter(Boolean).join(" ");
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
