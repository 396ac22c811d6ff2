"""How terms are read and set: the usual ones of a tenant, and those of a milestone before it is completed."""

from collections.abc import Mapping
from typing import Any, Final

from functions.payments import access
from functions.payments.billing import billings, gates
from functions.payments.billing.gates import Gate
from functions.payments.terms import items, views
from functions.payments.terms.items import SetTerms
from functions.payments.terms.terms import Terms
from functions.payments.terms.views import View
from shared import clock
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.errors import Conflict
from shared.storage import changes, table, versions
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Check, Condition, Put, Write, unchanged

_AGREED: Final = frozenset({"completed", "verified", "approved", "cancelled"})


class TermsFrozen(Conflict):
    """409: the milestone is completed, or something of it is invoiced."""

    def __init__(self) -> None:
        super().__init__("The milestone is completed, cancelled or invoiced. Its terms stay as they are.")


def usual(caller: Caller) -> View:
    """Return the usual terms of a tenant; one call."""
    item = table.get(items.usual_key(caller.tenant_id))
    return views.terms(items.of(None, item)) | {"version": items.version(item)}


def put_usual(caller: Caller, terms: Mapping[str, Any], *, if_match: str | None) -> View:
    """Set the usual terms of a tenant, and return them. Raises versions.VersionChanged."""
    place = items.usual_key(caller.tenant_id)

    def plan() -> Plan[View]:
        item = table.get(place, consistent=True)
        versions.require(if_match, items.version(item))
        return Plan(
            views.terms(Terms(**terms)) | {"version": items.version(item) + 1}, [_set(caller, place, terms, item)]
        )

    return changes.make(plan)


def show(caller: Caller, milestone_id: str) -> View:
    """Return the terms of a milestone, or those of the tenant that it goes by; two calls.

    Raises BilledMilestoneNotFound, access.AmountsHidden.
    """
    gate = gates.of(table.get(gates.key(caller.tenant_id, milestone_id)))
    member, own, of_tenant = table.get_many(
        [
            project_members.key(caller.tenant_id, gate.project_id, caller.user_id),
            items.key(caller.tenant_id, milestone_id),
            items.usual_key(caller.tenant_id),
        ]
    )
    billings.require_seen(access.of_member(caller, member))
    return _view(milestone_id, items.of(own, of_tenant), items.version(own))


def put(caller: Caller, milestone_id: str, terms: Mapping[str, Any], *, if_match: str | None) -> View:
    """Give a milestone terms of its own, and return them.

    Raises BilledMilestoneNotFound, access.FinanceRequired, versions.VersionChanged, TermsFrozen.
    """
    gate_key, billing_key, place = (
        make(caller.tenant_id, milestone_id) for make in (gates.key, billings.key, items.key)
    )

    def plan() -> Plan[View]:
        gate_item, billing, own = table.get_many([gate_key, billing_key, place], consistent=True)
        gate = gates.of(gate_item)
        _require_finance(caller, gate)
        versions.require(if_match, items.version(own))
        if gate.status in _AGREED or billing is not None:
            raise TermsFrozen
        writes: list[Write] = [
            _set(caller, place, terms, own),
            Check(gate_key, _status(gate)),
            Check(billing_key, ABSENT),
        ]
        return Plan(_view(milestone_id, Terms(**terms), items.version(own) + 1), writes)

    return changes.make(plan)


def _set(caller: Caller, place: Key, terms: Mapping[str, Any], before: Item | None) -> Put:
    version = items.version(before)
    after = SetTerms(terms, caller.user_id, clock.to_rfc3339(clock.now()), version + 1)
    return Put(items.to_item(place, after), unchanged(version) if version else ABSENT)


def _require_finance(caller: Caller, gate: Gate) -> None:
    own = project_members.key(caller.tenant_id, gate.project_id, caller.user_id)
    standing = access.of_member(caller, table.get(own, consistent=True))
    billings.require_seen(standing)
    standing.require_acting()


def _status(gate: Gate) -> Condition:
    return Condition("#status = :status", {"#status": "status"}, {":status": gate.status})


def _view(milestone_id: str, terms: Terms, version: int) -> View:
    return views.terms(terms) | {
        "project_milestone_id": milestone_id,
        "is_own": version > 0,
        "version": version,
    }
