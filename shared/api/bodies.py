"""Bodies of requests, as API Gateway hands them over: text as text, everything else in base64.

Bytes that are no UTF-8 reach us as text too, each as U+FFFD, which is longer than what was sent: the length gives it
away. Without a `Content-Length` it cannot be told from a body that has U+FFFD in it.
"""

import base64
import binascii
from collections.abc import Mapping

from shared.api.request import Request
from shared.errors import Malformed

_REPLACED = "\ufffd"
_NO_UTF_8 = "The body is not valid JSON in UTF-8."


def raw(request: Request) -> bytes:
    """Return the body as it was sent, for a signature over it.

    Raises Malformed for a body that is no UTF-8, or no base64 where the event says so.
    """
    if not request.is_base64:
        return whole(request.body, request.headers).encode()
    try:
        content = base64.b64decode(request.body, validate=True)
        content.decode()
    except (binascii.Error, ValueError) as error:
        raise Malformed(_NO_UTF_8) from error
    return content


def readable(request: Request) -> str:
    """Return what can be read of a body, U+FFFD for what is no UTF-8, for what is taken whatever came with it."""
    if not request.is_base64:
        return request.body.encode(errors="replace").decode()
    try:
        return base64.b64decode(request.body, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return ""


def whole(text: str, headers: Mapping[str, str]) -> str:
    """Return a body that came as text. Raises Malformed if bytes of it were replaced on the way."""
    try:
        length = len(text.encode())
    except UnicodeEncodeError as error:
        raise Malformed(_NO_UTF_8) from error
    if _REPLACED in text and headers.get("content-length", str(length)) != str(length):
        raise Malformed(_NO_UTF_8)
    return text
