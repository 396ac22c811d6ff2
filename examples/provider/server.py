"""The provider as a server: it reads a call, decides by its mood what becomes of it, answers, and tells of it later.

`GET /report` has the sums, `GET /messages/<id>` what is known of one message, `POST /control` changes mood and account,
`POST /forget` begins anew, `POST /settle` waits until no receipt waits.
"""

import contextlib
import dataclasses
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, cast
from urllib.parse import unquote

from examples.provider import outbox, wires
from examples.provider.ledger import Ledger
from examples.provider.mood import Mood
from examples.provider.outbox import Outbox, Receipt
from examples.provider.wires import Account, Answer, Call, Refused, Wire

MOST_BYTES: Final = 1024 * 1024
_LONGEST_SECONDS: Final = 600.0
_FATES: Final[dict[str, Answer]] = {
    "busy": "busy",
    "unavailable": "unavailable",
    "refuse": "refused",
    "broken": "broken",
    "gateway": "gateway",
}


class Provider(ThreadingHTTPServer):
    """A provider on a port of this machine, 0 for a free one; `now` tells the time in seconds."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int = 0, *, account: Account | None = None, now: Callable[[], float] = time.time) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.mood, self.account = Mood(), account or Account()
        self.ledger, self.outbox = Ledger(), Outbox()
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.now = now
        self._numbers = itertools.count(1)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def judge(self, wire: Wire, call: Call) -> tuple[str, str, bool]:
        """Return what becomes of a call, the id of its message if it was taken, and whether it is new."""
        with self.lock:
            record, now = self.ledger.asked(call.message, self.now()), self.now()
            refusal = self._refusal(now)
            fate = refusal or self.mood.fate(call.message, record.calls)
            self.ledger.answered(fate)
            if fate not in {"accept", "drop", "gateway"}:
                return fate, "", False
            if self.mood.dedupes and record.message_ids:
                return fate, record.message_ids[0], False
            return fate, self.ledger.take(record, now, prefix=wire.prefix), True

    def tell(self, call: Call, message_id: str) -> None:
        """Have the receipts of a message sent, the first one now if it is to overtake the answer."""
        mood = self.mood
        told = [self._receipt(call, message_id, each) for each in mood.statuses(call.message)]
        ready = [each for each in told if each is not None] if mood.receipts.are_sent else []
        draw = mood.draw(call.message, "delays")
        if ready and draw.random() < mood.receipts.early:
            self.outbox.send(ready.pop(0))
        for receipt in ready:
            self.outbox.add(receipt, after_seconds=mood.receipts.delay_seconds * draw.random())

    def control(self, told: dict[str, Any]) -> dict[str, Any]:
        """Change mood and account, and return both. Raises ValueError for what neither has."""
        with self.lock:
            known = {each.name for each in dataclasses.fields(Account)}
            self.mood.change({name: value for name, value in told.items() if name not in known})
            for name in known & told.keys():
                setattr(self.account, name, str(told[name]))
            return dataclasses.asdict(self.mood)

    def report(self) -> dict[str, Any]:
        """Return the sums."""
        with self.lock:
            return {**self.ledger.report(), "receipts": self.outbox.report()}

    def forget(self) -> None:
        """Forget every call."""
        with self.lock:
            self.ledger = Ledger()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that leave early are what this is for."""

    def _refusal(self, now: float) -> str | None:
        """Return why nothing is taken at the moment, whatever the message."""
        mood = self.mood
        if mood.down:
            return "unavailable"
        if mood.suspends_after is not None and self.ledger.taken >= mood.suspends_after:
            mood.suspended, mood.suspends_after = True, None
        if mood.suspended:
            return "suspended"
        is_over = mood.most_per_minute is not None and self.ledger.in_this_minute(now) >= mood.most_per_minute
        return "busy" if is_over else None

    def _receipt(self, call: Call, message_id: str, status: str) -> Receipt | None:
        if call.callback is not None:
            receipt = outbox.as_twilio(call.callback, self.account.auth_token, message_id=message_id, status=status)
            return receipt and receipt._replace(url=self._reached(call.callback))
        if not self.account.receipt_url:
            return None
        named = {"campaign_id": call.campaign_id, "lead_id": call.lead_id}
        fields = {"vendor_message_id": message_id, "status": status, **{k: v for k, v in named.items() if v}}
        with self.lock:
            number = next(self._numbers)
        return outbox.plain(self.account.receipt_url, self.account.secret, number=number, fields=fields)

    def _reached(self, callback: str) -> str:
        """Return where a receipt is sent to: a stage on this machine does not answer at its public address."""
        there = self.account.receipt_url.partition("?")[0]
        return f"{there}?{callback.partition('?')[2]}" if there else callback


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Provider

    def do_GET(self) -> None:
        if self.path == "/report":
            return self._say(200, self.server.report())
        if self.path.startswith("/messages/"):
            with self.server.lock:
                return self._say(200, self.server.ledger.of(unquote(self.path.removeprefix("/messages/"))))
        return self._say(404, {"error": "not found"})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self.close_connection = True
            return self._say(413, {"error": "too large"})
        body, path = self.rfile.read(length), self.path.split("?")[0]
        if path in {"/control", "/forget", "/settle"}:
            return self._controlled(path, body)
        wire = wires.of(path)
        return self._say(404, {"error": "not found"}) if wire is None else self._called(wire, path, body)

    def _controlled(self, path: str, body: bytes) -> None:
        if path == "/forget":
            self.server.forget()
            return self._say(200, {})
        if path == "/settle":
            return self._say(200, {"settled": self.server.outbox.settle(seconds=30)})
        try:
            return self._say(200, self.server.control(json.loads(body)))
        except (ValueError, AttributeError) as error:
            return self._say(400, {"error": str(error)})

    def _called(self, wire: Wire, path: str, body: bytes) -> None:
        server = self.server
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = wire.read(path, headers, body, server.account)
        except Refused as refusal:
            return self._answer(wire, cast("Answer", str(refusal)), "")
        fate, message_id, is_new = server.judge(wire, call)
        if is_new:
            server.tell(call, message_id)
        # After the effect: what comes too late for the caller has happened all the same.
        server.ending.wait(min(server.mood.delay_seconds, _LONGEST_SECONDS))
        if fate == "drop":
            self.close_connection = True
            return None
        return self._answer(wire, _FATES.get(fate, "suspended" if fate == "suspended" else "accepted"), message_id)

    def _answer(self, wire: Wire, answer: Answer, message_id: str) -> None:
        if self.server.mood.wrong:
            return self._send(200, b"<html>", {})
        status, said = wire.write(answer, message_id)
        wait = {"Retry-After": str(int(self.server.mood.retry_after_seconds))}
        return self._send(status, json.dumps(said).encode(), wait if answer in {"busy", "unavailable"} else {})

    def _say(self, status: int, said: Any) -> None:
        self._send(status, json.dumps(said).encode(), {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing: what comes has addresses of people in it."""


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Serve while the block runs."""
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.ending.set()
        provider.shutdown()
        provider.server_close()
        provider.outbox.close()
        thread.join()
