"""An escalation policy: its record, its keys, and which of several applies to an escalation.

Policies of a tenant lie together, and so do those of a project; a pointer finds one by its id alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.projects.escalation_policies.rule import HoursOf
from functions.projects.escalations import Kind, Severity
from shared import ids
from shared.errors import Conflict, NotFound
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

View = dict[str, Any]

ID: Final = "epo"
PREFIX: Final = "POLICY#"
MOST: Final = 20
"""How many policies a tenant may have, and each of its projects: all of them are read when something is raised."""
_FIELDS: Final = ("levels", "calendar", "repeats")
"""What an escalation copies of the policy that applies to it."""


class EscalationPolicyNotFound(NotFound):
    """404: there is no such escalation policy, or none that you may see."""

    def __init__(self) -> None:
        super().__init__("There is no such escalation policy, or none that you may see.")


class TooManyEscalationPolicies(Conflict):
    """409: a tenant has 20 escalation policies at most, and so has each project."""

    def __init__(self) -> None:
        super().__init__(f"There are {MOST} escalation policies. Change or delete one of them.")


class EscalationPolicy(NamedTuple):
    """A policy as it is stored; without a `project_id` it is for all projects of the tenant.

    Without `kinds`, or without `severities`, it applies to all of them. `levels` are plain values, as `rule.of` reads.
    """

    tenant_id: str
    escalation_policy_id: str
    name: str
    levels: Sequence[Mapping[str, Any]]
    created_by: str
    created_at: str
    updated_at: str
    version: int
    project_id: str | None = None
    kinds: Sequence[Kind] = ()
    severities: Sequence[Severity] = ()
    calendar: HoursOf = "elapsed"
    repeats: int = 0

    def applies(self, kind: Kind, severity: Severity) -> bool:
        """Return whether it is for escalations of this kind and severity."""
        return (not self.kinds or kind in self.kinds) and (not self.severities or severity in self.severities)

    @property
    def copied(self) -> dict[str, Any]:
        """What an escalation keeps of it."""
        return {
            "escalation_policy_id": self.escalation_policy_id,
            **{name: getattr(self, name) for name in _FIELDS},
        }


class _Pointer(NamedTuple):
    """Of which project a policy is."""

    project_id: str | None = None


def partition(tenant_id: str, project_id: str | None) -> str:
    """Return the partition of the policies of a project, or of those for all projects."""
    return f"TENANT#{tenant_id}#EPO" if project_id is None else f"TENANT#{tenant_id}#EPO#{project_id}"


def key(policy: EscalationPolicy) -> Key:
    """Return the key of a policy."""
    return Key(partition(policy.tenant_id, policy.project_id), f"{PREFIX}{policy.escalation_policy_id}")


def find(tenant_id: str, policy_id: str) -> EscalationPolicy:
    """Return a policy as it is now; two calls. Raises EscalationPolicyNotFound."""
    if not ids.is_valid(policy_id, ID):
        raise EscalationPolicyNotFound
    pointer = table.get(_pointer_key(tenant_id, policy_id), consistent=True)
    if pointer is None:
        raise EscalationPolicyNotFound
    place = partition(tenant_id, records.from_item(_Pointer, pointer).project_id)
    item = table.get(Key(place, f"{PREFIX}{policy_id}"), consistent=True)
    if item is None:
        raise EscalationPolicyNotFound
    return from_item(item)


def listed(
    tenant_id: str, project_id: str | None, *, limit: int, cursor: str | None
) -> tuple[list[EscalationPolicy], str | None]:
    """Return a page of the policies of a project, or of those for all projects, the oldest first. Raises Malformed."""
    found = table.query(partition(tenant_id, project_id), PREFIX, limit=limit, cursor=cursor)
    return [from_item(item) for item in found.items], found.next_cursor


def require_room(tenant_id: str, project_id: str | None) -> None:
    """Require that there may be one more policy. Raises TooManyEscalationPolicies."""
    found = table.query(partition(tenant_id, project_id), PREFIX, limit=MOST, consistent=True)
    if len(found.items) >= MOST:
        raise TooManyEscalationPolicies


def applying(tenant_id: str, project_id: str, kind: Kind, severity: Severity) -> EscalationPolicy | None:
    """Return the policy that applies to an escalation which is raised now, None without one; two queries."""
    for place in (partition(tenant_id, project_id), partition(tenant_id, None)):
        found = [from_item(item) for item in table.query_all(place, PREFIX)]
        chosen = narrowest(found, kind, severity)
        if chosen is not None:
            return chosen
    return None


def narrowest(found: Iterable[EscalationPolicy], kind: Kind, severity: Severity) -> EscalationPolicy | None:
    """Return which policy applies, None if none does.

    One that names the kind comes before one that names the severity only, and that before one for all; then the oldest.
    """
    fitting = [each for each in found if each.applies(kind, severity)]
    by_width = sorted(fitting, key=lambda each: (not each.kinds, not each.severities, each.escalation_policy_id))
    return next(iter(by_width), None)


def born(policy: EscalationPolicy) -> list[Write]:
    """Return the writes of a new policy, and of the pointer by which it is found."""
    place = _pointer_key(policy.tenant_id, policy.escalation_policy_id)
    pointer = records.to_item(place, "EscalationPolicyPointer", _Pointer(policy.project_id))
    return [Put(_to_item(policy), ABSENT), Put(pointer, ABSENT)]


def changed(before: EscalationPolicy, after: EscalationPolicy) -> Put:
    """Return the write that changes a policy, which is still as it was read."""
    return Put(_to_item(after), unchanged(before.version))


def removed(policy: EscalationPolicy) -> list[Write]:
    """Return the writes after which a policy is gone."""
    pointer = _pointer_key(policy.tenant_id, policy.escalation_policy_id)
    return [Delete(key(policy), unchanged(policy.version)), Delete(pointer)]


def remove_all(tenant_id: str, project_id: str) -> None:
    """Remove the policies of a project that was deleted."""
    found = [from_item(item) for item in table.query_all(partition(tenant_id, project_id), PREFIX)]
    table.delete_many([_pointer_key(tenant_id, each.escalation_policy_id) for each in found])
    table.delete_many([key(each) for each in found])


def from_item(item: Item) -> EscalationPolicy:
    """Return the policy of an item."""
    return records.from_item(EscalationPolicy, item)


def view(policy: EscalationPolicy) -> View:
    """Return what callers see of a policy."""
    shown = policy._asdict()
    del shown["tenant_id"]
    return shown | {
        "kinds": [*policy.kinds],
        "severities": [*policy.severities],
        "levels": [
            {"targets": [dict(target) for target in each["targets"]], "channels": [*each["channels"]]}
            for each in policy.levels
        ],
    }


def _to_item(policy: EscalationPolicy) -> Item:
    return records.to_item(key(policy), "EscalationPolicy", policy)


def _pointer_key(tenant_id: str, policy_id: str) -> Key:
    return Key(f"TENANT#{tenant_id}#ID#{policy_id}", "POINTER")
