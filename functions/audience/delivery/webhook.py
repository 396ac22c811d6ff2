"""The generic provider: a message as JSON, signed as Standard Webhooks says, to an address of the tenant.

`webhook-id` is the `send_id`, so a provider that keeps these takes no message twice. Both sides know the secret: what
is sent and what comes back as receipts is signed with it.
"""

import json

from functions.audience.delivery import answers, posting, providers
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider
from shared import clock
from shared.egress import signature
from shared.egress.client import NotAnswered
from shared.sending.answers import Answer


def send(provider: Provider, message: Message) -> Answer:
    """Send a message once. Raises Unavailable where the stage cannot unseal."""
    now, body = clock.now(), json.dumps({"type": "message", **message._asdict()}).encode()
    keys = providers.receipt_secrets(provider, now)
    signed = signature.headers(keys, webhook_id=message.send_id, at=now, payload=body)
    try:
        reply, said = posting.post(provider.settings["url"], body, {"Content-Type": "application/json", **signed})
    except NotAnswered as failure:
        return answers.missing(failure)
    message_id = posting.text(said.get("message_id"))
    return answers.of(reply, code=None, known=None, message_id=message_id, now=clock.now())
