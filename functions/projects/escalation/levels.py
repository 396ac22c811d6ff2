"""How an escalation begins a level: whom that tells, and by which hours it counts."""

from collections.abc import Sequence
from typing import Final

from functions.projects import projects
from functions.projects.escalation import deadline
from functions.projects.escalation_policies import rule as rules
from functions.projects.escalation_policies.rule import Level, Rule
from functions.projects.escalations import Escalation
from functions.projects.milestones import milestones
from functions.projects.people import members, owners
from functions.projects.people.owners import Primary
from shared.calendars.business_hours import Hours
from shared.callers import project_members
from shared.clock import Instant
from shared.storage import table

MOST_TOLD: Final = 20
"""How many people a level tells: an event is to stay small."""


def first(escalation: Escalation, primary: Primary | None, now: Instant) -> Escalation:
    """Return a new escalation at its first level; `primary` is the primary owner of its milestone."""
    rule = rules.of(escalation.policy)
    told = _told(escalation, rule.at(1), primary)
    return deadline.begun(escalation, told, rule, _hours(escalation, rule), now)


def next_one(escalation: Escalation, primary: Primary | None, now: Instant) -> Escalation:
    """Return an escalation, which is not at its last level, at the next one that tells somebody.

    If none does it is at the last one, and stays with those who were told before.
    """
    rule = rules.of(escalation.policy)
    for level in range(escalation.level + 1, rule.last_level + 1):
        told = _told(escalation, rule.at(level), primary)
        if told:
            return deadline.begun(escalation._replace(level=level), told, rule, _hours(escalation, rule), now)
    last = escalation._replace(level=rule.last_level)
    return deadline.begun(last, escalation.notified, rule, _hours(escalation, rule), now)


def _told(escalation: Escalation, level: Level, primary: Primary | None) -> list[str]:
    """Return whom a level tells, each once; two queries and a call at most."""
    found = list[str]()
    of_owners = {each.owner_role for each in level.targets if each.owner_role is not None}
    if "primary" in of_owners and primary is not None:
        found.append(primary.user_id)
    if of_owners - {"primary"}:
        place = milestones.partition(escalation.tenant_id, escalation.project_milestone_id)
        listed = [owners.from_item(item) for item in table.query_all(place, owners.PREFIX)]
        found += [each.user_id for each in listed if each.role in of_owners - {"primary"}]
    roles = {each.role for each in level.targets if each.role is not None}
    found += _members(escalation, [each.user for each in level.targets if each.user is not None])
    if roles:
        place = project_members.partition(escalation.tenant_id, escalation.project_id)
        joined = [members.from_item(item) for item in table.query_all(place, project_members.PREFIX)]
        found += [each.user_id for each in joined if roles & {*each.roles}]
    return [*dict.fromkeys(found)][:MOST_TOLD]


def _members(escalation: Escalation, user_ids: Sequence[str]) -> list[str]:
    """Return which of these users are members of the project; a call if there are any."""
    keys = [project_members.key(escalation.tenant_id, escalation.project_id, each) for each in user_ids]
    items = table.get_many(keys, consistent=True) if keys else []
    return [each for each, item in zip(user_ids, items, strict=True) if item is not None]


def _hours(escalation: Escalation, rule: Rule) -> Hours | None:
    if rule.calendar == "elapsed":
        return None
    project = projects.find(escalation.tenant_id, escalation.project_id)
    return None if project is None else project.hours
