"""Reconciliation ends before its time does and goes on where it stopped; no shard waits for another."""

from typing import Any

import pytest

from functions.milestones import consumers, due, milestones
from shared.storage import table
from tests.aws.entries import Context
from tests.aws.quick.table import put
from tests.aws.timed import timed
from tests.goals.conftest import Travel
from tests.milestones.people import Person


def run(shard: int, context: Any = None) -> int:
    return int(consumers.handler({"task": "reconcile", "shard": shard}, context or Context())["looked_after"])


def asked_for(ada: Person, uids: list[str]) -> set[str]:
    """Return which milestones the evaluator has answered for since they were created."""
    found = [milestones.find(ada.tenant_id, uid) for uid in uids]
    return {each.milestone_uid for each in found if each is not None and each.sync.heard_at > each.created_at}


def created_in_every_shard(ada: Person, *, at_least: int) -> dict[int, list[str]]:
    """Create milestones until every shard has so many, and return them by shard: an id is in one by chance."""
    shards: dict[int, list[str]] = {shard: [] for shard in range(due.SHARDS)}
    while min(len(uids) for uids in shards.values()) < at_least:
        uid = ada.created(kpi_id=f"kpi_{sum(len(uids) for uids in shards.values())}")
        shards[due.shard_of(uid)].append(uid)
    return shards


def test_a_run_ends_before_its_time_does_and_the_next_goes_on(ada: Person, travel: Travel):
    """Each milestone is read three times and the evaluator is called between; here every read takes three seconds."""
    shards = created_in_every_shard(ada, at_least=6)
    uids = [uid for mine in shards.values() for uid in mine]
    travel("2026-11-21T12:01:00Z")
    first = {}
    for shard in shards:
        with timed("dynamodb.GetItem", 3.0) as context:
            first[shard] = run(shard, context)
    second = {shard: run(shard) for shard in shards}

    assert all(first.values())
    assert max(first.values()) < 6
    assert {shard: first[shard] + second[shard] for shard in shards} == {
        shard: len(uids) for shard, uids in shards.items()
    }
    assert asked_for(ada, uids) == {*uids}
    assert [run(shard) for shard in shards] == [0] * due.SHARDS


def test_the_last_shard_does_not_wait_for_the_first(ada: Person, travel: Travel):
    last = due.SHARDS - 1
    shards = created_in_every_shard(ada, at_least=1)
    travel("2026-11-21T12:01:00Z")
    uids, mine = [uid for each in shards.values() for uid in each], shards[last]

    assert run(last) == len(mine) > 0
    assert asked_for(ada, uids) == {*mine}


def test_a_milestone_that_cannot_be_read_holds_up_no_other(ada: Person, travel: Travel):
    shard, mine = 0, created_in_every_shard(ada, at_least=2)[0]
    travel("2026-11-21T12:01:00Z")
    key = milestones.key(ada.tenant_id, mine[0])
    item = table.get(key, consistent=True)
    put({name: value for name, value in item.items() if name != "kpi_id"})

    with pytest.raises(ExceptionGroup) as failed:
        run(shard)

    assert len(failed.value.exceptions) == 1
    assert asked_for(ada, mine[1:]) == {*mine[1:]} != set()
