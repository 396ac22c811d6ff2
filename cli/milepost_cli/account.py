"""Somebody who may call: a session that renews itself, or an API key from the environment."""

import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from milepost_cli import sessions
from milepost_cli.api import Api, Request
from milepost_cli.sessions import Session
from milepost_cli.stops import Misused, NotSignedIn
from milepost_cli.surroundings import API_KEY, URL, Surroundings

_RENEWED_BEFORE_SECONDS = 30
_RENEWABLE = {"TokenExpired", "TokenRevoked"}
PAGE = 100


class Account:
    """Who calls. Every method raises the stop of a refusal (`stops.py`)."""

    def __init__(self, api: Api, *, folder: Path, session: Session | None = None, api_key: str | None = None) -> None:
        self.api = api
        self._folder = folder
        self._session = session
        self._api_key = api_key

    def get(self, path: str, **query: Any) -> Any:
        """Return what stands at a path."""
        return self.ask(Request(method="GET", path=path, query=query or None)).json()

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """Send a body under an idempotency key, so that it has one effect, and return what is answered."""
        headers = {"idempotency-key": key or str(uuid.uuid4())}
        return self.ask(Request(method="POST", path=path, body=body, headers=headers)).json()

    def patch(self, path: str, body: Any, *, version: int | None = None) -> Any:
        """Send changes, of that version only if one is named, and return what they made."""
        return self.ask(Request(method="PATCH", path=path, body=body, headers=_if_match(version))).json()

    def put(self, path: str, body: Any, *, version: int | None = None) -> Any:
        """Send what is to stand at a path, in the place of that version only if one is named, and return it."""
        return self.ask(Request(method="PUT", path=path, body=body, headers=_if_match(version))).json()

    def delete(self, path: str, *, version: int | None = None) -> None:
        """Remove what stands at a path."""
        # Sent again after it was done it would be told that there is nothing.
        self.ask(Request(method="DELETE", path=path, headers=_if_match(version), again=False))

    def every(self, path: str, **query: Any) -> Iterator[Any]:
        """Yield every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.get(path, limit=PAGE, **query, **({} if cursor is None else {"cursor": cursor}))
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def ask(self, request: Request) -> httpx.Response:
        """Return the answer to a request of this account; with an access token that has ended, after renewing it."""
        if self._session is not None and self._session.expires_at - _RENEWED_BEFORE_SECONDS < time.time():
            self._renew(self._session)
        try:
            return self.api.send(self._signed(request))
        except NotSignedIn as stop:
            if self._session is None or stop.problem.get("code") not in _RENEWABLE:
                raise
            self._renew(self._session)
            return self.api.send(self._signed(request))

    def sign_out(self) -> None:
        """End the session, here and at the API."""
        self.ask(Request(method="POST", path="/auth/logout", again=False))
        sessions.forget(self._folder)

    def _signed(self, request: Request) -> Request:
        token = None if self._session is None else self._session.access_token
        credential = {"authorization": f"Bearer {token}"} if token else {"x-api-key": self._api_key or ""}
        return Request(**{**vars(request), "headers": {**(request.headers or {}), **credential}})

    def _renew(self, spent: Session) -> None:
        """Bring the session up to date: by what another process has kept, else by spending the refresh token."""
        with sessions.alone(self._folder):
            kept = sessions.load(self._folder)
            if kept is None:
                raise NotSignedIn("You have signed out meanwhile; sign in again: milepost login")
            if kept.refresh_token == spent.refresh_token:
                kept = kept.granted(self._refreshed(kept), now=time.time())
                sessions.keep(self._folder, kept)
        self._session = kept

    def _refreshed(self, session: Session) -> dict[str, Any]:
        body = {"refresh_token": session.refresh_token}
        try:
            answer = self.api.send(Request(method="POST", path="/auth/refresh", body=body, again=False))
        except NotSignedIn as stop:
            raise NotSignedIn("Your session has ended; sign in again: milepost login", problem=stop.problem) from stop
        granted: dict[str, Any] = answer.json()
        return granted


def open_account(around: Surroundings) -> Account:
    """Return who calls: the API key of the environment, else the session of this machine. Raises NotSignedIn."""
    session = sessions.load(around.folder)
    if around.api_key is not None:
        url = around.url or (None if session is None else session.url)
        if url is None:
            raise Misused(f"{API_KEY} is set, but not where: set {URL} too.")
        return Account(stage(around, url), folder=around.folder, api_key=around.api_key)
    if session is None:
        raise NotSignedIn("You are not signed in: milepost login --url https://…")
    return Account(stage(around, session.url), folder=around.folder, session=session)


def stage(around: Surroundings, url: str) -> Api:
    """Return the stage at an address."""
    return Api(url, transport=around.transport, pause=around.pause)


def _if_match(version: int | None) -> Mapping[str, str] | None:
    return None if version is None else {"if-match": f'"{version}"'}
