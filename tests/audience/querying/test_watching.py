"""Who enters and leaves a segment is told once, in events of 200 at most, whatever is repeated or killed."""

import json
from collections import Counter
from typing import Any

import boto3
import pytest
import time_machine

from functions.audience.querying import consumers, differences, memberships, watching
from functions.audience.segments import segments
from shared.messaging import timers
from shared.storage import files, table
from tests.audience.following import happened
from tests.audience.people import Person
from tests.audience.querying.publishing import publish, stored
from tests.audience.segments.rules.leads import condition
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered

VISITORS = condition("visits", ">=", 1)
BOUGHT_LONG_AGO = condition("last_order_at", "<", "30 days ago")
HOURS = 3600

pytestmark = pytest.mark.usefixtures("by_files")


def creates(ada: Person, tree: Any) -> str:
    answer = ada.post("/segments", {"name": "x", "rule_ast": tree})
    assert answer.status == 201, answer.body
    return str(answer.body["segment_id"])


def imports(ada: Person, number: int, **fields: Any) -> list[str]:
    rows = [{"external_id": f"crm-{each}", **fields} for each in range(number)]
    return [each["lead_id"] for each in ada.imports(*rows)]


def publishes(ada: Person) -> None:
    publish(ada.tenant_id, stored(ada.tenant_id))


def told(what: str) -> list[str]:
    """Return the ids that events tell of, sorted; none has more than 200."""
    found = [event.data["lead_ids"] for event in happened(f"audience.segment.{what}")]
    assert all(0 < len(each) <= watching.MOST_IN_AN_EVENT for each in found)
    return sorted(lead_id for each in found for lead_id in each)


def files_of(ada: Person, segment_id: str) -> int:
    return len(files.listed(f"{differences.PURPOSE}/{ada.tenant_id}/{segment_id}/", after="", limit=100))


def works(queue_url: str) -> int:
    """Hand the consumer what its queue has until it is empty; return how many messages failed."""
    failed = 0
    while found := boto3.client("sqs").receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        failed += len(consumers.handler(batch([each["Body"] for each in found]), Context())["batchItemFailures"])
        for each in found:
            boto3.client("sqs").delete_message(QueueUrl=queue_url, ReceiptHandle=each["ReceiptHandle"])
    return failed


def test_the_first_look_tells_nothing(ada: Person) -> None:
    imports(ada, 3, visits=1)
    publishes(ada)
    segment_id = creates(ada, VISITORS)
    goes_on = watching.look(ada.tenant_id, segment_id)
    known = memberships.find(ada.tenant_id, segment_id)

    assert (goes_on, told("entered"), told("left")) == (False, [], [])
    assert known is not None
    assert (known.number, known.version, files_of(ada, segment_id)) == (3, 1, 1)


def test_who_enters_and_who_leaves_is_told_at_the_next_publication(ada: Person, queue_url: str) -> None:
    made = imports(ada, 5)
    segment_id = creates(ada, VISITORS)
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)
    ada.patch(f"/leads/{made[0]}", {"visits": 1})
    ada.patch(f"/leads/{made[1]}", {"visits": 1})
    publishes(ada)
    consumers.handler(delivered(happened("audience.files.published")[-1:]), Context())
    failed = works(queue_url)
    ada.delete(f"/leads/{made[0]}")
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)

    assert failed == 0
    assert (told("entered"), told("left")) == (sorted(made[:2]), [made[0]])
    assert files_of(ada, segment_id) == 1


def test_many_are_told_in_parts_each_once(ada: Person, monkeypatch: pytest.MonkeyPatch, queue_url: str) -> None:
    monkeypatch.setattr(watching, "MOST_IN_A_PART", 250)
    made = imports(ada, 601)
    segment_id = creates(ada, VISITORS)
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)
    imports(ada, 601, visits=1)
    publishes(ada)
    goes_on = watching.look(ada.tenant_id, segment_id)
    first = len(told("entered"))
    message = {"tenant_id": ada.tenant_id, "segment_id": segment_id}
    consumers.handler(batch([json.dumps(message)]), Context())
    works(queue_url)

    assert (goes_on, first, told("entered")) == (True, 250, sorted(made))
    assert sorted(Counter(len(each.data["lead_ids"]) for each in happened("audience.segment.entered"))) == [
        50,
        101,
        200,
    ]
    assert files_of(ada, segment_id) == 1


def test_files_that_are_published_in_the_middle_wait_for_the_parts_before(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_IN_A_PART", 2)
    made = imports(ada, 5)
    segment_id = creates(ada, VISITORS)
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)
    imports(ada, 5, visits=1)
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)
    ada.patch(f"/leads/{made[0]}", {"visits": 0})
    publishes(ada)
    while watching.look(ada.tenant_id, segment_id):
        pass
    watching.look(ada.tenant_id, segment_id)

    assert (told("entered"), told("left")) == (sorted(made), [made[0]])


def test_a_look_that_is_killed_or_repeated_tells_once(ada: Person) -> None:
    made = imports(ada, 3)
    segment_id = creates(ada, VISITORS)
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)
    imports(ada, 3, visits=1)
    publishes(ada)

    def kill(**_: Any) -> None:
        raise RuntimeError("killed")

    with hooks.registered("after-call.dynamodb.TransactWriteItems", kill), pytest.raises(RuntimeError):
        watching.look(ada.tenant_id, segment_id)
    watching.look(ada.tenant_id, segment_id)

    assert told("entered") == sorted(made)


def test_of_two_looks_at_once_one_tells(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    made = imports(ada, 3)
    segment_id = creates(ada, VISITORS)
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)
    imports(ada, 3, visits=1)
    publishes(ada)
    upload = differences.upload

    def meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(differences, "upload", upload)
        watching.look(ada.tenant_id, segment_id)
        return upload(*given)

    monkeypatch.setattr(differences, "upload", meanwhile)
    is_to_look_again = watching.look(ada.tenant_id, segment_id)
    watching.look(ada.tenant_id, segment_id)

    assert (is_to_look_again, told("entered")) == (True, sorted(made))


def test_a_segment_gains_members_by_time_alone_and_tells_once(
    ada: Person, queue_url: str, time: time_machine.Traveller
) -> None:
    """Nothing is written after the first look; the sweep of each hour is all that happens."""
    (lead_id,) = imports(ada, 1, last_order_at="2026-10-22T18:30:00Z", order_count=1)
    segment_id = creates(ada, BOUGHT_LONG_AGO)
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)
    entered_by_hour = []
    for _ in range(36):
        time.shift(HOURS)
        for shard in range(timers.SHARDS):
            consumers.handler({"shard": shard}, Context())
        works(queue_url)
        entered_by_hour.append(told("entered"))

    # The 30th day is over at 18:30 on 21 November, which is 30 hours and a half after noon of the 20th.
    assert entered_by_hour == [[]] * 30 + [[lead_id]] * 6
    assert told("left") == []


def test_a_segment_whose_dates_stand_still_costs_nothing_while_nothing_changes(
    ada: Person, time: time_machine.Traveller
) -> None:
    imports(ada, 3, visits=1)
    segment_id = creates(ada, VISITORS)
    publishes(ada)
    watching.look(ada.tenant_id, segment_id)
    written: list[Any] = []
    time.shift(HOURS)
    with hooks.registered("before-call.dynamodb.TransactWriteItems", lambda **_: written.append(1)):
        watching.look(ada.tenant_id, segment_id)

    assert written == []


def test_what_is_known_of_a_deleted_segment_is_removed(ada: Person, queue_url: str) -> None:
    imports(ada, 3, visits=1)
    segment_id = creates(ada, VISITORS)
    publishes(ada)
    consumers.handler(delivered(happened("audience.segment.created")), Context())
    before = files_of(ada, segment_id)
    ada.delete(f"/segments/{segment_id}")
    consumers.handler(delivered(happened("audience.segment.deleted")), Context())
    left = list(table.query_all(memberships.partition(ada.tenant_id, segment_id), "DAY#"))

    assert (before, files_of(ada, segment_id), left) == (1, 0, [])
    assert memberships.find(ada.tenant_id, segment_id) is None
    assert watching.look(ada.tenant_id, segment_id) is False


def test_a_tenant_without_files_is_not_looked_at(ada: Person) -> None:
    segment_id = creates(ada, VISITORS)

    assert watching.look(ada.tenant_id, segment_id) is False
    assert memberships.find(ada.tenant_id, segment_id) is None


@pytest.mark.parametrize("tree", [BOUGHT_LONG_AGO, condition("last_order_at", "WITHIN", "7 days")])
def test_a_rule_with_a_date_that_moves_is_known(ada: Person, tree: Any) -> None:
    moving, still = (segments.get(ada.tenant_id, creates(ada, each)) for each in (tree, VISITORS))

    assert (watching.is_moving(moving, 0), watching.is_moving(still, 0)) == (True, False)
