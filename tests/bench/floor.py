"""The least that a call of DynamoDB takes in Python: a prepared body, signed and sent on a socket, its answer received.

Nothing is read from the answer, nothing is tried again, and there is no TLS. What any client does comes on top.
"""

import os
import socket
import time
from urllib.parse import urlsplit

from shared.aws import sigv4


class Wire:
    """One connection to a table."""

    def __init__(self, endpoint: str) -> None:
        address = urlsplit(endpoint)
        self._host = address.netloc
        self._socket = socket.create_connection((address.hostname, address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def call(self, operation: str, body: bytes) -> bytes:
        """Return what is answered, head and all."""
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "host": self._host,
            "x-amz-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
            "x-amz-target": f"DynamoDB_20120810.{operation}",
        }
        signature = sigv4.authorization(
            headers,
            body,
            access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
            secret=os.environ["AWS_SECRET_ACCESS_KEY"],
            region=os.environ["AWS_DEFAULT_REGION"],
            service="dynamodb",
        )
        sent = {**headers, "authorization": signature, "content-length": len(body)}
        lines = "".join([f"{name}: {value}\r\n" for name, value in sent.items()])
        self._socket.sendall(f"POST / HTTP/1.1\r\n{lines}\r\n".encode() + body)
        return self._received()

    def _received(self) -> bytes:
        received = b""
        while True:
            head, separator, body = received.partition(b"\r\n\r\n")
            if separator and len(body) >= int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]):
                return received
            chunk = self._socket.recv(262_144)
            if not chunk:
                raise ConnectionError("the table closed the connection")
            received += chunk
