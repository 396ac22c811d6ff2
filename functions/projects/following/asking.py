"""Whom layers ask: the worklists of those who may decide, and the seats of those who may not any more.

First the entries are written, then who has left is struck. So whoever leaves in between is either found by the entry
that was written before, or by who strikes after it.
"""

from collections.abc import Iterable
from typing import Final

from functions.projects import requirements
from functions.projects.layers import layers, outsiders, seating
from functions.projects.layers.layers import Layer
from functions.projects.milestones import milestones
from functions.projects.people import owners
from functions.projects.verification import checking, striking, telling
from shared import clock, tally
from shared.storage import changes, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.teamwork import worklist
from shared.teamwork.worklist import WorkEntry

_AT_ONCE: Final = 90
"""How many entries are written in one transaction."""


def follow(tenant_id: str, milestone_id: str, attempts: Iterable[int] = ()) -> None:
    """Bring what the layers of a milestone ask up to date: those of these attempts and of the present one."""
    place, found = milestones.partition(tenant_id, milestone_id), milestones.find(tenant_id, milestone_id)
    for attempt in sorted({*attempts, *([] if found is None else [found.attempt])}):
        for layer in layers.find_attempt(place, attempt):
            _follow(place, layer)


def follow_user(tenant_id: str, user_id: str, *, project_id: str | None = None) -> None:
    """Bring what layers ask of a user up to date, in all projects or in one."""
    asked = worklist.every(tenant_id, user_id)
    of_layers = [each for each in asked if each.kind == "approval" and project_id in (None, each.project_id)]
    for milestone_id in sorted({each.project_milestone_id for each in of_layers if each.project_milestone_id}):
        follow(tenant_id, milestone_id)


def _follow(partition: str, layer: Layer) -> None:
    place = layers.key(partition, layer)
    if layer.policy.is_automated:
        checking.decide(layer.tenant_id, layer.verification_id)
        return
    _bring(partition, place, layer)
    if layer.status == "open" and layer.untold:
        telling.tell(layer.tenant_id, layer.verification_id)
    if layer.status == "open":
        striking.strike(layer.tenant_id, layer.verification_id)
        _bring(partition, place, layer)


def _bring(partition: str, place: Key, known: Layer) -> None:
    """Give those whom a layer asks their entries, and take those of all others."""

    def plan() -> Plan[bool]:
        keys = [
            place,
            milestones.key(known.tenant_id, known.project_milestone_id),
            owners.lock_key(partition),
            requirements.key(partition),
        ]
        item, milestone, lock, counts = table.get_many(keys, consistent=True)
        layer = known if item is None else layers.from_item(item)
        wanted = list[WorkEntry]()
        if item is not None and milestone is not None and layer.status == "open":
            primary = owners.primary_of(lock)
            uploaders = frozenset(requirements.of(counts).uploaders)
            kept_out = seating.barred(
                layer.policy, uploaders, layer.submitted_by, None if primary is None else primary.user_id
            )
            wanted = _entries(layer, milestones.from_item(milestone).title, kept_out)
        writes = worklist.brought(layer.tenant_id, layer.verification_id, wanted)
        if not writes:
            return Plan(False)
        now = writes[:_AT_ONCE]
        told = worklist.told(
            now,
            tenant_id=layer.tenant_id,
            kind="approval",
            work_id=layer.verification_id,
            due_at=layer.due_at,
            at=clock.now(),
        )
        return Plan(len(writes) > _AT_ONCE, [layers.still(partition, layer), *now, told])

    while changes.make(plan):
        pass


def _entries(layer: Layer, title: str, kept_out: frozenset[str]) -> list[WorkEntry]:
    """Return the entries of those who have a seat, may decide and have not yet; `kept_out` may not."""
    decided = {each.user_id for each in layer.counting}
    turn = tally.turn(layer.people, layer.votes) if layer.policy.order == "sequential" else None
    acted = {each.actor for each in layer.counting}
    return [
        WorkEntry(
            tenant_id=layer.tenant_id,
            user_id=seat.person,
            kind="approval",
            work_id=layer.verification_id,
            title=title,
            created_at=layer.opened_at or layer.created_at,
            name=layer.policy.name,
            due_at=layer.due_at,
            project_id=layer.project_id,
            project_milestone_id=layer.project_milestone_id,
            is_later=turn not in (None, seat.person),
            kept_out=sorted(kept_out | acted),
            is_personal=not layer.policy.allow_delegation,
        )
        for seat in layer.people
        if not outsiders.is_outside(seat.person)
        if not seat.is_struck and seat.person not in decided and seat.person not in kept_out | acted
    ]
