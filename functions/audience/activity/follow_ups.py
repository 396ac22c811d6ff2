"""What follows from a merge or an erasure: what a lead had recorded moves to the other lead, or is removed, in parts.

Each part is read anew, so one that was killed or comes twice goes on where the last one ended. A move is a transaction
of the entry, the item that says where it lies, and a check that the lead it goes to is there.
"""

from collections.abc import Sequence
from typing import Final

from functions.audience.activity import orders, visits
from functions.audience.leads import happenings, leads
from functions.audience.leads.leads import Lead
from shared import clock
from shared.observability import logger
from shared.storage import changes, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, PRESENT, Check, Condition, Delete, Put, Write

MOST_IN_A_PART: Final = 500
"""Orders, visits and consents that one message moves or removes: seconds of work."""
_TOGETHER: Final = 30
"""Each with up to three actions, and the check: what a transaction takes."""
_PLACED: Final = (orders.PREFIX, visits.PREFIX)
"""What an item of its own says the place of."""
_PREFIXES: Final = (*_PLACED, happenings.CONSENTS)
_THERE: Final = Condition(
    "attribute_exists(#pk) AND attribute_not_exists(#merged)", {"#pk": "PK", "#merged": "merged_into"}, {}
)


def run(tenant_id: str, lead_id: str) -> bool:
    """Do a part of what follows for a lead that was merged or erased; return whether there may be more.

    A lead that is neither keeps all that it has.
    """
    stored = leads.stored(tenant_id, lead_id)
    if stored is not None and stored.merged_into is None:
        return False
    done = 0
    while done < MOST_IN_A_PART:
        entries = _some(tenant_id, lead_id)
        to = None if stored is None else leads.find(tenant_id, lead_id)
        if not entries:
            _settle(to, lead_id)
            logger.info("nothing is left of a lead", lead_id=lead_id, entries=done)
            return False
        # What was refused is read again: the other lead is not there any more, or an entry was moved.
        done += len(entries) if _is_done(tenant_id, to, entries) else 1
    return True


def _some(tenant_id: str, lead_id: str) -> list[Item]:
    """Return some of what a lead has recorded; none when there is nothing."""
    place = leads.partition(tenant_id, lead_id)
    for prefix in _PREFIXES:
        found = table.query(place, prefix, limit=_TOGETHER, consistent=True).items
        if found:
            return found
    return []


def _is_done(tenant_id: str, to: Lead | None, entries: Sequence[Item]) -> bool:
    """Move entries to a lead, or remove them where there is none; return whether that was still right."""
    if to is None:
        _remove(tenant_id, entries)
        return True
    try:
        table.transact(_moves(to, entries))
    except (ConditionFailed, Contended):
        return False
    return True


def _moves(to: Lead, entries: Sequence[Item]) -> list[Write]:
    place = leads.partition(to.tenant_id, to.lead_id)
    writes: list[Write] = [Check(leads.key(to.tenant_id, to.lead_id), _THERE)]
    for item in entries:
        writes.append(Delete(Key(item["PK"], item["SK"]), _unchanged(item)))
        writes.append(Put(item | {"PK": place}, ABSENT))
        lock = _lock(to.tenant_id, item)
        if lock is not None:
            placed = {"PK": lock.pk, "SK": lock.sk, "entity": f"{item['entity']}Lock"}
            writes.append(Put(placed | {"lead_id": to.lead_id, "place": item["SK"]}))
    return writes


def _remove(tenant_id: str, entries: Sequence[Item]) -> None:
    locks = [_lock(tenant_id, item) for item in entries]
    table.delete_many([*(each for each in locks if each), *(Key(item["PK"], item["SK"]) for item in entries)])


def _lock(tenant_id: str, item: Item) -> Key | None:
    """Return the key of the item that says where an order or a visit lies; its digest is that of the entry."""
    kind, _, rest = item["SK"].partition("#")
    if f"{kind}#" not in _PLACED:
        return None
    return Key(f"TENANT#{tenant_id}#{kind}#{rest.rpartition('#')[2]}", kind)


def _unchanged(item: Item) -> Condition:
    """Return the condition that an entry is as it was read: an order has a version, the others never change."""
    if "version" not in item:
        return PRESENT
    return Condition("#version = :version", {"#version": "version"}, {":version": item["version"]})


def _settle(to: Lead | None, lead_id: str) -> None:
    """Have a lead forget that another one's orders are on their way to it."""
    if to is None:
        return
    tenant_id = to.tenant_id

    def plan() -> Plan[None]:
        before = leads.find(tenant_id, lead_id)
        if before is None or lead_id not in before.absorbing:
            return Plan(None)
        left = tuple(each for each in before.absorbing if each != lead_id)
        after = leads.next_version(before._replace(absorbing=left), clock.now())
        return Plan(None, [leads.written(before, after)])

    changes.make(plan)
