"""What becomes of evidence whose file is there: it is compared with what was declared, once, whoever notices it first.

The uploader says that it is there, and S3 does. Both end here, in the same conditional write.
"""

import hashlib
from typing import Final, Literal, NamedTuple

from functions.projects import requirements
from functions.projects.evidence import content, evidence, media_type, usage, writing
from functions.projects.evidence.evidence import Evidence
from functions.projects.evidence.writing import Change
from functions.projects.milestones import milestones
from shared import clock
from shared.clock import Instant
from shared.errors import Unavailable
from shared.observability import logger
from shared.storage import changes, files, table
from shared.storage.changes import Plan
from shared.storage.files import FileNotFound, Version
from shared.storage.writes import Write

Problem = Literal["empty", "too_large", "hash_mismatch", "type_mismatch"]

_WHOLE: Final = media_type.SMALL


class _Read(NamedTuple):
    """What was read of a file: all of it, or the beginning of a video; and the hash of all of it, if that was read."""

    body: bytes
    sha256: str | None


def settle(piece: Evidence) -> Evidence | None:
    """Return evidence after a look at its file, if that is there; what is not pending stays as it is.

    None: it is gone. Raises Unavailable.
    """
    if piece.status != "pending" or piece.place is None:
        return piece
    version = files.latest(piece.place)
    if version is None:
        return _as_it_is(piece)
    try:
        problem = _problem(piece, version)
    except FileNotFound:
        return _as_it_is(piece)
    settled = changes.make(lambda: _settling(piece, version, problem))
    if settled is None or settled.version_id != version.version_id:
        # Somebody else has looked at another version, or the file is not what was declared: these bytes are nobody's.
        discard(str(piece.place), version.version_id)
    return settled


def _as_it_is(piece: Evidence) -> Evidence | None:
    """Return evidence without a file as it is by now: somebody else may have rejected it, and removed the file."""
    item = table.get(evidence.key_of(piece), consistent=True)
    return None if item is None else evidence.from_item(item)


def discard(place: str, version_id: str) -> None:
    """Remove a version of a file that no evidence pins; one that S3 does not remove now is logged."""
    try:
        files.remove_version(place, version_id)
    except Unavailable:
        logger.warning("a file that is not wanted could not be removed", place=place)


def _problem(piece: Evidence, version: Version) -> Problem | None:
    """Return how a file differs from what was declared, None if it does not. Raises FileNotFound, Unavailable."""
    if version.size == 0:
        return "empty"
    if version.size > piece.size_bytes:
        return "too_large"
    read = _read(piece, version)
    if version.size != piece.size_bytes or piece.sha256 != (read.sha256 or version.sha256):
        return "hash_mismatch"
    return None if content.is_of(str(piece.media_type), read.body) else "type_mismatch"


def _read(piece: Evidence, version: Version) -> _Read:
    """Return the bytes of a file; of a video that S3 knows the hash of, the first are enough."""
    is_small = media_type.is_small(str(piece.media_type))
    body, digest = bytearray(), hashlib.sha256()
    for each in files.pieces(str(piece.place), version.version_id):
        digest.update(each)
        body += each if len(body) < _WHOLE else b""
        if not is_small and version.sha256 is not None:
            return _Read(bytes(body), None)
    return _Read(bytes(body), digest.hexdigest())


def _settling(piece: Evidence, version: Version, problem: Problem | None) -> Plan[Evidence | None]:
    """Return the change that a look makes; none if the evidence is not pending any more."""
    now = clock.now()
    keys = [
        evidence.key_of(piece),
        milestones.key(piece.tenant_id, piece.project_milestone_id),
        requirements.key(milestones.partition(piece.tenant_id, piece.project_milestone_id)),
    ]
    older = (
        None
        if piece.supersedes is None
        else evidence.key(piece.tenant_id, piece.project_milestone_id, piece.supersedes)
    )
    item, of_milestone, counted, *others = table.get_many([*keys, *([older] if older else [])], consistent=True)
    if item is None or of_milestone is None:
        return Plan(None)
    before = evidence.from_item(item)
    if before.status != "pending":
        return Plan(before)
    after, more = _settled(before, version, problem, now)
    milestone, counts = milestones.from_item(of_milestone), requirements.of(counted)
    told = [Change("uploaded" if problem is None else "rejected", before, after)]
    if problem is None and others and others[0] is not None and not writing.is_kept(milestone):
        told += _superseded(evidence.from_item(others[0]), after, now)
    return Plan(after, [*writing.written(milestone, counts, told, now), *more])


def _settled(before: Evidence, version: Version, problem: Problem | None, now: Instant) -> tuple[Evidence, list[Write]]:
    """Return evidence after a look at its file, and the writes that free what a rejected one holds."""
    after = before._replace(updated_at=clock.to_rfc3339(now), version=before.version + 1, due_at=None)
    if problem is None:
        return after._replace(status="uploaded", version_id=version.version_id, due_at=before.expires_at), []
    freed: list[Write] = [*evidence.unlocked(before), usage.returned(before.tenant_id, before.size_bytes)]
    return after._replace(status="rejected", reason=problem), freed


def _superseded(older: Evidence, by: Evidence, now: Instant) -> list[Change]:
    if older.status in ("superseded", "rejected", "pending"):
        return []
    after = older._replace(
        status="superseded",
        superseded_by=by.evidence_id,
        updated_at=clock.to_rfc3339(now),
        version=older.version + 1,
        due_at=None,
    )
    return [Change("superseded", older, after)]
