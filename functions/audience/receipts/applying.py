"""Receipts applied: rows move forward, what ends an address is suppressed, and each of these counts once.

The row of a recipient is there before its message is sent, so a receipt that is quicker than the answer finds it. What
comes again, in whatever order, finds nothing to do.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from functions.audience.receipts import evidence, metrics
from functions.audience.receipts.receipts import Receipt, Told
from functions.audience.recipients import marks, outcomes, recipients, state
from functions.audience.recipients.marks import Mark
from functions.audience.recipients.outcomes import MOST
from functions.audience.recipients.state import Recipient, Status
from functions.audience.respect import suppressions
from functions.audience.respect.suppressions import Reason
from shared import clock
from shared.observability import logger
from shared.storage import changes
from shared.storage.changes import Plan

_STATUS: Final[Mapping[Told, Status]] = {
    "sent": "sent",
    "delivered": "delivered",
    "opened": "opened",
    "clicked": "clicked",
    "failed": "failed",
    "bounced": "bounced",
    "soft_bounced": "bounced",
}
_SUPPRESSES: Final[Mapping[Told, Reason]] = {
    "bounced": "hard_bounce",
    "complained": "complaint",
    "unsubscribed": "unsubscribed",
}
_SOURCE: Final = "receipt"


def apply(tenant_id: str, campaign_id: str, told: Sequence[Receipt]) -> None:
    """Apply receipts of one campaign of a tenant; all of them say to whom. Raises Unavailable, Contended.

    What is told of a message that nobody has sent, or another provider than it comes from, changes nothing.
    """
    by_lead = {
        lead_id: sorted(each, key=lambda receipt: receipt.at)
        for lead_id, each in _grouped(sorted(told, key=lambda receipt: receipt.lead_id or ""))
    }
    for lead_ids in _in_parts([*by_lead], MOST):
        rows = recipients.several(tenant_id, campaign_id, lead_ids)
        believed = {
            lead_id: [each for each in by_lead[lead_id] if _is_of_its_provider(row, each)]
            for lead_id, row in rows.items()
        }
        unknown = sum(len(by_lead[lead_id]) - len(believed.get(lead_id, ())) for lead_id in lead_ids)
        if unknown:
            metrics.count_unknown(unknown)
            logger.info("receipts of messages that were not sent", campaign_id=campaign_id, receipts=unknown)
        moved = [(row, after) for lead_id, row in rows.items() if (after := _moved(row, believed[lead_id])) is not None]
        if moved:
            outcomes.record(moved)
        # Looked at again with every receipt that comes again, so nothing of it is lost when this breaks off before.
        for lead_id, row in rows.items():
            _respect(row, believed[lead_id])
        evidence.keep(tenant_id, campaign_id, [each for told_of in believed.values() for each in told_of])


def _grouped(told: Iterable[Receipt]) -> Iterator[tuple[str, list[Receipt]]]:
    for lead_id, each in itertools.groupby(told, key=lambda receipt: receipt.lead_id or ""):
        yield lead_id, [*each]


def _in_parts(lead_ids: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(lead_ids), most):
        yield lead_ids[first : first + most]


def _is_of_its_provider(row: Recipient, receipt: Receipt) -> bool:
    """Return whether a receipt comes from the provider that sent the message; what SES tells names none."""
    return receipt.provider_id is None or receipt.provider_id == row.provider_id


def _moved(row: Recipient, told: Sequence[Receipt]) -> Recipient | None:
    """Return a row after what is told of it, None if that changes nothing."""
    after = row
    for each in told:
        status = _STATUS.get(each.status)
        if status is not None:
            reason = each.reason if each.status != "soft_bounced" else each.reason or each.status
            after = state.advanced(after, status, each.at, reason) or after
    if after is row:
        return None
    # Whatever number of steps it were, it is one change of the row.
    return after._replace(
        version=row.version + 1,
        vendor_message_id=after.vendor_message_id or told[0].vendor_message_id,
    )


def _respect(row: Recipient, told: Sequence[Receipt]) -> None:
    """Suppress the address that a message went to where that is told, and mark who complained or unsubscribed."""
    if row.address_digest is None:
        return
    for each in told:
        if each.status == "soft_bounced":
            suppressions.soft_bounced(row.tenant_id, row.channel, row.address_digest, send_id=row.send_id)
        if (reason := _SUPPRESSES.get(each.status)) is not None:
            suppressions.add(row.tenant_id, row.channel, row.address_digest, reason, source=_SOURCE)
        if each.status == "complained" or each.status == "unsubscribed":
            _mark(row, each.status, each)


def _mark(row: Recipient, mark: Mark, told: Receipt) -> None:
    """Mark a recipient, once, and count it with its event."""

    def plan() -> Plan[None]:
        before = recipients.get(row.tenant_id, row.campaign_id, row.lead_id)
        return Plan(None, [] if before is None else marks.writes(before, mark, at=told.at, now=clock.now()))

    changes.make(plan)
