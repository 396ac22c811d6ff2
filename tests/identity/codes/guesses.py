"""Guesses of one-time codes, many at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.errors import Refusal


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def outcomes(calls: int, verify: Callable[[], Any]) -> list[str]:
    def attempt(_: int) -> str:
        try:
            verify()
        except Refusal as refusal:
            return refusal.code
        return "verified"

    with ThreadPoolExecutor(calls) as threads:
        return list(threads.map(attempt, range(calls)))
