"""The least that a call of DynamoDB takes in Python: a prepared body, signed and sent on a socket, its answer received.

Nothing is read from the answer, nothing is tried again, and there is no TLS. What any client does comes on top.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import os
import socket
import time
from urllib.parse import urlsplit

_HEADERS = "content-type;host;x-amz-date;x-amz-target"
_MEDIA_TYPE = "application/x-amz-json-1.0"


class Wire:
    """One connection to a table."""

    def __init__(self, endpoint: str) -> None:
        address = urlsplit(endpoint)
        self._host = address.netloc
        self._socket = socket.create_connection((address.hostname, address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._keys: dict[str, bytes] = {}

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def call(self, operation: str, body: bytes) -> bytes:
        """Return what is answered, head and all."""
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        target = f"DynamoDB_20120810.{operation}"
        request = (
            f"POST / HTTP/1.1\r\nhost: {self._host}\r\ncontent-type: {_MEDIA_TYPE}\r\nx-amz-date: {now}\r\n"
            f"x-amz-target: {target}\r\nauthorization: {self.authorization(now, target, body)}\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(request.encode() + body)
        return self._received()

    def authorization(self, now: str, target: str, body: bytes) -> str:
        """Return the header that signs a request."""
        scope = f"{now[:8]}/{os.environ['AWS_DEFAULT_REGION']}/dynamodb/aws4_request"
        canonical = (
            f"POST\n/\n\ncontent-type:{_MEDIA_TYPE}\nhost:{self._host}\nx-amz-date:{now}\nx-amz-target:{target}\n\n"
            f"{_HEADERS}\n{hashlib.sha256(body).hexdigest()}"
        )
        signed = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self._key(scope), signed.encode(), "sha256").hex()
        credential = f"{os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
        return f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={_HEADERS}, Signature={signature}"

    def _key(self, scope: str) -> bytes:
        """Return the key of a day, which is derived once."""
        if scope not in self._keys:
            key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()
            for part in scope.split("/"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._keys[scope] = key
        return self._keys[scope]

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
