"""How the seats of people who may not decide any more are struck, and the layer is tallied without them.

What they decided while they were entitled stands. A layer that is left with too few people stays open and stalled.
"""

from collections.abc import Sequence
from typing import Final

from functions.projects import requirements
from functions.projects.layers import seating
from functions.projects.layers.layers import Layer
from functions.projects.milestones import submitting
from functions.projects.verification import deciding, outcomes, reviewing
from shared import clock
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.events import Concern

_AT_ONCE: Final = 10
"""How many seats are struck in one transaction, which tells of each."""


def strike(tenant_id: str, verification_id: str) -> None:
    """Strike who may not decide in an open layer any more, until nobody is left to strike."""
    while changes.make(lambda: _planned(tenant_id, verification_id)):
        pass


def _planned(tenant_id: str, verification_id: str) -> Plan[bool]:
    """Return the plan of the next seats to strike; it answers whether there were any."""
    opened, now = reviewing.by_itself(tenant_id, verification_id), clock.now()
    if opened is None or opened.layer.status != "open":
        return Plan(False)
    seated = [each.person for each in opened.layer.people if not each.is_struck]
    people = seating.read_some(tenant_id, opened.milestone.project_id, opened.partition, seated)
    gone = seating.no_longer(opened.layer, people, opened.primary)[:_AT_ONCE]
    if not gone:
        return Plan(False)
    after = deciding.tallied(_without(opened.layer, gone), clock.to_rfc3339(now))
    milestone, writes = outcomes.followed(opened, after, now, None)
    for user_id in gone:
        writes += submitting.told("struck", after, milestone, now, more={"user_id": user_id})
    if after.is_stalled and not opened.layer.is_stalled:
        writes += submitting.told("stalled", after, milestone, now, concerns=[Concern(after.submitted_by, "owner")])
    # An approved layer opens again when its evidence is gone: the counts say that none has meanwhile.
    still = [reviewing.still_primary(opened), requirements.still(opened.partition, opened.evidence)]
    return Plan(True, [*writes, *still])


def _without(layer: Layer, gone: Sequence[str]) -> Layer:
    return layer._replace(
        seats=[{**each, "is_struck": each["is_struck"] or each["user_id"] in gone} for each in layer.seats]
    )
