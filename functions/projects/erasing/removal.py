"""How an erased person is taken out of one milestone: its policy first, from which attempts copy, then the rest.

Each step writes only where the person is still named, so what was broken off is begun again.
"""

from functions.projects.erasing import naming
from functions.projects.layers import layers
from functions.projects.milestones import happenings, milestones, writing
from functions.projects.probes import asking, probes
from functions.projects.verification import striking
from shared import clock
from shared.storage import changes, table
from shared.storage.changes import Plan


def erase(tenant_id: str, milestone_id: str, erased: str) -> bool:
    """Erase a person from a milestone, and return whether it named them."""
    named = changes.make(lambda: _policy(tenant_id, milestone_id, erased))
    while changes.make(lambda: _probe(tenant_id, milestone_id, erased)):
        named = True
    return _layers(tenant_id, milestone_id, erased) or named


def _policy(tenant_id: str, milestone_id: str, erased: str) -> Plan[bool]:
    item, now = table.get(milestones.key(tenant_id, milestone_id), consistent=True), clock.now()
    if item is None:
        return Plan(False)
    before = milestones.from_item(item)
    policy = naming.in_policy(tenant_id, before.verification_policy, erased)
    if policy == before.verification_policy:
        return Plan(False)
    after = before._replace(verification_policy=policy, updated_at=clock.to_rfc3339(now), version=before.version + 1)
    return Plan(True, [*writing.changed(before, after), *happenings.happened("updated", after, now)])


def _probe(tenant_id: str, milestone_id: str, erased: str) -> Plan[bool]:
    """Return the plan by which the first probe that asks a person asks nobody; it answers whether there was one."""
    places = [probes.key(milestones.partition(tenant_id, milestone_id)), milestones.key(tenant_id, milestone_id)]
    item, of = table.get_many(places, consistent=True)
    every = probes.of(item)
    probe = next((each for each in every.probes if naming.asks(tenant_id, each, erased)), None)
    if probe is None or of is None:
        return Plan(False)
    return Plan(True, asking.unasked(milestones.from_item(of), every, probe, clock.now()))


def _layers(tenant_id: str, milestone_id: str, erased: str) -> bool:
    """Erase a person from the layers of all attempts, and return whether one named them."""
    place, named = milestones.partition(tenant_id, milestone_id), False
    for layer in map(layers.from_item, table.query_all(place, layers.PREFIX)):
        if naming.in_layer(layer, erased) != layer:
            striking.erase(tenant_id, layer.verification_id, lambda layer: naming.in_layer(layer, erased))
            named = True
    return named
