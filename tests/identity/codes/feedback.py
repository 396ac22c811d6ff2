"""What SES tells of a code that was mailed.

https://docs.aws.amazon.com/ses/latest/dg/notification-examples.html
"""

import json
from typing import Any

from functions.identity.codes import consumers
from tests.aws.messages import batch
from tests.identity.codes.challenged import sent

NOON = "2026-11-20T12:00:00.000Z"


def bounced(kind: str = "Permanent", subtype: str = "General", *, whose: str | None = None, at: str = NOON) -> str:
    """Return the bounce of the last code; `whose` mailbox, if not the recipient's, was not there."""
    code = sent()[-1]
    to = code.destinations[0]
    recipients = [{"emailAddress": whose or to, "action": "failed", "status": "5.1.1"}]
    bounce = {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": recipients, "timestamp": at}
    return json.dumps({"notificationType": "Bounce", "bounce": bounce, "mail": _mail(code.source, to)})


def complained() -> str:
    """Return the complaint about the last code."""
    code = sent()[-1]
    to = code.destinations[0]
    complaint = {"complainedRecipients": [{"emailAddress": to}], "timestamp": NOON}
    return json.dumps({"notificationType": "Complaint", "complaint": complaint, "mail": _mail(code.source, to)})


def handled(*bodies: str) -> dict[str, Any]:
    """Give the consumer these messages."""
    return consumers.handler(batch(bodies), None)


def _mail(source: str, to: str) -> dict[str, Any]:
    return {"timestamp": NOON, "source": source, "messageId": "taken-1", "destination": [to]}
