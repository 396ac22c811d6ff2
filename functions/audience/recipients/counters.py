"""How many recipients of a campaign are in which state: counters in 64 items, one of which each change adds to.

Of a campaign's audience, what is counted nowhere is pending. Complaints, unsubscriptions, and what machines have opened
or clicked are counted beside the states, since they are none.
"""

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from functions.audience.recipients.state import UNSETTLED, Recipient, Status
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.writes import Add, Write

SHARDS: Final = 64
PREFIX: Final = "COUNT#"
COMPLAINED: Final = "complained"
UNSUBSCRIBED: Final = "unsubscribed"
MACHINE_OPENED: Final = "machine_opened"
MACHINE_CLICKED: Final = "machine_clicked"

Change = tuple[Recipient | None, Recipient]
"""A recipient before, if there was one, and after."""


def partition(tenant_id: str, campaign_id: str) -> str:
    """Return the partition of the counters of a campaign."""
    return f"TENANT#{tenant_id}#CAMPAIGN#{campaign_id}"


def key(tenant_id: str, campaign_id: str, lead_id: str) -> Key:
    """Return the key of the counters that a change of this lead adds to."""
    return Key(partition(tenant_id, campaign_id), f"{PREFIX}{zlib.crc32(lead_id.encode()) % SHARDS:02}")


def first_key(tenant_id: str, campaign_id: str) -> Key:
    """Return the key of the first item of counters, to which a repair adds what was missing."""
    return Key(partition(tenant_id, campaign_id), f"{PREFIX}{0:02}")


def moved(
    tenant_id: str, campaign_id: str, lead_id: str, before: Status | None, after: Status, *, also: Sequence[str] = ()
) -> Write | None:
    """Return the write that counts a change of state, and what is counted `also`; None if nothing is counted."""
    amounts = _amounts([(before, after)])
    amounts.update(also)
    return Add(key(tenant_id, campaign_id, lead_id), dict(amounts)) if amounts else None


def together(changes: Sequence[Change]) -> Write | None:
    """Return the one write that counts changes of one campaign; None if nothing is counted."""
    first = changes[0][1]
    amounts = _amounts(_moves(changes))
    for number in {after.variant for _, after in changes if after.variant is not None}:
        own = _amounts(_moves([each for each in changes if each[1].variant == number]))
        amounts.update({varied(name, number): amount for name, amount in own.items()})
    return Add(key(first.tenant_id, first.campaign_id, first.lead_id), dict(amounts)) if amounts else None


def totals(tenant_id: str, campaign_id: str) -> Mapping[str, int]:
    """Return how many recipients are in each state that is counted, and how many have complained; one query."""
    return {name: amount for name, amount in every(tenant_id, campaign_id).items() if not name[-1].isdigit()}


def every(tenant_id: str, campaign_id: str) -> Mapping[str, int]:
    """Return the totals, and beside them those of each variant under the names that `varied` returns; one query."""
    found = Counter[str]()
    for item in table.query_all(partition(tenant_id, campaign_id), PREFIX):
        for name, amount in item.items():
            if isinstance(amount, int):
                found[name] += amount
    return {name: amount for name, amount in found.items() if amount}


def of_variant(counted: Mapping[str, int], number: int) -> Mapping[str, int]:
    """Return how many recipients of a variant are in each state, of `every` one that is counted."""
    end = varied("", number)
    return {name.removesuffix(end): amount for name, amount in counted.items() if name.endswith(end)}


def varied(status: str, number: int) -> str:
    """Return the name under which recipients of a variant are counted."""
    return f"{status}_{number}"


def _moves(changes: Sequence[Change]) -> list[tuple[Status | None, Status]]:
    return [(before.status if before else None, after.status) for before, after in changes]


def _amounts(moves: Sequence[tuple[Status | None, Status]]) -> Counter[str]:
    """Return what is to be added; what goes and comes again is left out."""
    amounts = Counter[str]()
    for before, after in moves:
        if after not in UNSETTLED:
            amounts[after] += 1
        if before is not None and before not in UNSETTLED:
            amounts[before] -= 1
    return Counter({name: amount for name, amount in amounts.items() if amount})
