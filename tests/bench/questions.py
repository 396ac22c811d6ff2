"""What questions about a million leads take of the processor, by files: the first in a fresh process, and those after.

The files are copied from the disk where a function fetches them from the bucket. The time is that of all threads, so
that what else the machine does counts for little: on two processors, somebody waits for half of it at best. The limits
are those of two processors: 1 s for the first question, 150 ms for the median, 400 ms at most.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

from functions.audience.files import rows
from functions.audience.files.reading import File, Snapshot
from functions.audience.querying import audiences, order
from functions.audience.querying.filters import Filters
from functions.audience.segments.rules import columns
from functions.audience.segments.rules import rule as rules
from functions.audience.segments.rules.form import Node
from functions.audience.segments.rules.rule import Rule
from shared import instants
from shared.storage import files
from tests.bench.figures import Figure

LEADS: Final = 1_000_000
SHARDS: Final = 32
CHANGED: Final = 10_000
TURNS: Final = 7
PROCESSORS: Final = 2
FIRST_SECONDS: Final = 1.0 * PROCESSORS
MEDIAN_MS: Final = 150.0 * PROCESSORS
SLOWEST_MS: Final = 400.0 * PROCESSORS
MOST_MB: Final = 512.0
NOW: Final = instants.from_rfc3339("2026-06-01T12:00:00Z")


def _condition(field: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"type": "condition", "field": field, "operator": operator, "value": value, **more}


RULES: Final[Mapping[str, Any]] = {
    "spend": _condition("total_spend", ">", 5000),
    "no visit for long": _condition("last_visit_at", "<", "3 months ago"),
    "a part of a name": _condition("name", "CONTAINS", "AB7"),
    "no such tag": _condition("tags", "NOT_CONTAINS", "g1"),
    "metadata": _condition("metadata.plan", "=", "pro"),
    "consent": _condition("consent.email", "=", "granted"),
    "some orders": _condition("orders.sum", ">", 5, where=_condition("items.sku", "=", "tea")),
    "birthdays": _condition("created_at", "ANNIVERSARY", 0),
    "nested": {
        "op": "AND",
        "children": [
            _condition("total_spend", ">", 1000),
            {
                "op": "OR",
                "children": [
                    _condition("last_order_at", "WITHIN", "3 months"),
                    {"op": "NOT", "children": [_condition("status", "IN", ["lost", "new"])]},
                    _condition("emails", "BEGINS_WITH", "p99"),
                ],
            },
        ],
    },
}

_PEOPLE: Final = """
SELECT 'lead_01KA' || upper(substr(md5(i::VARCHAR), 1, 22)) AS lead_id,
  'crm-' || i AS external_id, 'Person ' || substr(md5((i % 200000)::VARCHAR), 1, 8) AS name,
  CASE WHEN i % 4 = 0 THEN NULL ELSE ['new', 'customer', 'lost'][1 + i % 3] END AS status,
  'en-GB' AS locale, 'Europe/London' AS time_zone, ['p' || i || '@example.org'] AS emails,
  CASE WHEN i % 3 = 0 THEN NULL ELSE ['+4420' || (70000000 + i)] END AS phones,
  CASE WHEN i % 2 = 0 THEN NULL ELSE ['vip', 'tag' || i % 50] END AS tags,
  hash(i) % 1000000 AS total_spend, i % 20 AS order_count, i % 100 AS visits, hash(i) % 100 AS bucket,
  i % 20 AS orders_count, hash(i) % 1000000 AS orders_sum,
  {now} - (hash(i + 1) % 30000000000)::BIGINT AS last_order_at,
  {now} - (hash(i + 2) % 30000000000)::BIGINT AS last_visit_at,
  {now} - (hash(i + 3) % 60000000000)::BIGINT AS created_at, {now} AS updated_at, {now} AS orders_last_at,
  MAP {{'email': ['granted', 'denied', 'pending'][1 + i % 3]}} AS consent,
  MAP {{'plan': [{{'text': ['free', 'pro'][1 + i % 2], 'folded': ['free', 'pro'][1 + i % 2], 'number': NULL,
    'truth': NULL, 'instant': NULL, 'day': NULL}}]}} AS metadata,
  CASE WHEN i % 5 = 0 THEN [{{'amount': i % 1000, 'ordered_at': {now} - i * 1000, 'skus': ['tea'],
    'skus_folded': ['tea']}}] ELSE [] END AS orders,
  NULL AS campaigns, {version} AS version, false AS is_gone, {now} AS changed_at
FROM {numbers} AS numbers (i)
"""


def measure() -> list[Figure]:
    """Return the figures of a fresh process that asks files of a million leads."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), leads=LEADS)
        said = subprocess.run(
            [sys.executable, "-m", "tests.bench.questions", folder], capture_output=True, text=True, check=True
        )
    return judged(json.loads(said.stdout.splitlines()[-1]))


def judged(told: Mapping[str, Any]) -> list[Figure]:
    """Return the figures of what a process has told of itself."""
    medians = {name: median(each) for name, each in told["took_ms"].items()}
    return [
        Figure("first question, files fetched: processor time", told["first_seconds"], "s", FIRST_SECONDS),
        Figure("a question after that: median of all", median(medians.values()), "ms", MEDIAN_MS),
        Figure("the slowest question", max(medians.values()), "ms", SLOWEST_MS),
        *(Figure(f"{name}: median", each, "ms") for name, each in medians.items()),
        Figure("memory of the process, at most", told["memory_mb"], "MB", MOST_MB),
    ]


def write(folder: Path, *, leads: int, changed: int = CHANGED) -> None:
    """Write the files of so many leads: shards, and a delta of those that were changed since."""
    import duckdb  # noqa: PLC0415 - the process that is measured imports it in its own time

    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for shard in range(SHARDS):
            people = connection.sql(_people(1, f"range({shard}, {leads}, {SHARDS})")).order("lead_id")
            people.write_parquet(str(folder / f"{shard:02}.parquet"), compression="zstd")
        people = _people(2, f"range(0, {leads}, {max(1, leads // changed)})")
        target = folder / "changed.jsonl.gz"
        connection.execute(f"COPY ({people}) TO '{target}' (FORMAT json, COMPRESSION gzip)")


def _people(version: int, numbers: str) -> str:
    """Return the query for leads of these numbers, with all columns of a file."""
    told = _PEOPLE.format(now=NOW, version=version, numbers=numbers)
    shown = ", ".join(f"CAST({_column(name)} AS {its_type}) AS {name}" for name, its_type in rows.TYPES.items())
    return f"SELECT {shown} FROM ({told})"  # noqa: S608 - no text of a caller


def _column(name: str) -> str:
    plain = name.removesuffix("_folded")
    if plain == name:
        return name
    return f"list_transform({plain}, lambda each: lower(each))" if plain in columns.LISTS else f"lower({plain})"


def ask(folder: Path, *, turns: int = TURNS) -> dict[str, Any]:
    """Ask every question of the files in a folder, and return how long each took and what memory that needed."""
    files.download = copied
    shards = tuple(File(f"{path}", "1") for path in sorted(folder.glob("*.parquet")))
    snapshot = Snapshot(1, shards, (File(f"{folder / 'changed.jsonl.gz'}", "1"),), NOW)
    nodes = {name: _node(tree) for name, tree in RULES.items()}
    began = time.process_time()
    audience = audiences.opened("tenant_1", snapshot)
    audience.counted(nodes["spend"], shown=10)
    first = time.process_time() - began
    took = {
        name: [_ms(lambda node=node: audience.counted(node, shown=10)) for _ in range(turns)]
        for name, node in nodes.items()
    }
    found = Filters(q="person ab7").node("tenant_1")
    took["a search"] = [
        _ms(lambda: audience.places(found, order.named("-spend"), None, limit=20)) for _ in range(turns)
    ]
    took["a page of members"] = [_ms(lambda: audience.ids_after(nodes["spend"], "", limit=20)) for _ in range(turns)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    audiences.forget()
    return {"first_seconds": first, "took_ms": took, "memory_mb": memory}


def _node(tree: Any) -> Node:
    return rules.read(Rule(tree, "Europe/Berlin"), now=NOW, decimals=2, segments={}).node


def _ms(question: Callable[[], Any]) -> float:
    began = time.process_time()
    question()
    return (time.process_time() - began) * 1000


def copied(key: str, to: Path, *, etag: str) -> int:
    """Copy a file of this disk, as one is fetched from the bucket."""
    shutil.copyfile(key, to)
    return to.stat().st_size


if __name__ == "__main__":
    print(json.dumps(ask(Path(sys.argv[1]))))
