"""A signed-in user of a stage, who knows nothing of it but its HTTP API."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from infra.stage import client
from infra.stage.client import Answer

PAUSES_SECONDS = (0, 1, 3)


class NotDone(Exception):
    """The API refused what the demo asked for; the message holds its answer."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody with a token; `send` sends a request as `infra.stage.client.call` does, and `put_file` a file."""

    api_url: str
    token: str
    send: Callable[..., Answer] = client.call
    put_file: Callable[..., Answer] = client.put_file

    def get(self, path: str) -> Any:
        """Return the body of the answer. Raises NotDone."""
        return body_of(self.send("GET", f"{self.api_url}{path}", token=self.token))

    def find(self, path: str) -> Any | None:
        """Return the body of the answer, None when there is no such thing. Raises NotDone."""
        answer = self.send("GET", f"{self.api_url}{path}", token=self.token)
        return None if answer.status == HTTPStatus.NOT_FOUND else body_of(answer)

    def every(self, path: str) -> Iterator[Any]:
        """Yield every item of a list, page by page. Raises NotDone."""
        page = self.get(f"{path}?limit=100")
        yield from page["items"]
        while page["next_cursor"]:
            page = self.get(f"{path}?limit=100&cursor={page['next_cursor']}")
            yield from page["items"]

    def post(self, path: str, body: object, *, idempotency_key: str) -> Any:
        """Send a body and return that of the answer; when the table did not answer, again under the same key.

        Raises NotDone, or OSError when nobody answers at all.
        """
        headers = {"idempotency-key": idempotency_key}
        for pause_seconds in PAUSES_SECONDS:
            time.sleep(pause_seconds)
            answer = self.send("POST", f"{self.api_url}{path}", body=body, token=self.token, headers=headers)
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
        return body_of(answer)

    def patch(self, path: str, body: object) -> Any:
        """Send a change and return the body of the answer. Raises NotDone."""
        return body_of(self.send("PATCH", f"{self.api_url}{path}", body=body, token=self.token))

    def put(self, path: str, body: object) -> Any:
        """Send a body and return that of the answer. Raises NotDone."""
        return body_of(self.send("PUT", f"{self.api_url}{path}", body=body, token=self.token))

    def upload(self, place: Mapping[str, Any], content: bytes) -> None:
        """Send a file where `POST .../evidence` has said, unless it is there already. Raises NotDone."""
        answer = self.put_file(place["url"], content, headers=place["headers"])
        if answer.status not in {HTTPStatus.OK, HTTPStatus.PRECONDITION_FAILED}:
            raise NotDone(f"{answer.status}: {answer.text}")


def signed_in(account: Account, *, email: str, password: str) -> Account:
    """Return somebody else of the same stage. Raises NotDone."""
    sent = {"email": email, "password": password}
    entered = body_of(account.send("POST", f"{account.api_url}/api/v1/auth/login", body=sent))
    return replace(account, token=entered["access_token"])


def body_of(answer: Answer) -> Any:
    """Return the body of an answer. Raises NotDone when it is a refusal."""
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise NotDone(f"{answer.status}: {answer.text}")
    return answer.json()
