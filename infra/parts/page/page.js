// The page of the parts: each function of each part with what its source says of it, and samples. A sample is a function
// that is called for what is shown and printed for the code beside it, so the two cannot differ.

import { element } from "./parts/elements.js";
import { button } from "./parts/forms.js";
import { modules } from "./samples/all.js";
import { codeOf, explanations, introduction, tokens } from "./sources.js";

const PAGE = location.pathname;
const asked = new URLSearchParams(location.search);
const main = document.getElementById("main");

wear(asked.get("scheme"));
document.getElementById("switches").append(...(asked.has("scheme") ? [] : switches()));
await show();

function wear(scheme) {
  document.documentElement.className = scheme ?? "";
}

function switches() {
  const schemes = [["As the system has it", null], ["Light", "light"], ["Dark", "dark"]];
  const ways = [...schemes.map(([words, scheme]) => [words, () => (wear(scheme), show())]), ["Narrow, in both schemes", narrow]];
  const buttons = ways.map(([words, choose]) => button(words, () => (press(words), choose())));
  function press(words) {
    for (const each of buttons) each.setAttribute("aria-pressed", each.textContent === words);
  }
  press("As the system has it");
  return buttons;
}

async function show() {
  const [stylesheet, ...sources] = await Promise.all([text("parts/tokens.css"), ...modules.map(({ name }) => text(`parts/${name}.js`))]);
  const shown = modules.map((module, at) => moduleShown(module, sources[at]));
  document.getElementById("contents").replaceChildren(contents());
  main.replaceChildren(tokensShown(stylesheet), ...shown);
}

function narrow() {
  const frames = ["light", "dark"].map((scheme) => element("iframe", { src: `${PAGE}?scheme=${scheme}`, title: `360 pixels wide, ${scheme}` }));
  main.replaceChildren(element("div", { class: "frames" }, frames));
}

async function text(address) {
  return await (await fetch(address)).text();
}

function contents() {
  const names = ["tokens", ...modules.map(({ name }) => name)];
  return element("ul", {}, names.map((name) => element("li", {}, element("a", { href: `#${name}` }, name))));
}

function tokensShown(stylesheet) {
  const shown = tokens(stylesheet).map(({ name, kind, value }) => {
    const sample = element("div", {}, ["text", "weight", "font", "tracking"].includes(kind) && "Milepost");
    sample.style.setProperty("--shown", `var(${name})`);
    return element("div", { class: `token ${kind}` }, sample, element("code", {}, name), element("span", {}, value));
  });
  return element(
    "div",
    { class: "module", id: "tokens" },
    element("h2", {}, "tokens"),
    explained(introduction(stylesheet)),
    element("div", { class: "tokens" }, shown),
  );
}

function moduleShown({ name, samples }, source) {
  const said = explanations(source);
  const parts = Object.entries(samples).map(([part, states]) =>
    element(
      "div",
      { class: "part", "data-part": part },
      element("h2", {}, said[part].signature),
      explained(said[part].text),
      states.map(([state, sample, within]) => sampleShown(state, sample, within)),
    ),
  );
  return element("div", { class: "module", id: name }, element("h2", {}, name), explained(introduction(source)), parts);
}

/** Return a comment as a paragraph in which what stands between backticks is code. */
function explained(comment) {
  const pieces = comment.split("`").map((piece, at) => (at % 2 ? element("code", {}, piece) : piece));
  return element("p", { class: "explained" }, pieces);
}

function sampleShown(state, sample, within) {
  const stage = within ? element(...within) : element("div");
  stage.append(...[sample()].flat(Infinity).filter(Boolean));
  return element("div", { class: "sample" }, element("p", { class: "state" }, state), element("div", { class: "stage" }, stage), element("pre", { class: "code" }, element("code", {}, codeOf(sample))));
}
