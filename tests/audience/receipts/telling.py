"""Providers as they tell what became of messages, and the queue between the route and its consumer."""

import base64
import itertools
import json
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from functions.audience import api, resolver
from functions.audience.delivery.providers import Provider
from functions.audience.receipts import consumers, signed
from shared import clock
from shared.egress import signature
from shared.messaging import bus
from tests.audience.delivery import having
from tests.audience.following import happened
from tests.aws import hooks
from tests.aws.entries import Answer, Context, call, http_event
from tests.aws.messages import batch

API_URL: Final = "https://api.example.com"
QUEUE: Final = "https://sqs.eu-west-1.amazonaws.com/123456789012/receipts"
RECEIPT: Final = "/api/v1/delivery/receipt"
INBOUND: Final = "/api/v1/delivery/inbound"


class Post:
    """What is told over HTTP and waits on the queue until it is brought."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        patch.setenv("API_URL", API_URL)
        patch.setenv("RECEIPTS_QUEUE_URL", QUEUE)
        self.waiting: list[str] = []
        self._told = itertools.count(1)
        hooks.register("before-call.sqs.SendMessageBatch", self._taken)

    def _taken(self, params: dict[str, Any], **_: Any) -> dict[str, Any] | None:
        request = json.loads(params["body"])
        if request["QueueUrl"] != QUEUE:
            return None
        entries = request["Entries"]
        self.waiting += [each["MessageBody"] for each in entries]
        return {"Successful": [{"Id": each["Id"]} for each in entries], "Failed": []}

    def tells(
        self, provider: Provider, secret: str, said: Any, *, path: str = RECEIPT, message_id: str | None = None
    ) -> Answer:
        """Tell something as JSON, signed now with a secret of Standard Webhooks; as another message each time."""
        webhook_id = message_id or f"rcp_{next(self._told)}"
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        headers = signature.headers([secret], webhook_id=webhook_id, at=clock.now(), payload=text.encode())
        return self.posts(text, headers, path=path, query=urlencode({"provider": provider.provider_id}))

    def tells_as_twilio(
        self, token: str, form: dict[str, str], *, query: str, path: str = RECEIPT, is_base64: bool = False
    ) -> Answer:
        signed_ = signed.twilio_signature(token, f"{API_URL}{path}?{query}", [*form.items()])
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signed_}
        return self.posts(urlencode(form), headers, path=path, query=query, is_base64=is_base64)

    def posts(
        self, text: str, headers: dict[str, str], *, query: str, path: str = RECEIPT, is_base64: bool = False
    ) -> Answer:
        body = base64.b64encode(text.encode()).decode() if is_base64 else text
        event = http_event("POST", path, body, headers=headers, query=query) | {"isBase64Encoded": is_base64}
        return call(api.handler, resolver.api, event)

    def brings(self) -> None:
        """Bring everything that waits."""
        waiting, self.waiting = self.waiting, []
        assert brought(waiting) == 0


def brought(waiting: Iterable[str], *, receives: int = 1) -> int:
    """Bring messages for the so-manieth time, and return how many are to come again."""
    return len(consumers.handler(batch(waiting, receives=receives), Context())["batchItemFailures"])


def questions() -> list[str]:
    """Return the messages by which the bus asks for the questions for consents that were ever to be sent."""
    return [json.dumps(bus.message(each)) for each in happened("audience.lead.asked")]


def has_provider(tenant_id: str, secrets: dict[str, str] | None = None, **fields: Any) -> tuple[Provider, str]:
    """Return a stored provider, and the secret of its receipts."""
    made, secret = having.provider(secrets, tenant_id=tenant_id, **fields)
    return having.stored(made, is_default=True), secret
