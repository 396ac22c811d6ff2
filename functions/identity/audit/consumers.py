"""Background work: security events go from their queue (`shared/messaging/audited.py`) into the log of their tenant.

What comes twice is in the log already. The chain is in the order in which events arrive, the list in that of their ids,
which is the order in which they happened. Messages of a tenant whose log cannot be appended to come again, all of them,
so that their order stays.
"""

import json
from collections import defaultdict
from typing import Any

from functions.identity.audit import log
from functions.identity.audit.metrics import AUDIT_LAG
from shared import clock, metrics
from shared.errors import Refusal
from shared.messaging import audited, bus
from shared.observability import logger
from shared.storage.events import Event


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Append the security events of a batch of messages; answers those that are to come again."""
    failed: list[str] = []
    by_tenant: dict[str, dict[str, tuple[Event, str]]] = defaultdict(dict)
    for record in event["Records"]:
        try:
            happened = bus.read(json.loads(record["body"]))
        except (ValueError, KeyError, TypeError):
            logger.exception("message that is no event", message_id=record["messageId"])
            failed.append(record["messageId"])
            continue
        if audited.takes(happened):
            by_tenant[happened.tenant_id][happened.event_id] = (happened, record["messageId"])
    for tenant_id, messages in by_tenant.items():
        failed += _appended(tenant_id, [each for each, _ in messages.values()], [each for _, each in messages.values()])
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _appended(tenant_id: str, occurred: list[Event], message_ids: list[str]) -> list[str]:
    """Append the events of a tenant and return the messages that are to come again."""
    try:
        appended = log.append(tenant_id, occurred)
    except Refusal as refusal:
        logger.warning("audit log not appended to", tenant_id=tenant_id, reason=refusal.code)
        return message_ids
    now = clock.now()
    metrics.write({AUDIT_LAG: [max(now - clock.from_rfc3339(event.occurred_at), 0) for event in occurred]})
    logger.info("audited", tenant_id=tenant_id, appended=appended)
    return []
