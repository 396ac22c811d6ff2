// The teams of a project: who is in each, and changing that.

import { Commands } from "./commands.js";
import { capital } from "./naming.js";
import { actions, field } from "./parts/forms.js";
import { replaceKeeping, section, stack } from "./parts/layout.js";
import { row, rows, tick, ticks } from "./parts/rows.js";
import { empty } from "./parts/states.js";
import { paragraph } from "./parts/texts.js";
import { may } from "./session.js";

const NONE = "There is no team yet. A team owns milestones together.";

export class Teams {
  constructor(path, who, changed) {
    Object.assign(this, { path: `${path}/teams`, who, changed, body: stack() });
  }

  /** Show teams, as `GET …/teams` answers them, of a project with these members. */
  take(items, members) {
    const shown = items.map((each) => this.team(each, members));
    this.body = replaceKeeping(this.body, section("Teams", shown.length ? rows(shown) : empty(NONE), may("projects:write") && this.moving({ people: [] }, members, (commands, asked) => commands.button("New team", { id: "new-team", event: "create", title: "New team", ...asked }))));
  }

  team(shown, members) {
    const { team_id: id, name, people } = shown;
    const changing = (commands, asked) => [
      commands.button("Change it", { id: `change-${id}`, event: "change", method: "PATCH", title: `Change ${name}`, ...asked }),
      commands.button("Remove it", { id: `remove-${id}`, event: "remove", method: "DELETE", path: "", title: `Remove ${name}?`, fields: [paragraph("It owns nothing any more then.")] }),
    ];
    return row({ title: name, facts: [people.map((each) => capital(this.who.name(each))).join(", ") || "Nobody is in it"], more: may("projects:write") && this.moving(shown, members, changing) });
  }

  /** Return the buttons that `made` returns for a team, or for a new one; `asked` is what is asked for in a dialog. */
  moving({ team_id: id, name, people, version }, members, made) {
    const commands = new Commands(id ? `${this.path}/${id}` : this.path, this.changed, { version: () => version, said: () => "The teams are changed." });
    const chosen = new Set(people);
    const boxes = members.map((each) => tick({ id: `in-${id}-${each.user_id}`, title: capital(this.who.name(each.user_id)), done: chosen.has(each.user_id), facts: [each.roles.join(", ")], change: (box) => (box.checked ? chosen.add(each.user_id) : chosen.delete(each.user_id)) }));
    const fields = [field("name", "What is it called?", { required: true, maxlength: 200, value: name }), ticks(boxes)];
    return stack(actions(made(commands, { path: "", fields, read: (typed) => ({ ...typed, people: [...chosen] }) })), commands.refused.body);
  }
}
