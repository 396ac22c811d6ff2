"""64 writers of one item: each version has one winner, and nearly all are done in a few tries."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from shared import pauses
from shared.storage import changes, table, versions
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.versions import VersionChanged
from shared.storage.writes import ABSENT, Put, unchanged
from tests.aws import hooks
from tests.aws.stack import server, table_at
from tests.aws.turns import Turns

WRITERS = 64
PLACE = Key("USER#1", "THING#1")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("stack")) as address:
        yield address


@pytest.fixture
def thing(endpoint: str) -> Iterator[None]:
    """The item, on a server."""
    with table_at(endpoint):
        make_thing()
        yield


def make_thing() -> None:
    table.transact([Put({"PK": PLACE.pk, "SK": PLACE.sk, "version": 1, "writers": []}, ABSENT)])


def at_once(call: Callable[[int], Any]) -> list[Any]:
    """Make a call for each writer, all in the same moment, each in its own thread; return what came back or up."""
    start = threading.Barrier(WRITERS)

    def run(writer: int) -> Any:
        start.wait()
        try:
            return call(writer)
        except VersionChanged as refusal:
            return refusal

    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(run, range(WRITERS)))


def stored() -> dict[str, Any]:
    item = table.get(PLACE, consistent=True)
    assert item is not None
    return item


def write(tries: Counter[int], writer: int, *, if_match: str | None = None) -> dict[str, Any]:
    """Add a writer to the item; `tries` counts how often that was planned."""

    def plan() -> Plan:
        tries[writer] += 1
        item = stored()
        versions.require(if_match, item["version"])
        after = {**item, "version": item["version"] + 1, "writers": [*item["writers"], writer]}
        return Plan({"version": after["version"]}, [Put(after, unchanged(item["version"]))])

    return changes.make(plan)


@pytest.mark.parametrize("call_seconds", [0.003, 0.008], ids=["3 ms a call", "8 ms a call"])
def test_of_64_writers_nearly_all_are_done_in_8_tries(
    call_seconds: float, aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_thing()
    tries: Counter[int] = Counter()
    turns = Turns()
    monkeypatch.setattr(pauses, "time", SimpleNamespace(sleep=turns.sleep, monotonic=lambda: turns.now))
    with hooks.registered("before-call.dynamodb", lambda **_: turns.sleep(call_seconds)):
        answers = turns.run(WRITERS, partial(write, tries))

    assert sorted(answer["version"] for answer in answers) == list(range(2, WRITERS + 2))
    assert sorted(stored()["writers"]) == list(range(WRITERS))
    assert sum(1 for each in tries.values() if each <= 8) >= 0.99 * WRITERS
    assert turns.now < changes.PATIENCE_SECONDS


def test_of_64_writers_with_one_if_match_each_version_has_one_winner(thing: None) -> None:
    for version in range(1, 4):
        answers = at_once(partial(write, Counter(), if_match=f'"{version}"'))

        stale = [answer for answer in answers if isinstance(answer, VersionChanged)]
        won = [answer for answer in answers if not isinstance(answer, VersionChanged)]
        assert won == [{"version": version + 1}]
        assert [refusal.status for refusal in stale] == [412] * (WRITERS - 1)
        assert {refusal.headers["ETag"] for refusal in stale} == {f'"{version + 1}"'}
    assert len(stored()["writers"]) == 3
