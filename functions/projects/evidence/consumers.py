"""The Lambda handler of what S3 says of evidence: a file was written, whether or not its uploader says so."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from functions.projects.evidence import arrival, evidence
from functions.projects.milestones import milestones
from shared import ids
from shared.messaging import batches
from shared.messaging.batches import Message
from shared.storage import files, table

_PARTS = 5


class _Written(NamedTuple):
    """Which file was written, and of which evidence it is."""

    tenant_id: str
    milestone_id: str
    evidence_id: str
    place: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Look at each file of a batch; answers the messages that failed."""
    return batches.per_subject(event, _about, _do)


def _about(message: Message) -> _Written:
    """Return what a message of S3 says. Raises KeyError, TypeError or ValueError when it is none."""
    place = message["detail"]["object"]["key"]
    parts = place.split("/")
    if len(parts) != _PARTS or not ids.is_valid(parts[1], "tenant"):
        raise ValueError("no evidence lies there")
    if not ids.is_valid(parts[2], milestones.ID) or not ids.is_valid(parts[3], evidence.ID):
        raise ValueError("no evidence has these ids")
    return _Written(parts[1], parts[2], parts[3], place)


def _do(written: _Written, _messages: Sequence[Mapping[str, Any]]) -> None:
    item = table.get(evidence.key(written.tenant_id, written.milestone_id, written.evidence_id), consistent=True)
    piece = None if item is None else evidence.from_item(item)
    if piece is not None and piece.place == written.place:
        piece = arrival.settle(piece)
        if piece is not None and piece.status == "pending":
            return
    version = files.latest(written.place)
    # Nobody waits for what was sent after a look at the file, or for a piece that is gone.
    if version is not None and (
        piece is None or piece.version_id != version.version_id or piece.place != written.place
    ):
        files.remove_version(written.place, version.version_id)
