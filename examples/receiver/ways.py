"""The ways in which the receiver answers. Each takes what stands behind its name in the path: `/status/503`."""

import itertools
import json
import socket
import struct
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from threading import Event

MEGABYTE = 1024 * 1024
LONGEST_SECONDS = 600
TAKEN = itertools.count(1)
SNS_TAKES = (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>taken-{number}'
    "</MessageId></PublishResult></PublishResponse>"
)

# A number for a status that has one, nothing else.
Way = Callable[[BaseHTTPRequestHandler, str, Event], None]


def accepted(asked: BaseHTTPRequestHandler, _: str, __: Event) -> None:
    """answer 200 at once"""
    _answer(asked, 200)


def status(asked: BaseHTTPRequestHandler, code: str, _: Event) -> None:
    """answer this status: /status/503"""
    _answer(asked, min(max(int(code), 200), 599))


def busy(asked: BaseHTTPRequestHandler, seconds: str, _: Event) -> None:
    """answer 429 with this many seconds as Retry-After: /busy/30"""
    _answer(asked, 429, {"Retry-After": str(int(seconds))})


def sns(asked: BaseHTTPRequestHandler, _: str, __: Event) -> None:
    """answer as Amazon SNS answers what it takes, such as a push"""
    _answer(asked, 200, {"Content-Type": "text/xml"}, SNS_TAKES.format(number=next(TAKEN)).encode())


def slow(asked: BaseHTTPRequestHandler, seconds: str, ending: Event) -> None:
    """answer 200 after this many seconds: /slow/20"""
    if not ending.wait(_seconds(seconds)):
        _answer(asked, 200)


def hang(asked: BaseHTTPRequestHandler, _: str, ending: Event) -> None:
    """read the request, and answer nothing"""
    asked.close_connection = True
    ending.wait(LONGEST_SECONDS)


def drip(asked: BaseHTTPRequestHandler, seconds: str, ending: Event) -> None:
    """answer 200, and one byte of the body each time so many seconds have passed: /drip/1"""
    _begin(asked, 200, {"Content-Length": str(MEGABYTE)})
    while not ending.wait(_seconds(seconds)):
        asked.wfile.write(b".")
        asked.wfile.flush()


def close(asked: BaseHTTPRequestHandler, _: str, __: Event) -> None:
    """read the request, and end the connection"""
    asked.close_connection = True


def reset(asked: BaseHTTPRequestHandler, _: str, __: Event) -> None:
    """read the request, and reset the connection"""
    asked.close_connection = True
    asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def cut(asked: BaseHTTPRequestHandler, _: str, __: Event) -> None:
    """announce 100 bytes, send ten, and end the connection"""
    _begin(asked, 200, {"Content-Length": "100"})
    asked.wfile.write(b"only these")


def redirect(asked: BaseHTTPRequestHandler, where: str, _: Event) -> None:
    """answer 302 with this Location, by itself /accepted: /redirect/http://169.254.169.254/"""
    _answer(asked, 302, {"Location": where or "/accepted"})


def huge(asked: BaseHTTPRequestHandler, megabytes: str, ending: Event) -> None:
    """answer 200 with a body of so many megabytes: /huge/50"""
    _begin(asked, 200, {"Content-Length": str(int(megabytes) * MEGABYTE)})
    for _ in range(int(megabytes)):
        if not ending.is_set():
            asked.wfile.write(bytes(MEGABYTE))


def garbage(asked: BaseHTTPRequestHandler, _: str, __: Event) -> None:
    """answer what is no HTTP"""
    asked.close_connection = True
    asked.wfile.write(b"220 mail.example.com ESMTP\r\n")


WAYS: dict[str, Way] = {
    way.__name__: way
    for way in (accepted, status, busy, sns, slow, hang, drip, close, reset, cut, redirect, huge, garbage)
}
NEED_NUMBER = frozenset({"status", "busy", "slow", "drip", "huge"})


def _seconds(text: str) -> float:
    return min(float(text), LONGEST_SECONDS)


def _begin(asked: BaseHTTPRequestHandler, code: int, headers: dict[str, str]) -> None:
    asked.close_connection = True
    asked.send_response(code)
    for name, value in headers.items():
        asked.send_header(name, value)
    asked.end_headers()


def _answer(
    asked: BaseHTTPRequestHandler, code: int, headers: dict[str, str] | None = None, said: bytes | None = None
) -> None:
    body = b"" if code in {204, 304} else said or json.dumps({"status": code}).encode()
    asked.send_response(code)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **(headers or {}),
    }.items():
        asked.send_header(name, value)
    asked.end_headers()
    asked.wfile.write(body)
