"""The open escalations of a milestone: one of each kind at most.

They lie beside the milestone in one item, which is the lock of each kind. Its version grows with every escalation that
is raised or over, so whoever decides by them checks it in their own transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, get_args

from functions.projects.escalations import Escalation, Kind
from shared.errors import Conflict
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Check, Condition, Put, unchanged

ENTITY: Final = "OpenEscalations"


class EscalationOpen(Conflict):
    """409: an escalation of this kind is open."""

    def __init__(self, kind: Kind, escalation_id: str) -> None:
        super().__init__(f"An escalation of the kind {kind} is open: {escalation_id}. Resolve that first.")


class OpenEscalations(NamedTuple):
    """The ids of the open escalations of a milestone, by their kinds; version 0 if there never was one.

    `causes` are those that there are now, and for each of which an escalation was raised by itself: never another.
    """

    version: int = 0
    by_kind: Mapping[str, str] = {}
    causes: Sequence[str] = ()

    def free(self, kind: Kind) -> Kind | None:
        """Return this kind, or the next one if an escalation of it is open already; None if there is one of each."""
        kinds = (kind, *(each for each in get_args(Kind) if each != kind))
        return next((each for each in kinds if each not in self.by_kind), None)

    def require_none(self, kind: Kind) -> None:
        """Require that none of this kind is open. Raises EscalationOpen."""
        if kind in self.by_kind:
            raise EscalationOpen(kind, self.by_kind[kind])


def key(partition: str) -> Key:
    """Return the key of the open escalations of the milestone with this partition."""
    return Key(partition, "0ESCALATIONS")


def of(item: Item | None) -> OpenEscalations:
    """Return the open escalations that an item holds."""
    return OpenEscalations() if item is None else records.from_item(OpenEscalations, item)


def with_one(
    partition: str, before: OpenEscalations, escalation: Escalation, causes: Sequence[str] | None = None
) -> Put:
    """Return the write by which an escalation is open, and these are the causes that are known, or those of before."""
    known = before if causes is None else before._replace(causes=[*causes])
    return _put(partition, known, {**before.by_kind, escalation.kind: escalation.escalation_id})


def knowing(partition: str, before: OpenEscalations, causes: Sequence[str]) -> Put:
    """Return the write by which these are the causes that are known."""
    return _put(partition, before._replace(causes=[*causes]), before.by_kind)


def without(partition: str, before: OpenEscalations, escalation: Escalation) -> Put:
    """Return the write by which an escalation is open no more."""
    return _put(partition, before, {kind: each for kind, each in before.by_kind.items() if kind != escalation.kind})


def with_none(partition: str, before: OpenEscalations) -> Put:
    """Return the write by which no escalation is open any more."""
    return _put(partition, before, {})


def still(partition: str, found: OpenEscalations) -> Check:
    """Return the check that the open escalations are still as they were read."""
    return Check(key(partition), _as_read(found))


def _put(partition: str, before: OpenEscalations, by_kind: Mapping[str, str]) -> Put:
    after = OpenEscalations(before.version + 1, dict(by_kind), before.causes)
    return Put(records.to_item(key(partition), ENTITY, after), _as_read(before))


def _as_read(found: OpenEscalations) -> Condition:
    return unchanged(found.version) if found.version else ABSENT
