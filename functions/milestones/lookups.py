"""How the milestone is found that the evaluator speaks of by its own id, and what it said before we knew the id.

A webhook can overtake the answer that tells us the id. It is then kept with the id, a few of them for a day, under the
version that the write of the lookup checks, so that none is lost between reading and writing.
"""

import hashlib
from decimal import Decimal
from typing import Any, Final, NamedTuple

from functions.milestones.report import Report
from shared import clock
from shared.clock import Instant
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, absent_or_expired, unchanged

EARLY_KEPT = clock.DAY
# The specification's retries take three days (Standard Webhooks, "retry schedule").
RECEIVED_KEPT = 7 * clock.DAY
MOST_EARLY: Final = 20


class Early(NamedTuple):
    """A webhook that came before its milestone was known."""

    webhook_id: str
    report: Report


def key(evaluator_id: str) -> Key:
    """Return the key of the lookup of an evaluator's id."""
    return Key(f"EVALUATOR#{evaluator_id}", "MILESTONE")


def received_key(evaluator_id: str, webhook_id: str) -> Key:
    """Return the key that is there once a webhook was received."""
    return Key(f"EVALUATOR#{evaluator_id}", f"RECEIVED#{hashlib.sha256(webhook_id.encode()).hexdigest()}")


def found(item: Item | None) -> tuple[str, str] | None:
    """Return tenant and uid of the milestone that a lookup leads to, None when it leads nowhere."""
    return (item["tenant_id"], item["milestone_uid"]) if item is not None and "milestone_uid" in item else None


def early(item: Item | None) -> list[Early]:
    """Return what came before the id was known, in the order of its coming."""
    return [] if item is None else [Early(each["webhook_id"], _report(each)) for each in item.get("early", ())]


def learned(item: Item | None, evaluator_id: str, *, tenant_id: str, milestone_uid: str) -> Put:
    """Return the write that makes an id known; it fails when another webhook came since the item was read."""
    pk, sk = key(evaluator_id)
    lookup: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "EvaluatorLookup",
        "tenant_id": tenant_id,
        "milestone_uid": milestone_uid,
        "version": _version(item) + 1,
    }
    return Put(lookup, _as_read(item))


def kept(item: Item | None, evaluator_id: str, came: Early, at: Instant) -> Put | None:
    """Return the write that keeps a webhook of an id nobody knows yet, None when it is kept already."""
    before = [] if item is None else list(item.get("early", ()))
    if came.webhook_id in [each["webhook_id"] for each in before]:
        return None
    pk, sk = key(evaluator_id)
    waiting: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "EarlyWebhooks",
        "early": [*before, _item(came)][-MOST_EARLY:],
        "version": _version(item) + 1,
        "ttl": (at + EARLY_KEPT) // clock.SECOND,
    }
    return Put(waiting, _as_read(item))


def received(evaluator_id: str, webhook_id: str, at: Instant) -> Put:
    """Return the write that a webhook was received; it fails when it was received before."""
    pk, sk = received_key(evaluator_id, webhook_id)
    seconds = at // clock.SECOND
    item = {"PK": pk, "SK": sk, "entity": "ReceivedWebhook", "ttl": seconds + RECEIVED_KEPT // clock.SECOND}
    return Put(item, absent_or_expired(seconds))


def removed(evaluator_id: str) -> Delete:
    """Return the write that makes an id unknown again."""
    return Delete(key(evaluator_id))


def _version(item: Item | None) -> int:
    return 0 if item is None else int(item["version"])


def _as_read(item: Item | None) -> Any:
    return ABSENT if item is None else unchanged(item["version"])


def _item(came: Early) -> Item:
    said = came.report
    held = {
        "webhook_id": came.webhook_id,
        "status": said.status,
        "current_value": None if said.current_value is None else str(said.current_value),
        "target": None if said.target is None else str(said.target),
        "completed_at": None if said.completed_at is None else clock.to_rfc3339(said.completed_at),
    }
    return {name: value for name, value in held.items() if value is not None}


def _report(item: Item) -> Report:
    return Report(
        status=item.get("status"),
        current_value=Decimal(item["current_value"]) if "current_value" in item else None,
        target=Decimal(item["target"]) if "target" in item else None,
        completed_at=clock.from_stored(item["completed_at"]) if "completed_at" in item else None,
    )
