"""An import whose function is killed anywhere goes on, and its report is the same."""

from collections import Counter
from typing import Any

import pytest

from functions.audience.imports import cuts, imports, progress
from shared import clock
from shared.errors import Unavailable
from shared.jobs import jobs
from shared.messaging.batches import MAX_RECEIVES
from tests.audience.imports.working import (
    begun,
    does,
    imported,
    job_of,
    report_of,
    requested,
    rounds,
    waiting,
    works,
)
from tests.audience.people import Person
from tests.aws import hooks
from tests.aws.messages import batch
from tests.webhooks.people import stored_events

pytestmark = pytest.mark.usefixtures("stage")

TEXT = "email,name\n" + "".join(
    f"p{number % 9}@example.org,Person {number}\n" for number in [*range(9), *range(9), 3, 3, 3]
)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "PART_ROWS", 4)


def seen(person: Person, import_id: str) -> list[tuple[int, str]]:
    return [(each["row"], each["result"]) for each in report_of(person, import_id)]


def comes_again(event: dict[str, Any], die_at: int) -> None:
    """Have a batch done by a function that is killed at its n-th write, and then once more."""
    calls = Counter[str]()

    def kill(**_: object) -> None:
        calls["writes"] += 1
        if calls["writes"] == die_at:
            raise Unavailable("killed")

    with hooks.registered("before-call.dynamodb.TransactWriteItems", kill):
        does(event)
    assert does(event) == {"batchItemFailures": []}


@pytest.mark.parametrize("die_at", range(1, 5))
@pytest.mark.parametrize("seed", [0, 1])
def test_an_import_that_is_killed_in_every_part_has_the_same_report(ada: Person, eve: Person, die_at: int, seed: int):
    expected = seen(ada, imported(ada, TEXT)["import_id"])
    names = {each["emails"][0]: each["name"] for each in ada.get("/leads").body["items"]}
    for each in ada.get("/leads").body["items"]:
        ada.delete(f"/leads/{each['lead_id']}")
    import_id = begun(ada, TEXT)
    for batches in rounds(ada, import_id, seed=seed):
        for each in batches:
            comes_again(each, die_at)

    assert seen(ada, import_id) == expected
    assert {each["emails"][0]: each["name"] for each in ada.get("/leads").body["items"]} == names
    assert ada.get(f"/lead-imports/{import_id}").body["rows_done"] == 21


def test_parts_that_are_not_heard_of_are_asked_for_again(ada: Person, time: Any):
    import_id = begun(ada, TEXT)
    does(requested(ada, import_id))
    (look,) = waiting()
    does(batch([look]))
    lost = [each for each in waiting() if '"cut"' in each]
    time.shift((imports.ASKED_AGAIN_AFTER // clock.SECOND) + 1)
    does(batch([look]))
    again = [each for each in waiting() if '"cut"' in each]

    assert sorted(again) == sorted(lost) != []


def test_an_import_one_of_whose_parts_cannot_be_done_gives_up(ada: Person, monkeypatch: pytest.MonkeyPatch):
    import_id = begun(ada, TEXT)
    does(requested(ada, import_id))
    (look,) = waiting()
    does(batch([look]))
    part = next(each for each in waiting() if '"cut"' in each)

    refusals = iter([Unavailable("down")])

    def refuse(**_: object) -> None:
        for each in refusals:
            raise each

    with hooks.registered("before-call.dynamodb.TransactWriteItems", refuse):
        assert does(batch([part], receives=MAX_RECEIVES))["batchItemFailures"] != []
    does(batch([look]))
    job = job_of(ada, import_id)

    assert (job.status, job.reason) == (jobs.FAILED, "gave_up")
    assert ada.get(f"/lead-imports/{import_id}").body["has_report"] is True


def test_a_cut_that_comes_twice_counts_once(ada: Person):
    import_id = begun(ada, TEXT)
    event = requested(ada, import_id)
    does(event)
    first = job_of(ada, import_id).position["cut"]
    does(event)

    assert job_of(ada, import_id).position["cut"] == first
    assert progress.of(ada.tenant_id, first).parts == 0
    works(ada, import_id)


def test_each_part_has_one_event_with_its_ids(ada: Person):
    done = imported(ada, TEXT)
    told = [each.data for each in stored_events() if each.event_type == "audience.lead.imported"]
    inserted = [each for part in told for each in part["inserted_ids"]]

    assert done["results"]["inserted"] == 9 == len(inserted) == len({*inserted})
    assert max(len(part["inserted_ids"]) + len(part["updated_ids"]) for part in told) <= cuts.PART_ROWS
