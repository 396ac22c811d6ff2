"""The lines that requests and messages leave in the log, as CloudWatch has them."""

import json
import logging
import sys
from typing import Any

import pytest

from shared.observability import logger


def lines(capsys: pytest.CaptureFixture[str], message: str) -> list[dict[str, Any]]:
    """Return the lines of a kind (`request`, `message`, `event`, `run`) that were written since the last time."""
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in written if line.get("message") == message]


def everything(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return all lines that were written since the last time, those of the Logger too (`follow` it first)."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def follow() -> None:
    """Let the Logger write to where the test reads: it was made for the standard output of an earlier one."""
    for handler in logger.handlers:
        if isinstance(handler, logging.StreamHandler):
            # Not by `setStream`, which flushes the stream before: that one is closed.
            handler.stream = sys.stdout
