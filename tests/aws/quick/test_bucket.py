"""The quick bucket answers as moto's does: the same calls, one after the other, on both."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from shared.storage import files
from tests.aws.buckets import make_files_bucket
from tests.aws.quick.bucket import QuickBucket

KEYS = [f"audience/tenant_1/{folder}/{name}" for folder in ("deltas", "shards") for name in "ab"]
BODIES = [b"", b"one", b"another"]


def answers(seed: int) -> list[str]:
    """Return what the bucket of files answers to random calls; instants and names of buckets left out."""
    chance, found, tags = random.Random(seed), list[str](), ['"none"']  # noqa: S311
    for _ in range(60):
        key, body, tag = chance.choice(KEYS), chance.choice(BODIES), chance.choice(tags)
        calls: list[Callable[[], Any]] = [
            lambda key=key: files.find(key),
            lambda key=key: files.read(key, most_bytes=5),
            lambda key=key: files.read_from(key, 1, most_bytes=2),
            lambda key=key, body=body: files.put_once(key, body, media_type="text/plain"),
            lambda key=key, body=body, tag=tag: files.replace(key, body, media_type="text/plain", etag=tag),
            lambda key=key: files.remove(key),
            lambda key=key: [(each.key, each.etag) for each in files.listed("audience/tenant_1/", after=key, limit=2)],
        ]
        try:
            answer = chance.choice(calls)()
        except Exception as error:
            answer = type(error).__name__
        if isinstance(answer, str) and answer.startswith('"'):
            tags.append(answer)
        found.append(repr(answer))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_it_answers_as_moto_does(seed: int, aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    files.client.cache_clear()
    expected = answers(seed)
    QuickBucket().stand_in(monkeypatch)

    assert answers(seed) == expected
    files.client.cache_clear()
