"""What follows from a merge or an erasure: what a lead had recorded moves to the other lead, or is removed, in parts.

Each part is read anew, so one that was killed or comes twice goes on where the last one ended. A move is a transaction
of the entry, the item that says where it lies, and a check that the lead it goes to is there.
"""

from collections.abc import Sequence
from typing import Final

from functions.audience.activity import contacts, entries
from functions.audience.activity.entries import Entry
from functions.audience.leads import leads
from functions.audience.leads.leads import Lead
from shared import clock
from shared.observability import logger
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import Check, Write

MOST_IN_A_PART: Final = 500
"""Orders, visits and consents that one message moves or removes: seconds of work."""
_TOGETHER: Final = 30
"""Each with up to three actions, and the check: what a transaction takes."""


def run(tenant_id: str, lead_id: str) -> bool:
    """Do a part of what follows for a lead that was merged or erased; return whether there may be more.

    A lead that is neither keeps all that it has.
    """
    stored = leads.stored(tenant_id, lead_id)
    if stored is not None and stored.merged_into is None:
        return False
    done = 0
    while done < MOST_IN_A_PART:
        found = entries.some(tenant_id, lead_id, limit=_TOGETHER)
        to = None if stored is None else leads.find(tenant_id, lead_id)
        if not found:
            _pass_contact_on(tenant_id, lead_id)
            _settle(to, lead_id)
            logger.info("nothing is left of a lead", lead_id=lead_id, entries=done)
            return False
        # What was refused is read again: the other lead is not there any more, or an entry was moved.
        done += len(found) if _is_done(tenant_id, to, found) else 1
    return True


def _is_done(tenant_id: str, to: Lead | None, found: Sequence[Entry]) -> bool:
    """Move entries to a lead, or remove them where there is none; return whether that was still right."""
    if to is None:
        _remove(tenant_id, found)
        return True
    try:
        table.transact(_moves(to, found))
    except (ConditionFailed, Contended):
        return False
    return True


def _moves(to: Lead, found: Sequence[Entry]) -> list[Write]:
    writes: list[Write] = [Check(leads.key(to.tenant_id, to.lead_id), leads.THERE)]
    for entry in found:
        writes += entries.moves(entry, to)
    return writes


def _remove(tenant_id: str, found: Sequence[Entry]) -> None:
    locks = [entries.lock_key(tenant_id, entry) for entry in found]
    table.delete_many([*(each for each in locks if each), *(entry.key for entry in found)])


def _pass_contact_on(tenant_id: str, lead_id: str) -> None:
    """Join when a lead was written to with what is kept of the other, or remove it where there is none."""

    def plan() -> Plan[None]:
        goes = contacts.get(tenant_id, lead_id)
        if goes.version == 0:
            return Plan(None)
        to = leads.find(tenant_id, lead_id)
        if to is None:
            return Plan(None, [contacts.removed(goes)])
        stays = contacts.get(tenant_id, to.lead_id)
        check = Check(leads.key(tenant_id, to.lead_id), leads.THERE)
        return Plan(None, [check, contacts.removed(goes), contacts.written(stays, contacts.joined(stays, goes))])

    changes.make(plan)


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
