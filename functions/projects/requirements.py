"""The evidence that a milestone wants before it is complete, and how much of it there is.

The counts lie beside the milestone, in an item whose version grows with every piece of evidence that comes, counts or
goes. Whoever decides by them checks that version in their own transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Check, Condition, Put, unchanged

Wanted = Literal["uploaded", "verified"]

MOST: Final = 100
"""How many pieces of evidence a milestone may have, rejected and superseded ones among them."""
BLOCKING: Final = "evidence:"
"""What the key of an open requirement begins with among what keeps a milestone open."""


class Counts(NamedTuple):
    """How much evidence there is of a milestone: in all, by the requirements that it is for, and by who brought it.

    `uploaded` counts what is verified, too. Superseded, expired and rejected evidence is in `pieces` alone. `shown` has
    the ids of the evidence that is there, which layers see; the bytes of a piece never change.
    """

    version: int = 0
    pieces: int = 0
    uploaded: Mapping[str, int] = {}
    verified: Mapping[str, int] = {}
    uploaders: Mapping[str, int] = {}
    shown: Sequence[str] = ()


def key(partition: str) -> Key:
    """Return the key of the counts of the milestone with this partition."""
    return Key(partition, "0EVIDENCE")


def of(item: Item | None) -> Counts:
    """Return the counts that an item holds."""
    return Counts() if item is None else records.from_item(Counts, item)


def put(partition: str, before: Counts, after: Counts) -> Put:
    """Return the write of other counts, which are still as they were read."""
    item = records.to_item(key(partition), "EvidenceCounts", after._replace(version=before.version + 1))
    return Put(item, _as_read(before))


def still(partition: str, counts: Counts) -> Check:
    """Return the check that the counts are still as they were read."""
    return Check(key(partition), _as_read(counts))


def missing(wanted: Sequence[Mapping[str, Any]], counts: Counts) -> list[str]:
    """Return the requirements of a milestone that there is not enough evidence of, as `evidence:<key>`."""
    return [f"{BLOCKING}{each['key']}" for each in wanted if not _is_met(each, counts)]


def _is_met(requirement: Mapping[str, Any], counts: Counts) -> bool:
    counted = counts.verified if requirement["wanted"] == "verified" else counts.uploaded
    at_least: int = requirement["at_least"]
    return counted.get(requirement["key"], 0) >= at_least


def _as_read(counts: Counts) -> Condition:
    return unchanged(counts.version) if counts.version else ABSENT
