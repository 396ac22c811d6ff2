"""A tenant in which nothing happens is not read by the sweep, and what a restored table has forgotten is noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine

from functions.audience.files import folders, pointers, sweeping
from shared.storage import table
from shared.storage.attributes import Item, Key
from tests.audience.files import opened
from tests.audience.files import table as in_table
from tests.audience.files.living import Audience, compact
from tests.audience.files.swept import DAY, at_once, audience, folds, sweep
from tests.aws import hooks
from tests.aws.quick.table import remove

__all__ = ["at_once", "audience"]

SWEPT = Key("AUDIENCE#SWEEPS", "FILES")


def test_a_tenant_in_which_nothing_happens_is_not_read(audience: Audience, time: time_machine.Traveller) -> None:
    folds(audience)
    read = list[list[str]]()
    for _ in range(3):
        time.shift(DAY)
        with reads() as places:
            sweep()
        read.append([each for each in places if audience.person.tenant_id in each])

    assert [len(each) for each in read] == [1, 0, 0]


def test_what_a_table_has_forgotten_is_noticed_whenever_it_was_restored(
    audience: Audience, time: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant_id = audience.person.tenant_id
    kept = [pointers.to_item(found(tenant_id)), *swept()]
    folds(audience)
    folds(audience)
    sweeps_daily(time)
    restores(kept)
    capsys.readouterr()
    rung = [sweeps_and_rings(capsys) for _ in range(2)]
    compact(tenant_id, "rebuild")

    assert rung == [True, True]
    assert not sweeps_and_rings(capsys)
    assert opened.leads(tenant_id) == in_table.leads(tenant_id)


def test_what_was_published_after_the_last_sweep_that_a_table_remembers_is_noticed(
    audience: Audience, time: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    sweeps_daily(time)
    kept = [pointers.to_item(found(audience.person.tenant_id)), *swept()]
    folds(audience)
    folds(audience)
    sweeps_daily(time)
    (only,) = folders.every(folders.shards(audience.person.tenant_id))
    restores(kept)
    capsys.readouterr()

    assert len(kept) == 2
    assert only.key != found(audience.person.tenant_id).shards[0].key
    assert sweeps_and_rings(capsys)


def sweeps_daily(time: time_machine.Traveller) -> None:
    """Sweep on each of four days."""
    for _ in range(4):
        time.shift(DAY)
        sweep()


def test_a_sweep_that_had_no_time_settles_nothing(audience: Audience, time: time_machine.Traveller) -> None:
    for _ in range(3):
        time.shift(DAY)
        assert sweeping.run(lambda: False) == 0

    assert swept() == []


def found(tenant_id: str) -> pointers.Pointer:
    """Return the pointer of a tenant that has one."""
    pointer = pointers.find(tenant_id)
    assert pointer is not None
    return pointer


def swept() -> list[Item]:
    """Return what the table remembers of the last sweep."""
    item = table.get(SWEPT, consistent=True)
    return [] if item is None else [item]


def restores(kept: list[Item]) -> None:
    """Have the table know of a pointer and the last sweep what it knew at an earlier point."""
    remove(SWEPT)
    table.put_many(kept)


def sweeps_and_rings(capsys: pytest.CaptureFixture[str]) -> bool:
    """Sweep, and return whether files were counted as those of another time."""
    sweep()
    return '"FilesOfAnotherTime":[1.0]' in capsys.readouterr().out


@contextmanager
def reads() -> Iterator[list[str]]:
    """Yield the partitions that are read as long as the block lasts."""
    places = list[str]()

    def note(params: dict[str, Any], **_: Any) -> None:
        places.append(params["Key"]["PK"]["S"])

    with hooks.registered("provide-client-params.dynamodb.GetItem", note):
        yield places
