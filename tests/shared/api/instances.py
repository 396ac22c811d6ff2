"""Instances of a function, who calls them, and fixtures of their time and of what they ask the table."""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from shared.api import rate_limits
from shared.api.rate_limits import RateLimited
from shared.callers.caller import Caller
from shared.rates import Rate
from tests.aws import hooks

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon; the test moves the time on."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def calls() -> list[str]:
    """The operations that the table is asked for, as they come."""
    called: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: called.append(model.name))
    return called


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
