"""A request as API Gateway hands it over (HTTP API, payload 2.0), and the response to it."""

from collections.abc import Mapping
from typing import Any

from shared.api import source_addresses


class Request:
    """What came with an event; the names of `headers` are lower case, `query` has the values that API Gateway joined.

    A plain class, as is the response: making dataclasses of them is a hundredth of a cold start.
    """

    __slots__ = ("event", "headers", "method", "path", "query")

    def __init__(self, event: Mapping[str, Any]) -> None:
        context = event["requestContext"]
        stage = context.get("stage", "$default")
        self.event = event
        self.method: str = context["http"]["method"]
        # A stage other than the default one begins the path.
        self.path: str = event["rawPath"] if stage == "$default" else event["rawPath"].removeprefix(f"/{stage}")
        self.headers: Mapping[str, str] = event.get("headers") or {}
        self.query: Mapping[str, str] = event.get("queryStringParameters") or {}

    @property
    def body(self) -> str:
        """Return the body as it came: text, or base64 if `is_base64`."""
        return self.event.get("body") or ""

    @property
    def is_base64(self) -> bool:
        """Return whether the body came in base64."""
        return bool(self.event.get("isBase64Encoded"))

    @property
    def raw_query(self) -> str:
        """Return the query as the caller wrote it."""
        return str(self.event.get("rawQueryString", ""))

    @property
    def source_address(self) -> str:
        """Return the network address that the request comes from."""
        return source_addresses.of(self.event)

    @property
    def request_id(self) -> str:
        """Return the id that API Gateway gave the request."""
        return str(self.event["requestContext"].get("requestId", ""))


class Response:
    """What is answered: a status, and a body of a media type (None: no body), in base64 if `is_base64`."""

    __slots__ = ("body", "headers", "is_base64", "status")

    def __init__(
        self,
        status: int,
        media_type: str | None = None,
        body: str = "",
        headers: Mapping[str, str] | None = None,
        *,
        is_base64: bool = False,
    ) -> None:
        self.status = status
        self.body = body
        self.is_base64 = is_base64
        self.headers: dict[str, str] = dict(headers or {})
        if media_type is not None:
            self.headers.setdefault("Content-Type", media_type)
