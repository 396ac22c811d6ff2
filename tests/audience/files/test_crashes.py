"""A compactor that is killed, overtaken or late anywhere: readers have what the table has, before and after."""

from collections.abc import Callable, Iterator

import pytest

from functions.audience.files import deltas, reading, shards
from shared.storage.files import FileNotFound
from tests.audience.files import calls, opened, table
from tests.audience.files.calls import Killed
from tests.audience.files.living import Audience, compact
from tests.audience.files.stream import collect
from tests.audience.people import Person

MANY = 5
"""A run makes more calls than these."""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fold deltas whenever somebody asks for it, into shards of a few leads."""
    monkeypatch.setattr(deltas, "MOST", 1)
    monkeypatch.setattr(shards, "MOST_ROWS", 20)


@pytest.fixture
def audience(ada: Person) -> Audience:
    """An audience with files, and what has changed since in a delta."""
    audience = Audience(ada)
    for _ in range(3):
        audience.comes()
    audience.buys()
    collect(*audience.batches)
    compact(ada.tenant_id, "rebuild")
    return audience


def turns(do: Callable[[int], int]) -> Iterator[int]:
    """Yield 1, 2 and so on until the work makes fewer calls than that; `do` returns how many it made."""
    number = 1
    while do(number) >= number:
        yield number
        number += 1


@pytest.mark.parametrize("task", ["fold", "rebuild"])
def test_a_compactor_may_be_killed_before_any_call(audience: Audience, task: str) -> None:
    tenant_id = audience.person.tenant_id

    def killed(number: int) -> int:
        audience.comes()
        collect(audience.batches[-1])
        with calls.before(number, calls.kill) as made:
            try:
                compact(tenant_id, task)
            except Killed:
                assert opened.leads(tenant_id) == table.leads(tenant_id)
        compact(tenant_id)
        return made.made

    tried = [*turns(killed)]

    assert len(tried) > MANY
    assert opened.leads(tenant_id) == table.leads(tenant_id)


@pytest.mark.parametrize("task", ["fold", "rebuild"])
def test_another_compactor_may_run_between_any_two_calls(audience: Audience, task: str) -> None:
    tenant_id = audience.person.tenant_id

    def overtaken(number: int) -> int:
        audience.comes()
        collect(audience.batches[-1])
        with calls.before(number, lambda: compact(tenant_id)) as made:
            compact(tenant_id, task)
        assert opened.leads(tenant_id) == table.leads(tenant_id)
        return made.made

    assert len([*turns(overtaken)]) > MANY


def test_leads_may_change_between_any_two_calls_of_a_rebuild(audience: Audience) -> None:
    tenant_id = audience.person.tenant_id

    def changes() -> None:
        audience.goes()
        audience.buys()
        collect(audience.batches[-1])

    def changed(number: int) -> int:
        audience.comes()
        begun = len(audience.batches)
        with calls.before(number, changes) as made:
            compact(tenant_id, "rebuild")
        collect(*audience.batches[begun:])
        assert opened.leads(tenant_id) == table.leads(tenant_id)
        return made.made

    assert len([*turns(changed)]) > MANY


def test_a_reader_keeps_its_snapshot_while_shards_are_doubled(
    audience: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id = audience.person.tenant_id
    snapshot = reading.published(tenant_id)
    assert snapshot is not None
    then = opened.rows_of(snapshot)
    monkeypatch.setattr(shards, "MOST_ROWS", 2)
    audience.comes()
    collect(audience.batches[-1])
    compact(tenant_id)

    after = reading.published(tenant_id)

    assert after is not None
    assert len(after.shards) > len(snapshot.shards)
    assert opened.rows_of(snapshot) == then
    assert opened.rows_of(after) == table.leads(tenant_id)


def test_a_reader_whose_delta_was_folded_meanwhile_asks_again(audience: Audience) -> None:
    audience.comes()
    collect(audience.batches[-1])
    snapshot = reading.published(audience.person.tenant_id)
    assert snapshot is not None
    compact(audience.person.tenant_id)

    with pytest.raises(FileNotFound):
        opened.rows_of(snapshot)
    assert opened.leads(audience.person.tenant_id) == table.leads(audience.person.tenant_id)
