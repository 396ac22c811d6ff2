"""What happens by itself: security events come from the event bus into the audit log of their tenant.

Whatever comes twice is in the log already. The chain is in the order in which events arrive, the list in that of their
ids, which is the order in which they happened. Messages of a tenant whose log cannot be appended to come again.
"""

import json
from collections import defaultdict
from typing import Any

from functions.identity.audit import log
from shared import ids
from shared.errors import Refusal
from shared.messaging import bus
from shared.observability import logger
from shared.storage.events import Event

_PREFIX = "identity."
# Not security events: a session goes on every quarter of an hour, and a name is a name.
_LEFT_OUT = frozenset({"identity.session.refreshed", "identity.user.renamed"})


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
        if _is_audited(happened):
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
    logger.info("audited", tenant_id=tenant_id, appended=appended)
    return []


def _is_audited(event: Event) -> bool:
    """Tell whether the event is one of a tenant that its audit log keeps; of an unknown address there is none."""
    return (
        event.event_type.startswith(_PREFIX)
        and event.event_type not in _LEFT_OUT
        and ids.is_valid(event.tenant_id, "tenant")
    )
