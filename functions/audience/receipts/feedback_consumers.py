"""What SES tells of mail of campaigns: a queue that the topic of the stage's feedback fills, by the label of the mail.

The label is the send id, which says campaign and lead; whose campaign it is says one item.
"""

from collections.abc import Sequence
from typing import Any

from functions.audience.receipts import applying
from functions.audience.receipts.receipts import Receipt, Told
from functions.audience.recipients import send_ids
from shared import clock
from shared.messaging import batches
from shared.messaging.batches import Message
from shared.observability import logger
from shared.sending import feedback
from shared.sending.feedback import Feedback


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Apply what became of mail; answers the messages that are to come again."""
    return batches.per_subject(event, _label, _hear)


def _label(message: Message) -> str:
    """Return the label of a campaign. Raises KeyError, TypeError or ValueError for a message about none."""
    parts = send_ids.read(feedback.read(message).label.send_id)
    if parts is None:
        raise ValueError("the label is of no campaign")
    return parts.label


def _hear(label: str, messages: Sequence[Message]) -> None:
    owner = send_ids.campaign_of(label)
    if owner is None:
        logger.info("feedback on mail of a campaign that there is not", messages=len(messages))
        return
    told = [_receipt(owner.tenant_id, owner.campaign_id, feedback.read(each)) for each in messages]
    applying.apply(owner.tenant_id, owner.campaign_id, told)


def _receipt(tenant_id: str, campaign_id: str, heard: Feedback) -> Receipt:
    parts = send_ids.read(heard.label.send_id)
    return Receipt(
        tenant_id,
        None,
        _status(heard),
        clock.to_rfc3339(heard.at),
        campaign_id,
        None if parts is None else parts.lead_id,
    )


def _status(heard: Feedback) -> Told:
    if heard.kind == "bounce":
        return "bounced" if heard.has_no_mailbox else "soft_bounced"
    return "delivered" if heard.kind == "delivery" else "complained"
