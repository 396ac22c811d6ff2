"""What happens by itself: security events go from the table's stream into the audit log of their tenant.

Whatever comes twice is in the log already. A batch that cannot be appended comes again, whole.
"""

from collections import defaultdict
from typing import Any

from functions.identity import audit
from shared import attributes, ids
from shared.attributes import Item
from shared.observability import logger

_PREFIX = "identity."
# Not security events: a session goes on every quarter of an hour, and a name is a name.
_LEFT_OUT = frozenset({"identity.session.refreshed", "identity.user.renamed"})


def handler(event: dict[str, Any], _context: object) -> None:
    """Append the security events of a batch of stream records. Raises what `audit.append` does."""
    by_tenant: dict[str, list[Item]] = defaultdict(list)
    for record in event["Records"]:
        item = attributes.load(record["dynamodb"].get("NewImage", {}))
        if record["eventName"] == "INSERT" and _is_audited(item):
            by_tenant[item["tenant_id"]].append(item)
    for tenant_id, occurred in by_tenant.items():
        unique = list({each["event_id"]: each for each in occurred}.values())
        for start in range(0, len(unique), audit.MAX_TOGETHER):
            appended = audit.append(tenant_id, unique[start : start + audit.MAX_TOGETHER])
            logger.info("audited", tenant_id=tenant_id, appended=appended)


def _is_audited(item: Item) -> bool:
    """Tell whether the item is an event of a tenant that its audit log keeps; of an unknown address there is none."""
    return (
        item.get("entity") == "Event"
        and item["event_type"].startswith(_PREFIX)
        and item["event_type"] not in _LEFT_OUT
        and ids.is_valid(item["tenant_id"], "tenant")
    )
