"""Stripe as it answers, on a loopback address: transfers, reversals, idempotency records, and its troubles.

Shapes as in https://docs.stripe.com/api/transfers and https://docs.stripe.com/api/errors. It keeps the answer to an
idempotency key for a day, also that of a failure inside it, and forgets it then.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from functions.payments.gateways.stripe.transfers import ANSWER, Stripe
from shared import clock
from shared.clock import DAY

Trouble = Literal["none", "429", "409", "500", "500 after", "dies before", "dies after", "late", "402", "401"]


@dataclass
class StandIn:
    """What Stripe has: transfers, reversals of each, the answers that it keeps, and what goes wrong next."""

    transfers: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    kept_at: dict[str, int] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    never_answers: Event = field(default_factory=Event)
    requests: list[tuple[str, str, dict[str, str], str | None]] = field(default_factory=list)
    url: str = ""

    def gateway(self, *, answer: timedelta = ANSWER) -> Stripe:
        """Return the gateway that asks this Stripe."""
        return Stripe("sk_test_of_a_stand_in", api=self.url, answer=answer)

    def forget_keys(self) -> None:
        """Forget the keys that are a day old."""
        for key, at in [*self.kept_at.items()]:
            if clock.now() - at >= DAY:
                del self.kept_at[key]
                self.kept.pop(key, None)

    def standing(self, payment_id: str) -> list[dict[str, Any]]:
        """Return the transfers of a payment."""
        return [each for each in self.transfers if each["transfer_group"] == payment_id]


def _transfer(store: StandIn, form: Mapping[str, str]) -> dict[str, Any]:
    made = {
        "id": f"tr_{len(store.transfers) + 1}",
        "object": "transfer",
        "amount": int(form["amount"]),
        "amount_reversed": 0,
        "currency": form["currency"],
        "destination": form["destination"],
        "metadata": {"payment_id": form["metadata[payment_id]"]},
        "reversals": {"object": "list", "data": [], "has_more": False, "url": "/v1/transfers/reversals"},
        "reversed": False,
        "transfer_group": form["transfer_group"],
    }
    store.transfers.append(made)
    return made


def _reversal(store: StandIn, transfer_id: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    of = next(each for each in store.transfers if each["id"] == transfer_id)
    amount = int(form["amount"])
    if of["amount_reversed"] + amount > of["amount"]:
        return 400, _error("invalid_request_error", "amount_too_large")
    made = {
        "id": f"trr_{len(of['reversals']['data']) + 1}",
        "object": "transfer_reversal",
        "amount": amount,
        "currency": of["currency"],
        "metadata": {"refund_id": form["metadata[refund_id]"]},
        "transfer": transfer_id,
    }
    of["reversals"]["data"].append(made)
    of["amount_reversed"] += amount
    of["reversed"] = of["amount_reversed"] == of["amount"]
    return 200, made


def _error(kind: str, code: str) -> dict[str, Any]:
    return {"error": {"type": kind, "code": code, "message": "It did not work."}}


_REFUSED: dict[Trouble, tuple[int, dict[str, Any]]] = {
    "429": (429, _error("invalid_request_error", "rate_limit")),
    "409": (409, _error("idempotency_error", "idempotency_key_in_use")),
    "401": (401, _error("invalid_request_error", "api_key_expired")),
}
"""What Stripe says before it looks at the key; nothing of it is kept."""


class _Handler(BaseHTTPRequestHandler):
    store: StandIn

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer lists."""
        place = urlsplit(self.path)
        asked = dict(parse_qsl(place.query))
        if not self._is_well():
            return
        if place.path.endswith("/reversals"):
            of = next(each for each in self.store.transfers if each["id"] == place.path.split("/")[3])
            found = of["reversals"]["data"]
        else:
            found = self.store.standing(asked["transfer_group"])[::-1]
        self._answer(200, {"object": "list", "data": found, "has_more": False, "url": place.path})

    def do_POST(self) -> None:
        """Make a transfer or a reversal."""
        form = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
        key = self.headers["idempotency-key"]
        self.store.forget_keys()
        self.store.kept_at.setdefault(key, clock.now())
        self.store.requests.append(("POST", self.path, form, key))
        if not self._is_well(key, form):
            return
        status, made = self._effect(key, form)
        self._answer(status, made)

    def _effect(self, key: str, form: dict[str, str], *, fails: bool = False) -> tuple[int, dict[str, Any]]:
        if key not in self.store.kept:
            status, made = 200, dict[str, Any]()
            if self.path.endswith("/reversals"):
                status, made = _reversal(self.store, self.path.split("/")[3], form)
            else:
                made = _transfer(self.store, form)
            self.store.kept[key] = (500, _error("api_error", "")) if fails else (status, made)
        return self.store.kept[key]

    def _is_well(self, key: str | None = None, form: dict[str, str] | None = None) -> bool:
        """Return whether nothing goes wrong with this request, which is else done with."""
        trouble = self.store.troubles.pop(0) if self.store.troubles else "none"
        if trouble == "none":
            return True
        if trouble in _REFUSED:
            self._answer(*_REFUSED[trouble])
        elif trouble in ("500", "402"):
            said = (402, _error("invalid_request_error", "balance_insufficient"))
            said = said if trouble == "402" else (500, _error("api_error", ""))
            self._answer(*(self.store.kept.setdefault(key, said) if key else said))
        elif trouble == "500 after" and key and form:
            self._answer(*self._effect(key, form, fails=True))
        else:
            if trouble in ("dies after", "late") and key and form:
                self._effect(key, form)
            if trouble == "late":
                self.store.never_answers.wait(10)
            self.close_connection = True
        return False

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def running() -> Iterator[StandIn]:
    """Run a Stripe of one's own."""
    store = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"store": store}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    store.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield store
    finally:
        store.never_answers.set()
        server.shutdown()
        server.server_close()
        thread.join()
