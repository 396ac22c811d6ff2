"""Idempotency keys: what a client sends twice has one effect and one answer, for 24 hours.

The record of the key is written in the transaction of the effect, so neither exists without the other: a call that
timed out after its write is answered from the record, one that was never written is simply done. (Powertools' utility
keeps the two in different writes; after a time-out the effect would run again.)
"""

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

from shared import clock
from shared.clock import Instant
from shared.errors import NotAllowed
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Put, absent_or_expired

KEPT = clock.DAY
PACKED_ABOVE_BYTES = 700
"""What an answer may have before it is packed: with up to this much, its record has 1 KB and costs two write units."""

Answer = dict[str, Any]


class IdempotencyKeyReused(NotAllowed):
    """The key was used for a different request; take a new key for a new request."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One use of an idempotency key: who, which key, and a fingerprint of what was asked for."""

    record: Key
    fingerprint: str


def claim(*, partition: str, idempotency_key: str, operation: str, request: Any) -> Claim:
    """Return the claim of a caller's key; the operation and the whole request make the fingerprint."""
    digest = hashlib.sha256(idempotency_key.encode()).hexdigest()
    asked = json.dumps([operation, request], sort_keys=True, default=str)
    return Claim(Key(partition, f"IDEMPOTENCY#{digest}"), hashlib.sha256(asked.encode()).hexdigest())


def part(claimed: Claim, place: int) -> Claim:
    """Return the claim of one of the changes that a request makes each by itself, by its place in the request."""
    digest = hashlib.sha256(f"{claimed.record.sk}#{place}".encode()).hexdigest()
    return Claim(Key(claimed.record.pk, f"IDEMPOTENCY#{digest}"), claimed.fingerprint)


def recorded(claimed: Claim, answer: Answer, *, at: Instant) -> Put:
    """Return the write that records the answer; its condition fails while an earlier record is alive."""
    seconds = clock.now() // clock.SECOND
    item = {
        "PK": claimed.record.pk,
        "SK": claimed.record.sk,
        "entity": "Idempotency",
        "fingerprint": claimed.fingerprint,
        "answer": _packed(answer),
        "created_at": clock.to_rfc3339(at),
        "ttl": seconds + KEPT // clock.SECOND,
    }
    return Put(item, absent_or_expired(seconds))


def earlier_answer(claimed: Claim) -> Answer | None:
    """Return what was answered when the key was used before, None when it was not.

    Raises IdempotencyKeyReused when it was used for something else.
    """
    item = table.get(claimed.record, consistent=True)
    if item is None or item["ttl"] <= clock.now() // clock.SECOND:
        return None
    if item["fingerprint"] != claimed.fingerprint:
        raise IdempotencyKeyReused("This Idempotency-Key was used for a different request; take a new one.")
    return answer_of(item)


def answer_of(item: Item) -> Answer:
    """Return the answer that the item of a key holds, packed or not."""
    stored = item["answer"]
    answer: Answer = json.loads(zlib.decompress(stored) if isinstance(stored, bytes) else stored)
    return answer


def _packed(answer: Answer) -> str | bytes:
    """Return an answer as its record holds it: as JSON, and compressed where that saves write units."""
    text = json.dumps(answer)
    return text if len(text) <= PACKED_ABOVE_BYTES else zlib.compress(text.encode())
