"""What it takes of the processor to fold 10,000 changed leads into a million, from a bucket that answers at once."""

import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws

from functions.audience.files import deltas, engine, folding, merging, rows, shards
from functions.audience.files.deltas import Delta
from functions.audience.files.pointers import Pointer, Shard
from functions.audience.leads import leads
from functions.audience.leads.leads import Lead
from shared import clock
from shared.storage import files
from tests.bench.figures import Figure

LEADS = 1_000_000
CHANGED = 10_000
SECONDS = 20.0
_TENANT = "tenant_01KAEY3VJ0R8S4T0V6W2X9Y5Z1"
_BUCKET = "files"
_AT = "2026-11-20T12:00:00.000Z"
_DELTAS = 10
_PLACE: Mapping[str, Any] = {"LocationConstraint": "eu-west-1"}


def measure() -> list[Figure]:
    """Return the figure of one fold."""
    return judged(seconds(LEADS, CHANGED))


def judged(took: float) -> list[Figure]:
    """Return the figure of what a fold took, in seconds of the processor."""
    return [Figure(f"{CHANGED:,} changes folded into {LEADS:,} leads: processor time", took, "s", SECONDS)]


def seconds(number: int, changed: int) -> float:
    """Return the seconds of the processor that it takes to fold so many changes into so many leads."""
    with mock_aws():
        os.environ["FILES_BUCKET"] = _BUCKET
        files.client.cache_clear()
        boto3.client("s3").create_bucket(Bucket=_BUCKET, CreateBucketConfiguration=_PLACE)
        before = Pointer(_TENANT, 1, _shards(number), 0, _AT)
        waiting = _waiting(number, changed)
        began = time.process_time()
        made = folding.written(before, waiting)
        took = time.process_time() - began
    files.client.cache_clear()
    assert sum(each.rows for each in made) == number
    return took


def _shards(number: int) -> list[Shard]:
    count = shards.count_for(number)
    with tempfile.TemporaryDirectory() as place, engine.opened(Path(place)) as connection:
        one = Path(place) / "one.parquet"
        delta = Path(place) / "one.jsonl.gz"
        delta.write_bytes(deltas.body([_row(0)]))
        connection.execute(f"CREATE TABLE one AS FROM {merging.of_deltas([delta])}")
        made = []
        for shard in range(count):
            query = (
                f"SELECT one.* REPLACE ({_ID} AS lead_id, 'Lead ' || n AS name, "  # noqa: S608 - numbers of our own
                "'lead ' || n AS name_folded, "
                "['lead' || n || '@example.com'] AS emails, ['lead' || n || '@example.com'] AS emails_folded, "
                f"n % 100000 AS total_spend) FROM one, range({number:d}) AS numbers(n) WHERE n % {count:d} = {shard:d}"
            )
            found = shards.write(connection, query, one)
            made.append(shards.upload(_TENANT, one, generation=1, number=shard, rows=found))
    return made


_ID = f"'lead_01KAEY3VJ0' || lpad(n::VARCHAR, 15, '0') || substr('{shards.LETTERS}', n % 32 + 1, 1)"


def _id(n: int) -> str:
    return f"lead_01KAEY3VJ0{n:015d}{shards.LETTERS[n % shards.MOST]}"


def _row(n: int) -> rows.Row:
    lead = Lead(
        _TENANT,
        _id(n),
        _AT,
        _AT,
        version=2,
        name=f"Changed {n}",
        emails=(f"lead{n}@example.com",),
        tags=("vip", "newsletter"),
        metadata='{"plan":"gold","seats":12,"since":"2026-01-31"}',
    )
    return rows.of_lead(leads.to_item(lead), [], changed_at=clock.from_stored(_AT))


def _waiting(number: int, changed: int) -> list[Delta]:
    every = range(0, number, number // changed)
    for part in range(_DELTAS):
        deltas.write(_TENANT, [str(part)], [_row(n) for n in every[part::_DELTAS]])
    return deltas.every(_TENANT)
