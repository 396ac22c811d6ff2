"""A piece of evidence: its record, its keys, the pointer by which it is found, and the lock on its bytes."""

import zlib
from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple, get_args

from functions.projects.milestones import milestones
from shared import ids
from shared.errors import Conflict, NotFound
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Condition, Delete, Put, unchanged

View = dict[str, Any]
Status = Literal["pending", "scanning", "uploaded", "submitted", "verified", "rejected", "superseded", "expired"]
Kind = Literal["file", "link"]

ID: Final = "evd"
PREFIX: Final = "EVIDENCE#"
LISTED: Final = "ENTITY#Evidence#"
PRESENT: Final = frozenset[Status]({"uploaded", "submitted", "verified"})
"""What counts as evidence that is there."""
AWAITED: Final = frozenset[Status]({"pending", "scanning"})
"""What waits for its file, or for the verdict of a scanner."""
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
SHARDS: Final = 8
"""Over how many partitions of the index evidence is spread that the sweep has to look at."""


class EvidenceNotFound(NotFound):
    """404: there is no evidence with this id in a project that you are a member of."""

    def __init__(self) -> None:
        super().__init__("There is no evidence with this id in a project that you are a member of.")


class EvidenceStatusNotPossible(Conflict):
    """409: evidence in its status cannot be submitted, reviewed, replaced or deleted."""

    def __init__(self, status: str, wanted: str) -> None:
        super().__init__(f"The evidence is {status}. It cannot be {wanted} now.")


class Evidence(NamedTuple):
    """A piece of evidence as it is stored.

    A file has a `file_name`, a `media_type`, a size, the hash that was declared, and its place in the bucket; the
    `version_id` pins the bytes that were looked at. A link has a `url`. `due_at` is when the sweep has to look at it,
    `expires_at` the end of the day on which it expires, and
    `version` how often it was changed.
    """

    tenant_id: str
    evidence_id: str
    project_milestone_id: str
    project_id: str
    kind: Kind
    status: Status
    uploaded_by: str
    created_at: str
    updated_at: str
    version: int
    description: str = ""
    requirement: str | None = None
    tags: Sequence[str] = ()
    expires_on: str | None = None
    expires_at: str | None = None
    file_name: str | None = None
    media_type: str | None = None
    size_bytes: int = 0
    sha256: str | None = None
    place: str | None = None
    version_id: str | None = None
    url: str | None = None
    reason: str | None = None
    comment: str | None = None
    reviewed_by: str | None = None
    reviewed_at: str | None = None
    supersedes: str | None = None
    superseded_by: str | None = None
    due_at: str | None = None


def key(tenant_id: str, milestone_id: str, evidence_id: str) -> Key:
    """Return the key of a piece of evidence. Raises ProjectMilestoneNotFound."""
    return Key(milestones.partition(tenant_id, milestone_id), f"{PREFIX}{evidence_id}")


def key_of(evidence: Evidence) -> Key:
    """Return the key of this piece of evidence."""
    return key(evidence.tenant_id, evidence.project_milestone_id, evidence.evidence_id)


def pointer_key(tenant_id: str, evidence_id: str) -> Key:
    """Return the key of the pointer to a piece of evidence. Raises EvidenceNotFound for an id that none can have."""
    if not ids.is_valid(evidence_id, ID):
        raise EvidenceNotFound
    return Key(f"TENANT#{tenant_id}#ID#{evidence_id}", "POINTER")


def lock_key(tenant_id: str, milestone_id: str, sha256: str) -> Key:
    """Return the key of the lock on bytes: a milestone has the same bytes once."""
    return Key(milestones.partition(tenant_id, milestone_id), f"EVIDENCEHASH#{sha256}")


def due(shard: int) -> str:
    """Return a partition of the index that lists evidence of all tenants by when it is due."""
    return f"EVIDENCEDUE#{shard}"


def to_item(evidence: Evidence) -> Item:
    """Return the item of a piece of evidence; while it is due, the index has it by that instant."""
    item = records.to_item(key_of(evidence), "Evidence", evidence)
    if evidence.due_at is None:
        return item
    shard = zlib.crc32(evidence.evidence_id.encode()) % SHARDS
    return item | {"GSI1PK": due(shard), "GSI1SK": f"{LISTED}{evidence.due_at}#{evidence.evidence_id}"}


def from_item(item: Item) -> Evidence:
    """Return the piece of evidence of an item."""
    return records.from_item(Evidence, item)


def born(evidence: Evidence) -> list[Put]:
    """Return the writes of new evidence: itself, its pointer, and for a file the lock on its bytes."""
    pointer = _small(pointer_key(evidence.tenant_id, evidence.evidence_id), "EvidencePointer", evidence)
    writes = [Put(to_item(evidence), ABSENT), Put(pointer, ABSENT)]
    if evidence.sha256 is not None:
        place = lock_key(evidence.tenant_id, evidence.project_milestone_id, evidence.sha256)
        writes.append(Put(_small(place, "EvidenceHash", evidence), ABSENT))
    return writes


def changed(before: Evidence, after: Evidence) -> Put:
    """Return the write that changes evidence, which is still at the version that was read."""
    return Put(to_item(after), unchanged(before.version))


def gone(evidence: Evidence) -> list[Delete]:
    """Return the writes that remove evidence and its pointer."""
    pointer = pointer_key(evidence.tenant_id, evidence.evidence_id)
    return [Delete(key_of(evidence), unchanged(evidence.version)), Delete(pointer)]


def unlocked(evidence: Evidence) -> list[Delete]:
    """Return the write that frees the bytes of a file, which it still holds."""
    if evidence.sha256 is None:
        return []
    held = Condition("#id = :id", {"#id": "evidence_id"}, {":id": evidence.evidence_id})
    return [Delete(lock_key(evidence.tenant_id, evidence.project_milestone_id, evidence.sha256), held)]


def view(evidence: Evidence) -> View:
    """Return what members of the project see of a piece of evidence: not where it lies."""
    shown = evidence._asdict()
    for name in ("tenant_id", "place", "version_id", "expires_at", "due_at"):
        del shown[name]
    return shown | {"tags": [*evidence.tags]}


def _small(place: Key, entity: str, evidence: Evidence) -> Item:
    return {
        "PK": place.pk,
        "SK": place.sk,
        "entity": entity,
        "evidence_id": evidence.evidence_id,
        "project_milestone_id": evidence.project_milestone_id,
    }
