"""Calls that race each other."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.errors import Refusal


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make all calls in the same moment, each in its own thread; return their answers, or their refusals."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
