"""A request can be followed from its change through event and message to the publication that has it."""

import json
from typing import Any

import boto3
import pytest

from functions.search import indexing_consumers
from shared import config
from shared.correlation import Correlation
from tests.aws.entries import Context, http_event
from tests.search.indexing.runs import WHALE, pointer
from tests.search.people import Backbone, Person, as_record, woken

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
REQUESTS = [Correlation(f"request-{number}=", TRACE) for number in range(2)]


class Hurried(Context):
    def get_remaining_time_in_millis(self) -> int:
        return 5_000


def asked_by(*requests: Correlation, collection: dict[str, Any], person: Person) -> dict[str, Any]:
    """Return a batch of messages that these requests have caused."""
    return {
        "Records": [
            woken(collection, person)["Records"][0]
            | {
                "messageId": request.request_id,
                "messageAttributes": {
                    "RequestId": {"stringValue": request.request_id, "dataType": "String"},
                    "Traceparent": {"stringValue": request.traceparent, "dataType": "String"},
                },
            }
            for request in requests
        ]
    }


def findable(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the lines that say from when on changes are found."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if line.get("message") == "findable"]


def received() -> list[Any]:
    asked = {"QueueUrl": config.indexing_queue_url(), "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
    found: list[Any] = boto3.client("sqs").receive_message(**asked).get("Messages", [])
    return found


def test_every_request_of_a_batch_is_told_which_publication_has_its_changes(
    ada: Person, collection: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    ada.stores(WHALE)
    capsys.readouterr()
    batch = asked_by(*REQUESTS, REQUESTS[0], collection=collection, person=ada)
    indexing_consumers.handler(batch, Context())
    lines = findable(capsys)

    assert [line["request_id"] for line in lines] == [each.request_id for each in REQUESTS]
    assert {line["traceparent"] for line in lines} == {TRACE}
    assert {(line["collection_id"], line["generation"]) for line in lines} == {
        (collection["collection_id"], pointer(collection).version)
    }
    assert "Whale" not in str(lines)


def test_changes_that_an_earlier_message_has_brought_in_are_found_as_well(
    ada: Person, collection: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    ada.stores(WHALE)
    for request in REQUESTS:
        indexing_consumers.handler(asked_by(request, collection=collection, person=ada), Context())

    assert [(line["request_id"], line["generation"]) for line in findable(capsys)] == [
        (each.request_id, 1) for each in REQUESTS
    ]


def test_a_run_without_time_hands_on_every_request(
    ada: Person, collection: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    ada.stores(WHALE)
    indexing_consumers.handler(asked_by(*REQUESTS, collection=collection, person=ada), Hurried())
    handed_on = [each["MessageAttributes"]["RequestId"]["StringValue"] for each in received()]

    assert findable(capsys) == []
    assert sorted(handed_on) == [each.request_id for each in REQUESTS]


def test_the_message_of_an_event_belongs_to_the_request_that_the_event_does(
    ada: Person, backbone: Backbone, collection: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    sent = {"traceparent": TRACE}
    body = {"operation": "upsert", "collection_name": "books", "document": WHALE}
    assert ada.rest("POST", "/documents/sync", body, headers=sent).status == 200
    backbone.tells()
    (message,) = received()
    attributes = {
        name: {"stringValue": each["StringValue"], "dataType": "String"}
        for name, each in message["MessageAttributes"].items()
    }
    indexing_consumers.handler({"Records": [as_record(message) | {"messageAttributes": attributes}]}, Context())
    event, (line,) = http_event("POST", "/"), findable(capsys)

    assert line["request_id"] == event["requestContext"]["requestId"]
    assert line["traceparent"] == TRACE


def test_nothing_of_a_deleted_collection_is_said_to_be_found(
    ada: Person, collection: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    ada.stores(WHALE)
    ada.delete("/collections/books")
    indexing_consumers.handler(asked_by(*REQUESTS, collection=collection, person=ada), Context())

    assert findable(capsys) == []
