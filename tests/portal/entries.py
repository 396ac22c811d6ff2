"""The portal's entry; what comes back is as a client of API Gateway sees it."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.portal.api import handler
from tests.aws.entries import Context, http_event


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        compressed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if compressed else self.body).decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def ask(method: str, path: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    event = http_event(method, path, headers=headers)
    answer = handler(event, Context())
    assert answer["headers"]["X-Request-Id"] == event["requestContext"]["requestId"]
    body = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    return Answer(answer["statusCode"], answer["headers"], body)
