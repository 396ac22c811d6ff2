"""What becomes of evidence whose file is there: it is compared with what was declared, once, whoever notices it first.

The uploader says that it is there, and S3 does. Both end here, in the same conditional write. So does the verdict of a
scanner, for which the file waits on a stage that has one.
"""

import hashlib
from typing import Final, Literal, NamedTuple

from functions.projects import requirements
from functions.projects.evidence import content, evidence, media_type, scanning, usage, writing
from functions.projects.evidence.evidence import Evidence
from functions.projects.evidence.scanning import Said, Verdict
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

Problem = Literal["empty", "too_large", "hash_mismatch", "type_mismatch", "infected", "not_scannable", "not_scanned"]
Outcome = Problem | Literal["uploaded", "scanning"]

_WHOLE: Final = media_type.SMALL
_TOLD: Final = {"scanning": "scan_started"}


class _Read(NamedTuple):
    """What was read of a file: all of it, or the beginning of a video; and the hash of all of it, if that was read."""

    body: bytes
    sha256: str | None


def settle(piece: Evidence, said: Said | None = None) -> Evidence | None:
    """Return evidence after a look at its file, if that is there; what waits for nothing stays as it is.

    `said` is what the scanner has just told. None: the evidence is gone. Raises Unavailable.
    """
    if piece.status not in evidence.AWAITED or piece.place is None:
        return piece
    try:
        found = _looked_at(piece, piece.place, said)
    except FileNotFound:
        return _as_it_is(piece)
    if found is None:
        return _as_it_is(piece)
    version_id, outcome = found
    settled = changes.make(lambda: _settling(piece, version_id, outcome))
    if settled is None or settled.version_id != version_id:
        # Somebody else has looked at another version, or the file is not what was declared: these bytes are nobody's.
        discard(piece.place, version_id)
    return settled


def _looked_at(piece: Evidence, place: str, said: Said | None) -> tuple[str, Outcome] | None:
    """Return which version was looked at, and what comes of it; None while nothing does.

    Raises FileNotFound, Unavailable.
    """
    if piece.version_id is not None:
        verdict = scanning.verdict(place, piece.version_id, said)
        if verdict is None and piece.due_at is not None and scanning.is_given_up(piece.due_at, clock.now()):
            return piece.version_id, "not_scanned"
        return None if verdict is None else (piece.version_id, _outcome(verdict))
    version = files.latest(place)
    if version is None:
        return None
    problem = _problem(piece, version)
    return version.version_id, problem or _outcome(scanning.verdict(place, version.version_id, said))


def _outcome(verdict: Verdict | None) -> Outcome:
    if verdict is None:
        return "scanning"
    return "uploaded" if verdict == "clean" else verdict


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


def _settling(piece: Evidence, version_id: str, outcome: Outcome) -> Plan[Evidence | None]:
    """Return the change that a look makes; none if the evidence is not as it was looked at any more."""
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
    if before.status != piece.status:
        return Plan(before)
    after, more = _settled(before, version_id, outcome, now)
    milestone, counts = milestones.from_item(of_milestone), requirements.of(counted)
    told = [Change(_TOLD.get(after.status, after.status), before, after)]
    if outcome == "uploaded" and others and others[0] is not None and not writing.is_kept(milestone):
        told += _superseded(evidence.from_item(others[0]), after, now)
    return Plan(after, [*writing.written(milestone, counts, told, now), *more])


def _settled(before: Evidence, version_id: str, outcome: Outcome, now: Instant) -> tuple[Evidence, list[Write]]:
    """Return evidence after a look at its file, and the writes that free what a rejected one holds."""
    after = before._replace(
        updated_at=clock.to_rfc3339(now), version=before.version + 1, due_at=None, version_id=version_id
    )
    if outcome == "uploaded":
        return after._replace(status="uploaded", due_at=before.expires_at), []
    if outcome == "scanning":
        return after._replace(status="scanning", due_at=clock.to_rfc3339(now + scanning.LOOKED_AFTER)), []
    freed: list[Write] = [*evidence.unlocked(before), usage.returned(before.tenant_id, before.size_bytes)]
    return after._replace(status="rejected", reason=outcome, version_id=None), freed


def _superseded(older: Evidence, by: Evidence, now: Instant) -> list[Change]:
    if older.status in ("superseded", "rejected", *evidence.AWAITED):
        return []
    after = older._replace(
        status="superseded",
        superseded_by=by.evidence_id,
        updated_at=clock.to_rfc3339(now),
        version=older.version + 1,
        due_at=None,
    )
    return [Change("superseded", older, after)]
