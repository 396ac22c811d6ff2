"""How the people of a layer are told that it asks them whom the event of its opening has no room for."""

from typing import Final

from functions.projects.layers import layers
from functions.projects.milestones import happenings, submitting
from functions.projects.verification import reviewing
from shared import clock
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

_AT_ONCE: Final = 20


def tell(tenant_id: str, verification_id: str) -> None:
    """Tell those whom a layer asks and who are not told yet, each once; twenty in a transaction, four in an event."""
    while changes.make(lambda: _planned(tenant_id, verification_id)):
        pass


def _planned(tenant_id: str, verification_id: str) -> Plan[bool]:
    """Return the plan that tells the next people; it answers whether there were any."""
    opened, now = reviewing.by_itself(tenant_id, verification_id), clock.now()
    if opened is None or opened.layer.status != "open" or not opened.layer.untold:
        return Plan(False)
    layer = opened.layer
    after = layer._replace(untold=layer.untold[_AT_ONCE:])
    writes: list[Write] = [layers.changed(opened.partition, layer, after)]
    named, told = submitting.named_in_events(layer), layer.untold[:_AT_ONCE]
    for start in range(0, len(told), layers.MOST_CONCERNED):
        concerns = submitting.concerned(told[start : start + layers.MOST_CONCERNED])
        writes.append(happenings.announced("asked", opened.milestone, now, noun="layer", more=named, concerns=concerns))
    return Plan(True, writes)
