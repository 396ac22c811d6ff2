"""Shape 7: a lead that was merged is noted at the lead that stayed, so that an erasure of that reaches campaigns.

Where the lead that stayed is erased already, the merged one is announced as erased too, and campaigns forget it by
that.
"""

from functions.audience.leads import happenings, leads, mergers
from functions.audience.leads.leads import Lead
from functions.audience.leads.lifecycle import ERASED
from shared import clock
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Put, Write

_UNITS = 2
"""A transaction takes two for each item of up to 1 KB."""


def mend(item: Item) -> int:
    """Note into which lead another one was merged, and return the write units it took."""
    lead = leads.from_item(item)
    if lead.merged_into is None:
        return 0
    note = mergers.noted(lead.tenant_id, lead.merged_into, merged_id=lead.lead_id).item
    if table.get(Key(note["PK"], note["SK"]), consistent=True) is not None:
        return 0
    writes: list[Write] = [Put(note, ABSENT), *_announced(lead)]
    try:
        table.transact(writes)
    except (ConditionFailed, Contended):
        return 0
    return _UNITS * len(writes)


def _announced(lead: Lead) -> list[Write]:
    """Return the event that has a merged lead erased, if the lead that stayed is gone."""
    if leads.find(lead.tenant_id, lead.lead_id) is not None:
        return []
    erased = {"erased_ids": [lead.lead_id]}
    return [happenings.of_lead("lead.erased", lead, clock.now(), status=ERASED, data=erased)]
