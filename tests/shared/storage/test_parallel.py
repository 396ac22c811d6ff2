"""Calls at the same time: a few at once, answered in order, and a failing one takes no other with it."""

import threading

import pytest

from shared.errors import Unavailable
from shared.storage import parallel


def test_answers_come_in_the_order_of_what_was_given():
    second_is_done = threading.Event()

    def call(number: int) -> int:
        if number == 0:
            assert second_is_done.wait(10)
        if number == 1:
            second_is_done.set()
        return number * 10

    assert parallel.calls(call, range(30)) == [number * 10 for number in range(30)]


def test_so_many_calls_are_made_at_once_and_no_more():
    together = threading.Barrier(parallel.AT_ONCE)
    threads: set[int] = set()

    def call(_: int) -> None:
        threads.add(threading.get_ident())
        together.wait(10)

    parallel.calls(call, range(3 * parallel.AT_ONCE))

    assert len(threads) == parallel.AT_ONCE


def test_of_no_values_there_are_no_answers():
    assert parallel.calls(str, []) == []


def test_calls_that_had_begun_when_one_failed_end_and_the_rest_are_not_made():
    all_have_begun = threading.Barrier(parallel.AT_ONCE)
    ended: list[int] = []

    def call(number: int) -> None:
        if number < parallel.AT_ONCE:
            all_have_begun.wait(10)
        if number == 0:
            raise Unavailable("the first one fails")
        ended.append(number)

    with pytest.raises(Unavailable):
        parallel.calls(call, range(10_000))

    assert set(range(1, parallel.AT_ONCE)) <= set(ended)
    assert len(ended) < 10_000 - 1
