"""Whatever comes twice, late, or in another order: in the end files have what the table has."""

import random

import pytest

from functions.audience.files import deltas, shards
from tests.audience.files import opened, table
from tests.audience.files.living import Audience, compact
from tests.audience.files.stream import Record, collect
from tests.audience.people import Person
from tests.soaking import histories, soaks


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fold deltas whenever somebody asks for it, into shards of a few leads."""
    monkeypatch.setattr(deltas, "MOST", 1)
    monkeypatch.setattr(shards, "MOST_ROWS", 5)


def halves(batches: list[list[Record]]) -> list[list[Record]]:
    """Return each batch as Lambda bisects one that fails: the whole, then its halves."""
    return [part for each in batches for part in (each, each[: len(each) // 2], each[len(each) // 2 :])]


def test_each_batch_may_come_twice(ada: Person) -> None:
    batches = Audience(ada).lives(30)
    compact(ada.tenant_id, "rebuild")
    for batch in batches:
        collect(batch, batch)

    found = opened.leads(ada.tenant_id)

    assert found == table.leads(ada.tenant_id)
    assert len(found) > 3
    assert any(row["orders"] for row in found.values())
    assert any(row["campaigns"] for row in found.values())


def test_batches_may_come_in_reverse(ada: Person) -> None:
    batches = Audience(ada).lives(30)
    compact(ada.tenant_id, "rebuild")
    for batch in reversed(batches):
        collect(batch)
        compact(ada.tenant_id)

    assert opened.leads(ada.tenant_id) == table.leads(ada.tenant_id)


def test_batches_may_be_bisected(ada: Person) -> None:
    batches = Audience(ada).lives(30)
    compact(ada.tenant_id, "rebuild")
    collect(*halves([[record for batch in batches for record in batch]]))
    compact(ada.tenant_id)

    assert opened.leads(ada.tenant_id) == table.leads(ada.tenant_id)


@soaks
@pytest.mark.parametrize("seed", range(histories(4, soaking=300)))
def test_any_history_ends_with_the_same(ada: Person, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    audience = Audience(ada, seed)
    late: list[list[Record]] = []
    for _ in range(8):
        late += audience.lives(chance.randint(1, 3))
        chance.shuffle(late)
        for batch in [late.pop() for _ in range(chance.randint(0, len(late)))]:
            collect(*chance.choice([[batch], [batch, batch], halves([batch])]))
        compact(ada.tenant_id, chance.choice(["fold", "fold", "rebuild"]))
    collect(*late)

    assert opened.leads(ada.tenant_id) == table.leads(ada.tenant_id)
    compact(ada.tenant_id)
    assert opened.leads(ada.tenant_id) == table.leads(ada.tenant_id)
    assert deltas.every(ada.tenant_id) == []
