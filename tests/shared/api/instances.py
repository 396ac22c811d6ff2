"""Instances of a function, and who calls them."""

from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.api import rate_limits
from shared.api.rate_limits import RateLimited
from shared.callers.caller import Caller
from shared.rates import Rate

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def caller(*, user_id: str = "user_1", key_id: str | None = None, rate: Rate | None = None) -> Caller:
    return Caller(user_id, "tenant_1", (), frozenset(), key_id, (), None, rate_limit=rate)


class Instances:
    """Several instances of a function, each with accounts of its own, over the one table."""

    def __init__(self, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self._accounts: list[Any] = [OrderedDict() for _ in range(number)]
        self._monkeypatch = monkeypatch

    def lets_through(self, instance: int, who: Caller) -> bool:
        self._monkeypatch.setattr(rate_limits, "_accounts", self._accounts[instance])
        try:
            rate_limits.count_caller(who)
        except RateLimited:
            return False
        return True
