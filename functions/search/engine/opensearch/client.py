"""Requests to the OpenSearch domain of a stage: signed, tried again while it is busy, and refused without their text.

Every request may be sent twice: documents carry their versions, and what is there or gone already is no failure.
"""

import itertools
import time
from collections.abc import Mapping
from typing import Any, Final

import orjson

from functions.search.engine.ports import EngineBroken, IndexGone
from shared import pauses
from shared.aws import credentials, endpoints, sigv4, wire
from shared.aws.credentials import NoCredentials
from shared.aws.wire import Answer, Limits, NoAnswer
from shared.errors import Unavailable
from shared.pauses import Backoff

TRIES: Final = 4
BUSY: Final = frozenset({429, 502, 503, 504})
_LIMITS: Final = Limits(connect_seconds=2, answer_seconds=10)
_PAUSES: Final = Backoff(first_seconds=0.2, longest_seconds=2.0, patience_seconds=20.0)
_SERVICE: Final = "es"
_NOT_FOUND: Final = 404
_REFUSED_FROM: Final = 400

Fields = dict[str, Any]


class Refused(EngineBroken):
    """OpenSearch refused a request: its status and the kind of the error, which quote nothing of the request."""

    def __init__(self, doing: str, status: int, kind: str) -> None:
        super().__init__(f"OpenSearch refused while {doing}: {status} {kind}")
        self.status = status
        self.kind = kind


class Client:
    """A client of one domain."""

    def __init__(self, url: str) -> None:
        self._endpoint = endpoints.at(url)

    def call(self, method: str, path: str, body: Any = None, *, doing: str, query: str = "") -> Fields:
        """Return the answer to a request; its body is JSON, or lines of it as bytes.

        Raises IndexGone, Refused, and Unavailable if the domain is busy, or does not answer, for too long.
        """
        sent = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        answer = self._answered(method, path, query, sent)
        fields = _read(answer)
        if answer.status == _NOT_FOUND:
            raise IndexGone
        if answer.status >= _REFUSED_FROM:
            error = fields.get("error")
            kind = error.get("type", "unknown") if isinstance(error, Mapping) else "unknown"
            raise Refused(doing, answer.status, str(kind))
        return fields

    def _answered(self, method: str, path: str, query: str, body: bytes) -> Answer:
        for tries in itertools.count(1):
            begun = pauses.now()
            answer = self._try(method, path, query, body)
            if answer is not None and answer.status not in BUSY:
                return answer
            if tries == TRIES:
                break
            pause(tries, took_seconds=pauses.now() - begun)
        raise Unavailable("The search engine does not answer. Repeat the request.", headers={"Retry-After": "5"})

    def _try(self, method: str, path: str, query: str, body: bytes) -> Answer | None:
        target = f"{path}?{query}" if query else path
        try:
            headers = self._signed(method, path, query, body)
            return wire.send(self._endpoint, headers, body, _LIMITS, method=method, target=target)
        except (NoAnswer, NoCredentials):
            return None

    def _signed(self, method: str, path: str, query: str, body: bytes) -> dict[str, str]:
        key = credentials.current()
        headers = {
            "content-type": "application/json",
            "host": self._endpoint.authority,
            "x-amz-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
        }
        if key.session_token:
            headers["x-amz-security-token"] = key.session_token
        signature = sigv4.authorization(
            headers,
            body,
            access_key_id=key.access_key_id,
            secret=key.secret,
            region=endpoints.region(),
            service=_SERVICE,
            method=method,
            # The only sign in our paths that a signature has in another form than the request.
            path=path.replace("*", "%2A"),
            query=query,
        )
        return {**headers, "authorization": signature, "user-agent": "milepost/1"}


def pause(tries: int, *, took_seconds: float) -> None:
    """Pause after so many tries, the last of which took so long."""
    pauses.after(_PAUSES, tries, took_seconds=took_seconds)


def _read(answer: Answer) -> Fields:
    """Return the fields of an answer; none for what is no JSON object, such as the page of a proxy."""
    try:
        fields = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}
