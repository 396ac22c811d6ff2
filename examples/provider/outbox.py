"""Receipts on their way: each at its moment, by a few threads, signed as the customer expects, tried a few times."""

import base64
import heapq
import hmac
import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import urlencode

from standardwebhooks import Webhook

MOST_WAITING: Final = 1_000_000
_THREADS: Final = 4
_TRIES: Final = 5
_AGAIN_SECONDS: Final = 1.0
_TIMEOUT_SECONDS: Final = 15
# Twilio's names of what is told. It tells nothing of clicks, and has no bounces.
_TWILIO: Final = {"delivered": "delivered", "failed": "undelivered", "bounced": "failed", "opened": "read"}


class Receipt(NamedTuple):
    """A request to the customer, ready to be sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def plain(url: str, secret: str, *, number: int, fields: Mapping[str, str]) -> Receipt:
    """Return a receipt as JSON, signed as Standard Webhooks says."""
    body, webhook_id, now = json.dumps(fields), f"rcp_{number}", datetime.now(UTC)
    signature = Webhook(secret).sign(webhook_id, now, body)
    headers = {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    return Receipt(url, headers, body.encode())


def as_twilio(url: str, auth_token: str, *, message_id: str, status: str) -> Receipt | None:
    """Return a receipt as Twilio sends it, None for what it tells nothing of.

    https://www.twilio.com/docs/usage/security#validating-requests
    """
    if status not in _TWILIO:
        return None
    form = {"MessageSid": message_id, "MessageStatus": _TWILIO[status]}
    if status in {"failed", "bounced"}:
        form["ErrorCode"] = "30005"
    signed = url + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.digest(auth_token.encode(), signed.encode(), "sha1")).decode()
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    return Receipt(url, headers, urlencode(form).encode())


class Outbox:
    """Sends receipts when they are due, until it is closed."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, int, Receipt]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._at_work = 0
        self._is_closed = False
        self._counts: Counter[str] = Counter()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(_THREADS)]
        for each in self._threads:
            each.start()

    def add(self, receipt: Receipt, *, after_seconds: float) -> None:
        """Have a receipt sent; what there is no room for is given up."""
        with self._changed:
            if len(self._due) >= MOST_WAITING:
                self._counts["given_up"] += 1
                return
            heapq.heappush(self._due, (time.monotonic() + after_seconds, next(self._order), 0, receipt))
            self._changed.notify()

    def send(self, receipt: Receipt) -> bool:
        """Send a receipt now, and return whether it was taken."""
        request = urllib.request.Request(receipt.url, receipt.body, dict(receipt.headers))  # noqa: S310 - the operator's
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                status = str(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                status = str(error.code)
        except OSError:
            status = "none"
        with self._changed:
            self._counts[status] += 1
        return status.startswith("2")

    def report(self) -> dict[str, object]:
        """Return how many wait, and how many were answered how."""
        with self._changed:
            return {"waiting": len(self._due) + self._at_work, "answers": dict(self._counts)}

    def settle(self, *, seconds: float) -> bool:
        """Wait until no receipt waits, but not longer than this; return whether none does."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._due and not self._at_work, timeout=seconds)

    def close(self) -> None:
        """Send nothing more."""
        with self._changed:
            self._is_closed = True
            self._due.clear()
            self._changed.notify_all()
        for each in self._threads:
            each.join()

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            tries, receipt = taken
            was_taken = self.send(receipt)
            with self._changed:
                self._at_work -= 1
                if not was_taken and tries + 1 < _TRIES and not self._is_closed:
                    due = time.monotonic() + _AGAIN_SECONDS
                    heapq.heappush(self._due, (due, next(self._order), tries + 1, receipt))
                self._changed.notify_all()

    def _next(self) -> tuple[int, Receipt] | None:
        """Wait for the next receipt that is due, and return its tries and it; None when the outbox is closed."""
        with self._changed:
            while not self._is_closed:
                now = time.monotonic()
                if self._due and self._due[0][0] <= now:
                    _, _, tries, receipt = heapq.heappop(self._due)
                    self._at_work += 1
                    return tries, receipt
                self._changed.wait(self._due[0][0] - now if self._due else None)
        return None
