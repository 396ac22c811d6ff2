"""Background work: audited events go from their queue (`shared/messaging/audited.py`) into the log of their tenant.

What comes twice is in the log already. The chain is in the order in which events arrive, the list in that of their ids,
which is the order in which they happened. Messages of a tenant whose log cannot be appended to come again, all of them,
so that their order stays.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from functions.identity.audit import log
from functions.identity.audit.metrics import AUDIT_LAG
from shared import clock, metrics
from shared.errors import Refusal
from shared.messaging import audited, bus, handling
from shared.observability import logger
from shared.storage.events import Event


class _Heard(NamedTuple):
    """An event, and the message that brought it."""

    event: Event
    record: Mapping[str, Any]


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Append the events of a batch of messages; answers those that are to come again."""
    failed: list[str] = []
    by_tenant: dict[str, dict[str, _Heard]] = defaultdict(dict)
    for record in event["Records"]:
        try:
            happened = bus.read(json.loads(record["body"]))
        except (ValueError, KeyError, TypeError):
            logger.exception("message that is no event", message_id=record["messageId"])
            failed.append(record["messageId"])
            continue
        if audited.takes(happened):
            by_tenant[happened.tenant_id][happened.event_id] = _Heard(happened, record)
    for tenant_id, messages in by_tenant.items():
        failed += _appended(tenant_id, list(messages.values()))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _appended(tenant_id: str, heard: Sequence[_Heard]) -> list[str]:
    """Append the events of a tenant and return the messages that are to come again."""
    with handling.of_messages([each.record for each in heard]) as handled:
        try:
            appended = log.append(tenant_id, [each.event for each in heard])
        except Refusal as refusal:
            logger.warning("audit log not appended to", tenant_id=tenant_id, reason=refusal.code)
            handled.outcome = "failed"
            return [each.record["messageId"] for each in heard]
        now, occurred = clock.now(), [each.event.occurred_at for each in heard]
        metrics.write({AUDIT_LAG: [max(now - clock.from_rfc3339(at), 0) for at in occurred]})
        logger.info("audited", tenant_id=tenant_id, appended=appended)
        return []
