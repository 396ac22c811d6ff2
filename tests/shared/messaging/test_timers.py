"""What is due is sent to its queue: once while nobody has died, and again for as long as it is not handled."""

import contextlib
from collections import Counter
from typing import Any

import pytest
import time_machine

from shared import clock
from shared.clock import SECOND
from shared.errors import Unavailable
from shared.messaging import timers
from shared.messaging.timers import SHARDS
from shared.storage import table
from shared.storage.attributes import Key
from tests.aws import emf, hooks, troubles
from tests.aws.timed import timed
from tests.shared.messaging.sweeping import (
    collecting,
    item,
    messages,
    queue_url,
    shard_of,
    subjects,
    sweep,
    sweep_all,
    waits,
)

__all__ = ["queue_url"]

HOUR = 3600


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as traveller:
        yield traveller


def test_nothing_is_sent_before_it_is_due(queue_url: str):
    waits(10, at=clock.now() + 1)

    assert sweep_all(queue_url) == 0
    assert messages(queue_url) == []


def test_what_is_due_says_for_when_and_which_attempt_it_is(queue_url: str):
    table.put_many([item("subject_1", at=clock.now(), token="3")])
    sweep_all(queue_url)

    (message,) = messages(queue_url)
    assert message == {"subject": "subject_1", "due_at": clock.now(), "attempt": "3", "group": "tenant_1"}


def test_5000_that_are_due_in_one_minute_are_sent_once_each(queue_url: str):
    minute = clock.now() - 60 * SECOND
    made = [each for second in range(50) for each in waits(100, at=minute + second * SECOND, first=100 * second)]
    with collecting(queue_url) as found:
        sent = [sweep_all(queue_url) for _ in range(2)]

    assert sent == [5000, 0]
    assert Counter(found) == Counter(made)


def test_a_sweep_ends_before_its_time_does_and_the_next_goes_on(queue_url: str):
    """Each timer takes four seconds here, so that a run of a minute does not get through."""
    made = waits(120, at=clock.now())
    counts = Counter(map(shard_of, made))
    rounds = []
    for _ in range(3):
        sent = []
        for shard in range(SHARDS):
            with timed("dynamodb.UpdateItem", 4.0) as context:
                sent.append(sweep(queue_url, shard, context))
        rounds.append(sent)

    assert rounds[0] == [min(counts[shard], 10) for shard in range(SHARDS)]
    assert [sum(each) for each in zip(*rounds, strict=True)] == [counts[shard] for shard in range(SHARDS)]
    assert Counter(subjects(queue_url)) == Counter(made)


def test_the_longest_due_is_sent_first(queue_url: str):
    later = waits(100, at=clock.now(), group="tenant_2")
    earlier = waits(40, at=clock.now() - SECOND)
    for shard in range(SHARDS):
        with timed("dynamodb.UpdateItem", 4.0) as context:
            sweep(queue_url, shard, context)

    sent = {*subjects(queue_url)}
    assert sent >= {*earlier}
    assert not sent >= {*later}


def test_every_message_is_in_the_group_of_its_tenant(queue_url: str):
    waits(20, at=clock.now())
    waits(1, at=clock.now(), group="tenant_2")
    sweep_all(queue_url)

    found = messages(queue_url)
    assert Counter(each["group"] for each in found) == {"tenant_1": 20, "tenant_2": 1}
    assert all(each["group"] in each["subject"] for each in found)


def test_ten_are_sent_by_one_call(queue_url: str):
    made = waits(100, at=clock.now())
    mine = [each for each in made if shard_of(each) == 0]
    with troubles.counting() as calls:
        sweep(queue_url, 0)

    assert calls.count("sqs:SendMessageBatch") == -(-len(mine) // 10)


def test_what_is_not_handled_is_sent_again_after_an_hour(queue_url: str, noon: time_machine.Traveller):
    waits(1, at=clock.now())
    sent = []
    for _ in range(3):
        sent.append(sweep_all(queue_url))
        noon.shift(HOUR - 1)
        sent.append(sweep_all(queue_url))
        noon.shift(1)

    assert sent == [1, 0] * 3
    assert [each["due_at"] for each in messages(queue_url)] == [clock.now() - 3 * HOUR * SECOND] * 3


def test_what_was_handled_is_not_sent_again(queue_url: str, noon: time_machine.Traveller):
    (subject,) = waits(1, at=clock.now())
    sweep_all(queue_url)
    table.delete_many([Key(f"SUBJECT#{subject}", "TIMER")])
    noon.shift(HOUR)

    assert sweep_all(queue_url) == 0


def test_what_changes_while_it_is_sent_keeps_its_new_instant(queue_url: str, noon: time_machine.Traveller):
    (subject,) = waits(1, at=clock.now())

    def moved(**_: object) -> None:
        table.put_many([item(subject, at=clock.now() + 60 * SECOND)])

    with hooks.registered("after-call.sqs.SendMessageBatch", moved):
        sweep_all(queue_url)
    noon.shift(60)

    assert sweep_all(queue_url) == 1
    assert [each["due_at"] for each in messages(queue_url)] == [clock.now() - 60 * SECOND, clock.now()]


@pytest.mark.parametrize("moment", ["before-call.sqs.SendMessageBatch", "before-call.dynamodb.UpdateItem"])
def test_a_sweep_that_is_killed_loses_nothing(queue_url: str, moment: str):
    """What it has sent may come twice; whoever gets it reads what is true by then."""
    made = waits(100, at=clock.now())
    left = [100]

    def die(**_: object) -> None:
        left[0] -= 1
        if left[0] % 7 == 0:
            raise Killed

    with hooks.registered(moment, die):
        for shard in range(SHARDS):
            with contextlib.suppress(Killed):
                sweep(queue_url, shard)
        killed = 100 - left[0]
    sweep_all(queue_url)

    assert killed >= 7
    assert {*subjects(queue_url)} == {*made}
    assert sweep_all(queue_url) == 0


def test_a_queue_that_refuses_is_told_and_the_next_sweep_sends(queue_url: str):
    (subject,) = waits(1, at=clock.now())
    with troubles.throttling("sqs"), pytest.raises(ExceptionGroup) as failed:
        sweep(queue_url, shard_of(subject))

    assert [type(each) for each in failed.value.exceptions] == [Unavailable]
    assert (sweep(queue_url, shard_of(subject)), sweep(queue_url, shard_of(subject))) == (1, 0)
    assert subjects(queue_url) == [subject]


@pytest.mark.parametrize("changed", [{"message": None}, {"message": "text"}, {"message": None, "group": None}])
def test_a_timer_that_cannot_be_read_holds_up_no_other(queue_url: str, changed: dict[str, Any]):
    made = waits(30, at=clock.now())
    broken = item(made[0], at=clock.now()) | changed
    table.put_many([{name: value for name, value in broken.items() if value is not None}])
    with pytest.raises(ExceptionGroup):
        sweep(queue_url, shard_of(made[0]))
    for shard in {*range(SHARDS)} - {shard_of(made[0])}:
        sweep(queue_url, shard)

    assert sorted(subjects(queue_url)) == made[1:]


def test_what_is_swept_is_counted(queue_url: str, capsys: pytest.CaptureFixture[str]):
    made = waits(20, at=clock.now())
    counts = Counter(map(shard_of, made))
    sweep_all(queue_url)

    counted = emf.counted(capsys, timers.TIMERS.name)
    assert {each.value for each in counted} == {"swept"}
    assert sorted(number for each in counted for number in each.numbers) == sorted(counts.values())
