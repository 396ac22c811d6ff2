"""The Lambda handler of what AWS says of evidence: S3 that a file was written, whether or not its uploader says so; and
GuardDuty what it has found in one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from functions.projects.evidence import arrival, evidence, scanning
from functions.projects.evidence.scanning import Said
from functions.projects.milestones import milestones
from shared import ids
from shared.messaging import batches
from shared.messaging.batches import Message
from shared.storage import files, table

_PARTS = 5


class _Written(NamedTuple):
    """Of which file something is said, of which evidence it is, and what the scanner says of it."""

    tenant_id: str
    milestone_id: str
    evidence_id: str
    place: str
    said: Said | None


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Look at each file of a batch; answers the messages that failed."""
    return batches.per_subject(event, _about, _do)


def _about(message: Message) -> _Written:
    """Return what a message of S3 or GuardDuty says. Raises KeyError, TypeError or ValueError when it is neither."""
    detail, is_scanned = message["detail"], "scanResultDetails" in message["detail"]
    place = detail["s3ObjectDetails"]["objectKey"] if is_scanned else detail["object"]["key"]
    parts = place.split("/")
    if len(parts) != _PARTS or not ids.is_valid(parts[1], "tenant"):
        raise ValueError("no evidence lies there")
    if not ids.is_valid(parts[2], milestones.ID) or not ids.is_valid(parts[3], evidence.ID):
        raise ValueError("no evidence has these ids")
    return _Written(parts[1], parts[2], parts[3], place, scanning.said(detail) if is_scanned else None)


def _do(written: _Written, _messages: Sequence[Mapping[str, Any]]) -> None:
    item = table.get(evidence.key(written.tenant_id, written.milestone_id, written.evidence_id), consistent=True)
    piece = None if item is None else evidence.from_item(item)
    if piece is not None and piece.place == written.place:
        piece = arrival.settle(piece, written.said)
        if piece is not None and piece.status == "pending":
            return
    version = files.latest(written.place)
    # Nobody waits for what was sent after a look at the file, or for a piece that is gone.
    if version is not None and (
        piece is None or piece.version_id != version.version_id or piece.place != written.place
    ):
        files.remove_version(written.place, version.version_id)
