"""Wait for webhooks on this machine, and print those that are Milepost's. `receiver.py 3` ends after three.

`MILEPOST_WEBHOOK_SECRET` is what Milepost answered when the endpoint was made, `RECEIVER_PORT` where to listen (8787).
After two minutes, or `RECEIVER_SECONDS`, it gives up and says what it has waited for.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

TOLERANCE_SECONDS = 300


class NotVerified(Exception):
    """The message is not Milepost's, or not of now."""


def verify(secret: str, headers: Message, body: bytes) -> Any:
    """Return what a message says. Raises NotVerified.

    This is all there is to Standard Webhooks 1.0.0; its library for Python does the same.
    """
    told_at = headers.get("webhook-timestamp", "")
    if not told_at.isdigit() or abs(time.time() - int(told_at)) > TOLERANCE_SECONDS:
        raise NotVerified("not of now")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{told_at}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    # During a rotation there are two signatures, apart by a space.
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(f"v1,{expected}", each) for each in given):
        raise NotVerified("not signed with this secret")
    return json.loads(body)


class NotReceived(Exception):
    """Fewer messages came than were waited for; the message says how many, and where to look."""


class Receiver(BaseHTTPRequestHandler):
    """Takes a message, once: a retry has the `webhook-id` of the first time."""

    secret: str
    taken: dict[str, Any]
    # Whoever connects and sends nothing is not waited for.
    timeout = 5

    def do_POST(self) -> None:
        """Print the message and answer 204, or 401 when it is somebody else's."""
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            message = verify(self.secret, self.headers, body)
        except NotVerified:
            self.send_response(401)
        else:
            if self.headers["webhook-id"] not in self.taken:
                self.taken[self.headers["webhook-id"]] = message
                print(f"verified: {message['type']} {message['data']}", flush=True)
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of every request."""


def receive(server: HTTPServer, secret: str, messages: int) -> None:
    """Answer requests until so many messages have come. Raises NotReceived."""
    Receiver.secret, Receiver.taken = secret, {}
    seconds = float(os.environ.get("RECEIVER_SECONDS", "120"))
    give_up = time.monotonic() + seconds
    while len(Receiver.taken) < messages:
        server.timeout = give_up - time.monotonic()
        if server.timeout <= 0:
            came = f"{len(Receiver.taken)} of {messages} messages came to port {server.server_port}"
            raise NotReceived(f"gave up after {seconds:.0f} seconds: {came}. The deliveries of the endpoint say why.")
        server.handle_request()


if __name__ == "__main__":
    with HTTPServer(("127.0.0.1", int(os.environ.get("RECEIVER_PORT", "8787"))), Receiver) as server:
        try:
            receive(server, os.environ["MILEPOST_WEBHOOK_SECRET"], int((*sys.argv, "1")[1]))
        except NotReceived as failure:
            sys.exit(str(failure))
