"""Files are asked as `segment.py` would be, the newest row of each lead counts, and no tenant sees another's."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pytest

from functions.audience.querying import audiences, copies
from functions.audience.querying.audiences import Audience
from functions.audience.segments.rules import segment
from functions.audience.segments.rules.facts import Facts
from functions.audience.segments.rules.form import Every, Node
from shared import ids
from shared.errors import Unavailable
from shared.storage import files
from tests.audience.querying.publishing import publish, row
from tests.audience.segments.rules.leads import condition, lead, read
from tests.audience.segments.rules.random_rules import Random
from tests.soaking import IS_ON, histories, soaks

SEED = 20261127
EVERYBODY: Node = Every([])

pytestmark = pytest.mark.usefixtures("lead_files")


@pytest.fixture
def tenant_id() -> str:
    return ids.new("tenant")


def asked(tenant_id: str) -> Audience:
    found = audiences.of(tenant_id)
    assert found is not None
    return found


def everybody(tenant_id: str, node: Node = EVERYBODY) -> list[str]:
    return list(asked(tenant_id).every_id(node))


def named(lead_id: str, **more: Any) -> Facts:
    return lead(lead_id=lead_id, **more)


def test_a_tenant_without_files_has_no_audience(tenant_id: str) -> None:
    assert audiences.of(tenant_id) is None


def test_leads_of_all_shards_and_deltas_are_one_audience(tenant_id: str) -> None:
    publish(
        tenant_id,
        [row(named("a", visits=1)), row(named("b", visits=1))],
        [row(named("c", visits=1))],
        changed=[[row(named("d", visits=2))], [row(named("e", visits=1))]],
    )

    assert everybody(tenant_id) == ["a", "b", "c", "d", "e"]
    assert everybody(tenant_id, read(condition("visits", ">", 1)).node) == ["d"]
    assert asked(tenant_id).number == 5


@pytest.mark.parametrize("is_reversed", [False, True])
def test_the_row_of_the_highest_version_counts_in_whatever_order_it_came(tenant_id: str, *, is_reversed: bool) -> None:
    changed: list[Sequence[Any]] = [
        [row(named("a", visits=7), version=2), row(named("b"), version=3, is_gone=True)],
        [row(named("a", visits=9), version=3), row(named("b", visits=5), version=2)],
        [row(named("c", visits=1), version=1), row(named("a", visits=9), version=3)],
    ]
    base = [row(named("a", visits=1)), row(named("b", visits=1)), row(named("c", visits=4), version=4)]
    publish(tenant_id, base, changed=changed[::-1] if is_reversed else changed)

    assert everybody(tenant_id) == ["a", "c"]
    assert everybody(tenant_id, read(condition("visits", "=", 9)).node) == ["a"]
    assert everybody(tenant_id, read(condition("visits", "=", 4)).node) == ["c"]


def test_a_tombstone_of_a_shard_keeps_an_older_row_out(tenant_id: str) -> None:
    publish(tenant_id, [row(named("a"), version=5, is_gone=True)], changed=[[row(named("a"), version=4)]])

    assert everybody(tenant_id) == []


def test_files_of_nobody_have_nobody(tenant_id: str) -> None:
    publish(tenant_id, [])

    assert everybody(tenant_id) == []
    assert asked(tenant_id).counted(EVERYBODY, shown=10) == (0, [])


def test_what_is_published_next_is_seen_by_the_next_question(tenant_id: str) -> None:
    publish(tenant_id, [row(named("a"))])
    first = everybody(tenant_id)
    publish(tenant_id, [row(named("a")), row(named("b"))])

    assert (first, everybody(tenant_id)) == (["a"], ["a", "b"])


@pytest.fixture
def fetched() -> Iterator[list[str]]:
    """The keys that are fetched from the bucket meanwhile."""
    keys: list[str] = []

    def note(params: Any, **_: Any) -> None:
        keys.append(params["url_path"])

    files.client().meta.events.register("before-call.s3.GetObject", note)
    yield keys
    files.client().meta.events.unregister("before-call.s3.GetObject", note)


def test_a_file_that_is_here_is_not_fetched_again(tenant_id: str, fetched: list[str]) -> None:
    other = ids.new("tenant")
    publish(tenant_id, [row(named("a"))], [row(named("b"))], changed=[[row(named("c"))]])
    publish(other, [row(named("x"))])
    everybody(tenant_id)
    everybody(tenant_id)
    before = len(fetched)
    everybody(other)
    everybody(tenant_id)

    assert (before, len(fetched)) == (3, 4)


def test_files_that_were_replaced_meanwhile_are_asked_for_again(tenant_id: str, fetched: list[str]) -> None:
    """Between the pointer and the first file, the files expire and others are published."""
    before = publish(tenant_id, [row(named("a"))])

    def replace(**_: Any) -> None:
        files.client().meta.events.unregister("before-call.s3.GetObject", replace)
        files.remove(before.shards[0].key)
        publish(tenant_id, [row(named("b"))])

    files.client().meta.events.register("before-call.s3.GetObject", replace)

    assert everybody(tenant_id) == ["b"]


def test_files_that_are_gone_for_good_are_unavailable(tenant_id: str) -> None:
    files.remove(publish(tenant_id, [row(named("a"))]).shards[0].key)

    with pytest.raises(Unavailable):
        audiences.of(tenant_id)


def test_the_copies_that_were_read_longest_ago_make_room(tenant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tenants = [ids.new("tenant") for _ in range(3)]
    for each in tenants:
        publish(each, [row(named("a"))])
        everybody(each)
    size = sum(path.stat().st_size for path in copies.folder_of(tenants[0]).iterdir())
    monkeypatch.setattr(copies, "MOST_BYTES", 2 * size)
    publish(tenant_id, [row(named("a"))])
    everybody(tenant_id)

    assert [len([*copies.folder_of(each).iterdir()]) for each in [*tenants, tenant_id]] == [0, 0, 1, 1]


def test_files_larger_than_the_disk_are_refused(tenant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MOST_BYTES", 100)
    publish(tenant_id, [row(named("a"))])

    with pytest.raises(copies.LeadsTooLarge):
        audiences.of(tenant_id)
    assert [*copies.folder_of(tenant_id).iterdir()] == []


def test_a_tenant_cannot_read_a_file_of_another(tenant_id: str) -> None:
    other = ids.new("tenant")
    publish(tenant_id, [row(named("a"))])
    publish(other, [row(named("x"))])
    everybody(tenant_id)
    (path,) = copies.folder_of(tenant_id).iterdir()
    link = copies.folder_of(other) / "link.parquet"
    link.symlink_to(path)
    connection = asked(other).connection
    paths = [path, copies.folder_of(other) / ".." / tenant_id / path.name, link]

    for each in paths:
        with pytest.raises(duckdb.PermissionException):
            connection.execute("SELECT * FROM read_parquet($1)", [f"{each}"])
    with pytest.raises(duckdb.PermissionException):
        connection.execute("SELECT * FROM glob($1)", [f"{path.parent}/*"])


@pytest.mark.parametrize(
    "sql",
    [
        "SET threads = 1",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "SET allowed_directories = ['/']",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/milepost-out.parquet'",
        "ATTACH '/tmp/milepost-out.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM 'https://example.org/x.parquet'",
    ],
)
def test_nothing_opens_a_database_that_is_closed(tenant_id: str, sql: str) -> None:
    publish(tenant_id, [row(named("a"))])

    with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException, duckdb.Error)):
        asked(tenant_id).connection.execute(sql)


@soaks
def test_files_match_the_leads_that_the_meaning_of_rules_does() -> None:
    drawn = Random(SEED)
    for batch in range(histories(1, soaking=50)):
        # A batch of its own tenant: a delta that is written again keeps what it had.
        tenant_id = ids.new("tenant")
        facts = [drawn.facts(batch * 1000 + number) for number in range(200 if IS_ON else 120)]
        rows = [row(each, version=2) for each in facts]
        # Messages have versions of their own, and are not what is outdated here.
        outdated = [{**row(drawn.facts(batch * 1000 + number)), "campaigns": {}} for number in range(60)]
        publish(tenant_id, rows[:50], rows[50:90], changed=[outdated, rows[90:], rows[90:]])
        audience = asked(tenant_id)
        for _ in range(200 if IS_ON else 120):
            tree, zone, now = drawn.tree(), drawn.zone(), drawn.now()
            node = read(tree, time_zone=zone, now=now).node
            expected = sorted(each.lead.get("lead_id") for each in facts if segment.holds(node, each))

            assert list(audience.every_id(node)) == expected, (SEED, tree, zone, now)
            assert audience.counted(node, shown=3) == (len(expected), expected[::-1][:3])
