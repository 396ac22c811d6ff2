"""Documents brought into a collection from a file, as a job."""

from typing import Any

import boto3
import pytest

from functions.search.documents import batches
from functions.search.transfer import imports
from shared import config
from shared.jobs import parts
from tests.aws.emf import counted
from tests.aws.messages import batch
from tests.search.indexing.runs import pointer, runs
from tests.search.people import Backbone, Person, stored_events
from tests.search.transfer.working import (
    announced,
    begun,
    does,
    file_of,
    job_of,
    parts_of,
    requested,
    works,
    written,
)


def books(count: int) -> list[dict[str, Any]]:
    return [{"id": f"{number:04}", "title": f"Whale {number}"} for number in range(count)]


def test_each_line_is_stored_or_refused_for_itself(ada: Person, backbone: Backbone):
    ada.stores({"id": "there", "title": "There"})
    body = b"\n".join(
        [
            b'{"id": "moby", "title": "The White Whale", "pages": 635}',
            b'{"id": "there", "title": "Again"}',
            b"",
            b'{"id": "odd", "title": 1}',
            b'{"title": "No id"}',
            b'{"id": "a#b", "title": "Odd id"}',
            b"{",
            b'["moby"]',
            b'{"id": "typee", "title": "Typee", "more": [1]}\r',
        ]
    )
    job_id = begun(ada, body, "create")
    assert works(ada, job_id) == 1
    backbone.runs()
    told = file_of(ada, job_id)
    job = job_of(ada, job_id)

    assert [(each["line"], each["status"], each.get("code")) for each in told] == [
        (1, 200, None),
        (2, 409, "DocumentExists"),
        (4, 422, "InvalidInput"),
        (5, 200, None),
        (6, 422, "InvalidInput"),
        (7, 400, "Malformed"),
        (8, 400, "Malformed"),
        (9, 200, None),
    ]
    assert told[0] == {"line": 1, "status": 200, "id": "moby", "version": 1}
    assert [each["field"] for each in told[2]["errors"]] == ["document.title"]
    assert (job.status, job.done, job.total, job.refused) == ("completed", len(body), len(body), 5)
    assert ada.finds("whale") == ["moby"]
    assert {*ada.finds()} == {"moby", "there", "typee", told[3]["id"]}


@pytest.mark.parametrize(
    ("operation", "statuses", "document"),
    [
        ("create", [409, 200], {"id": "moby", "title": "Moby-Dick", "pages": 635}),
        ("upsert", [200, 200], {"id": "moby", "title": "The Whale"}),
        ("update", [200, 404], {"id": "moby", "title": "The Whale", "pages": 635}),
    ],
)
def test_the_operation_is_that_of_all_lines(ada: Person, operation: str, statuses: list[int], document: dict[str, Any]):
    ada.stores({"id": "moby", "title": "Moby-Dick", "pages": 635})
    job_id = begun(ada, written({"id": "moby", "title": "The Whale"}, {"id": "emma", "title": "Emma"}), operation)
    works(ada, job_id)

    assert [each["status"] for each in file_of(ada, job_id)] == statuses
    assert ada.get("/collections/books/documents/moby").body["document"] == document


def test_a_part_is_one_wake_up_and_one_publication(ada: Person, backbone: Backbone):
    job_id = begun(ada, written(*books(300)))
    before = len(stored_events())
    works(ada, job_id)
    told = [each.event_type for each in stored_events()[before:]]
    backbone.runs()

    assert told.count("search.document.changed") == 1
    assert pointer(ada.get("/collections/books").body).version == 1
    assert ada.searches("whale")["found"] == 300


def test_a_large_file_is_read_in_parts_by_lines(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "PART_BYTES", 400)
    monkeypatch.setattr(imports, "PART_LINES", 10)
    job_id = begun(ada, written(*books(55)).rstrip(b"\n"))

    assert works(ada, job_id) == 6
    assert [each["line"] for each in file_of(ada, job_id)] == list(range(1, 56))
    assert {each["version"] for each in file_of(ada, job_id)} == {1}


@pytest.mark.parametrize("place", ["before", "between", "behind"])
def test_a_part_that_broke_off_is_done_once_and_told_as_it_was(
    ada: Person, backbone: Backbone, monkeypatch: pytest.MonkeyPatch, place: str
):
    monkeypatch.setattr(imports, "PART_LINES", 60)
    job_id = begun(ada, written(*books(130), {"title": "No id"}), "create")
    broken: list[int] = []
    module, name = {
        "before": (batches, "make_in"),
        "between": (batches, "_planning"),
        "behind": (parts, "_recorded"),
    }[place]
    function = getattr(module, name)

    def breaking(*args: Any, **more: Any) -> Any:
        broken.append(1)
        if len(broken) == 2:
            raise RuntimeError("the process ended here")
        return function(*args, **more)

    monkeypatch.setattr(module, name, breaking)
    failures = 0
    for event in parts_of(ada, job_id):
        if does(event)["batchItemFailures"]:
            failures += 1
            assert does(event) == {"batchItemFailures": []}
    backbone.runs()
    told = file_of(ada, job_id)

    assert failures == 1
    assert [(each["status"], each["version"]) for each in told] == [(200, 1)] * 131
    assert [each["id"] for each in told[:130]] == [each["id"] for each in books(130)]
    assert ada.searches()["found"] == 131
    assert backbone.failed == []


def test_a_part_that_comes_twice_is_done_once(ada: Person):
    job_id = begun(ada, written(*books(3)), "create")
    event = requested(ada, job_id)
    for _ in range(2):
        assert does(event) == {"batchItemFailures": []}

    assert [each["status"] for each in file_of(ada, job_id)] == [200] * 3
    assert does(batch(["{}"]))["batchItemFailures"] != []


def test_what_is_too_much_ends_the_job_with_a_report_on_what_was_stored(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "PART_LINES", 3)
    monkeypatch.setattr(imports, "MOST_LINES", 4)
    many = begun(ada, written(*books(5)))
    works(ada, many)
    exactly = begun(ada, written(*books(4)))
    works(ada, exactly)
    monkeypatch.setattr(imports, "PART_BYTES", 100)
    long = begun(ada, written({"id": "a", "title": "Short"}, {"id": "b", "title": "Long" * 100}))
    works(ada, long)

    assert (job_of(ada, many).status, job_of(ada, many).reason) == ("failed", "too_many_lines")
    assert len(file_of(ada, many)) == 4
    assert job_of(ada, exactly).status == "completed"
    assert (job_of(ada, long).status, job_of(ada, long).reason) == ("failed", "line_too_long")
    assert len(file_of(ada, long)) == 1


def test_an_import_ends_with_its_collection(ada: Person):
    job_id = begun(ada, written(*books(3)))
    ada.delete("/collections/books")
    ada.makes()
    works(ada, job_id)

    assert (job_of(ada, job_id).status, job_of(ada, job_id).reason) == ("failed", "collection_deleted")


def test_a_file_is_started_once_it_is_there(ada: Person, eve: Person):
    job_id = announced(ada, b"{}")
    early = ada.rest("POST", f"/collections/books/import-jobs/{job_id}/start")
    boto3.client("s3").put_object(Bucket=config.files_bucket(), Key=job_of(ada, job_id).position["key"], Body=b"{}")
    started = ada.rest("POST", f"/collections/books/import-jobs/{job_id}/start")
    eve.makes()

    assert (early.status, early.code) == (409, "NotUploaded")
    assert (started.status, started.body["kind"], started.body["unit"]) == (202, "search.import", "bytes")
    assert eve.rest("POST", f"/collections/books/import-jobs/{job_id}/start").code == "JobNotFound"
    assert ada.rest("POST", f"/collections/nobody/import-jobs/{job_id}/start").code == "CollectionNotFound"


def test_what_an_import_has_stored_is_not_measured_as_lag_until_somebody_changes_it(
    ada: Person, capsys: pytest.CaptureFixture[str]
):
    collection = ada.get("/collections/books").body
    works(ada, begun(ada, written(*books(3))))
    runs(ada, collection)
    imported = counted(capsys, "IndexLag")
    ada.stores({"id": "0001", "title": "Changed"}, {"id": "moby", "title": "Whale"})
    runs(ada, collection)
    (changed,) = counted(capsys, "IndexLag")

    assert imported == []
    assert len(changed.numbers) == 2


def test_the_answer_says_where_the_file_is_to_be_sent(ada: Person):
    sent = {"size": 3, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
    first = ada.rest("POST", "/collections/books/import-jobs", sent, headers={"idempotency-key": "once"})
    again = ada.rest("POST", "/collections/books/import-jobs", sent, headers={"idempotency-key": "once"})

    assert first.status == 201
    assert first.body["job"] == again.body["job"]
    assert first.body["upload"]["method"] == "PUT"
    assert first.body["upload"]["headers"]["Content-Type"] == "application/jsonl"
    assert first.body["upload"]["url"].split("?")[0] == again.body["upload"]["url"].split("?")[0]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"operation": "delete"}, "operation"),
        ({"size": 100 * 1024 * 1024 + 1}, "size"),
        ({"size": 0}, "size"),
        ({"sha256": "x"}, "sha256"),
        ({"file": "x"}, "file"),
    ],
)
def test_what_announces_no_file_is_refused_by_field(ada: Person, changed: dict[str, Any], field: str):
    sent = {"size": 3, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
    refused = ada.rest("POST", "/collections/books/import-jobs", sent | changed)

    assert (refused.status, refused.fields) == (422, [field])
