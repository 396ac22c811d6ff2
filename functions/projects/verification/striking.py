"""How the seats of people who may not decide any more are struck, and the layer is tallied without them.

What they decided while they were entitled stands. A layer that is left with too few people stays open and stalled.
"""

from collections.abc import Callable, Sequence
from typing import Final

from functions.projects import requirements
from functions.projects.layers import layers, seating
from functions.projects.layers.layers import Layer
from functions.projects.milestones import submitting
from functions.projects.verification import deciding, outcomes, reviewing
from functions.projects.verification.reviewing import Opened
from shared import clock
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.writes import Write

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
    return Plan(True, _struck(opened, opened.layer, gone, now))


def erase(tenant_id: str, verification_id: str, erased: Callable[[Layer], Layer]) -> None:
    """Erase people from outside from a layer; open seats of theirs are struck, their decisions stay.

    `erased` returns a layer whose policy names them no more.
    """
    changes.make(lambda: _erasing(tenant_id, verification_id, erased))


def _erasing(tenant_id: str, verification_id: str, erased: Callable[[Layer], Layer]) -> Plan[None]:
    opened, now = reviewing.by_itself(tenant_id, verification_id), clock.now()
    if opened is None or erased(opened.layer) == opened.layer:
        return Plan(None)
    nameless = erased(opened.layer)
    unknown = {*opened.layer.outside} - {*nameless.outside}
    gone = [seat.person for seat in opened.layer.people if seat.person in unknown and not seat.is_struck]
    if opened.layer.status != "open" or not gone:
        return Plan(None, [layers.changed(opened.partition, opened.layer, nameless)])
    return Plan(None, _struck(opened, nameless, gone, now))


def _struck(opened: Opened, layer: Layer, gone: Sequence[str], now: Instant) -> list[Write]:
    """Return the writes by which an open layer goes on without some of its people."""
    after = deciding.tallied(_without(layer, gone), clock.to_rfc3339(now))
    milestone, writes = outcomes.followed(opened, after, now, None)
    for user_id in gone:
        writes += submitting.told("struck", after, milestone, now, more={"user_id": user_id})
    if after.is_stalled and not opened.layer.is_stalled:
        writes += submitting.told("stalled", after, milestone, now, concerns=[Concern(after.submitted_by, "owner")])
    # An approved layer opens again when its evidence is gone: the counts say that none has meanwhile.
    return [*writes, reviewing.still_primary(opened), requirements.still(opened.partition, opened.evidence)]


def _without(layer: Layer, gone: Sequence[str]) -> Layer:
    return layer._replace(
        seats=[{**each, "is_struck": each["is_struck"] or each["user_id"] in gone} for each in layer.seats]
    )
