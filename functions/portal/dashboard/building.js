// The builder of a rule: groups and conditions, added, changed and taken away, by keyboard as by pointer.

import { select } from "./parts/choosing.js";
import { actions, button } from "./parts/forms.js";
import { place, replaceKeeping, stack } from "./parts/layout.js";
import { paragraph } from "./parts/texts.js";
import { entry, node as shownNode } from "./parts/trees.js";
import { CHOICES, NAMED, asked, at, condition, group, operatorsOf, read, turn, typeOf, written } from "./rules.js";

const OPS = [["AND", "All of these hold"], ["OR", "At least one of these holds"], ["NOT", "This does not hold"]];

/** Builds a rule; `changed` is called when it is another one. `segments` are those that it may name. */
export class Builder {
  constructor(rule, segments, changed) {
    const root = rule ? read(rule) : group("AND", [condition()]);
    this.root = root.children ? root : group("AND", [root]);
    this.segments = segments.map(({ segment_id: id, name }) => [id, name]);
    this.changed = changed;
    this.body = stack();
    this.draw();
  }

  /** Return the rule as it is now. */
  rule() {
    return written(this.root);
  }

  /** Say at the node of each path what is wrong with it, or what it may not be meant to be; everything else is well. */
  say(remarks) {
    for (const shown of this.nodes.values()) shown.say("");
    for (const { path, words, note } of remarks) this.nodes.get(at(this.root, path)).say(words, { note });
  }

  /** Draw the tree anew, and bring the focus to an element of it, else leave it where it was. */
  draw(focus) {
    this.nodes = new Map();
    this.body = replaceKeeping(this.body, stack(this.drawn(this.root, "")));
    if (focus) document.getElementById(focus)?.focus();
  }

  update(focus) {
    this.draw(focus);
    this.changed();
  }

  drawn(node, number, above) {
    const shown = node.children ? this.group(node, number, above) : this.leaf(node, number, above);
    this.nodes.set(node, shown);
    return shown.body;
  }

  group(node, number, above) {
    const words = number ? `Group ${number}` : "Who is in it";
    const below = node.children.map((each, index) => this.drawn(each, `${number}${number && "."}${index + 1}`, node));
    const ops = select("", "Of this group", OPS, { value: node.op, id: `rule-${node.id}-op`, change: (op) => ((node.op = op), this.changed()) });
    const add = (what, make, aim) =>
      button(`Add a ${what}`, () => this.add(node, make(), aim), { look: "quiet", label: `Add a ${what} to ${number ? `group ${number}` : "the rule"}`, id: `rule-${node.id}-add-${what}` });
    const adding = [add("condition", condition, "field"), add("group", () => group("OR", [condition()]), "op")];
    return shownNode(words, [ops], below, actions(...adding, above && this.removing(node, above, words)));
  }

  leaf(node, number, above) {
    const words = `Condition ${number}`;
    const controls = node.kept ? [paragraph(`Kept as it is: ${JSON.stringify(node.kept)}`)] : this.controls(node);
    return shownNode(words, controls, null, actions(this.removing(node, above, words)));
  }

  /** Return what a condition is made of. The list that somebody is choosing from stays, so that letters typed in it add up. */
  controls(node) {
    const others = place({ look: "several" });
    const changed = (field) => (turn(node, field), others.fill(...this.others(node)), this.changed());
    others.fill(...this.others(node));
    return [select("", "Field", CHOICES, { value: node.field, id: `rule-${node.id}-field`, change: changed }), others.body];
  }

  others(node) {
    const id = (what) => `rule-${node.id}-${what}`;
    const value = place({ look: "several" });
    const chosen = (operator) => ((node.operator = operator), value.fill(...this.value(node, id("value"))), this.changed());
    const named = (text) => ((node.name = text), this.changed());
    value.fill(...this.value(node, id("value")));
    const operator = select("", "How", operatorsOf(node), { value: node.operator, id: id("operator"), change: chosen });
    return [...(NAMED[node.field] ? [entry(NAMED[node.field], { id: id("name"), value: node.name, typed: named })] : []), operator, value.body];
  }

  value(node, id) {
    const wanted = asked(node);
    const typed = (text) => ((node.text = text), this.changed());
    if (typeOf(node) === "segment") return [select("", "Segment", [["", "Choose one"], ...this.segments], { value: node.text, id, change: typed })];
    return wanted ? [entry(wanted.rows ? "Values" : "Value", { id, value: node.text, typed, ...wanted })] : [];
  }

  removing(node, above, words) {
    return button("Remove", () => this.remove(node, above), { look: "quiet", label: `Remove ${words.toLowerCase()}`, id: `rule-${node.id}-remove` });
  }

  add(node, child, aim) {
    node.children.push(child);
    this.update(`rule-${child.id}-${aim}`);
  }

  remove(node, above) {
    above.children = above.children.filter((each) => each !== node);
    this.update(`rule-${above.id}-add-condition`);
  }
}
