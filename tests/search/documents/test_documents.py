"""Documents over REST: operations, versions, tombstones."""

import itertools
from typing import Any

import pytest
import time_machine

from functions.search.documents import documents
from shared.storage import table
from tests.aws import hooks
from tests.search.people import Backbone, Person

WHALE = {"id": "moby", "title": "Moby-Dick", "pages": 635}


@pytest.fixture
def ada(ada: Person) -> Person:
    ada.makes()
    return ada


def shown(person: Person, id_: str = "moby") -> Any:
    answer = person.get(f"/collections/books/documents/{id_}")
    return answer.body["document"] if answer.status == 200 else answer.status


def test_a_document_is_created_updated_and_deleted(ada: Person):
    created = ada.syncs("create", WHALE)
    updated = ada.syncs("update", {"id": "moby", "title": "The Whale", "tags": ["sea"]})
    after = shown(ada)
    deleted = ada.syncs("delete", {"id": "moby"})

    assert [each.body["version"] for each in (created, updated, deleted)] == [1, 2, 3]
    assert after == {"id": "moby", "title": "The Whale", "pages": 635, "tags": ["sea"]}
    assert shown(ada) == 404


def test_an_upsert_replaces_what_there_is(ada: Person):
    ada.stores(WHALE, {"id": "moby", "title": "The Whale"})

    assert shown(ada) == {"id": "moby", "title": "The Whale"}


def test_a_document_without_an_id_gets_one(ada: Person):
    made = ada.syncs("create", {"title": "Emma"}).body["id"]

    assert made.startswith("doc_")
    assert shown(ada, made) == {"id": made, "title": "Emma"}


@pytest.mark.parametrize(
    ("operation", "document", "expected"),
    [
        ("create", WHALE, (409, "DocumentExists")),
        ("update", {"id": "nobody", "title": "X"}, (404, "DocumentNotFound")),
        ("delete", {"id": "nobody"}, (404, "DocumentNotFound")),
        ("update", {"title": "X"}, (422, "InvalidInput")),
        ("delete", {}, (422, "InvalidInput")),
        ("upsert", {"id": "a#b", "title": "X"}, (422, "InvalidInput")),
        ("upsert", {"id": "x" * 129, "title": "X"}, (422, "InvalidInput")),
        ("upsert", {"id": 5, "title": "X"}, (422, "InvalidInput")),
        ("upsert", {"id": "x"}, (422, "InvalidInput")),
        ("upsert", {"id": "x", "title": 1}, (422, "InvalidInput")),
        ("update", {"id": "moby", "title": None}, (422, "InvalidInput")),
        ("upsert", {"id": "x", "title": "X" * 70_000}, (422, "InvalidInput")),
        ("replace", WHALE, (422, "InvalidInput")),
    ],
)
def test_a_change_that_does_not_fit_changes_nothing(
    ada: Person, operation: str, document: dict[str, Any], expected: tuple[int, str]
):
    ada.stores(WHALE)
    refused = ada.syncs(operation, document)

    assert (refused.status, refused.code) == expected
    assert shown(ada) == WHALE


def test_what_the_schema_does_not_name_is_kept_and_answered(ada: Person):
    document = {"id": "odd", "title": "Odd", "__proto__": {"role": "owner"}, "nested": {"a": [1, 2.5, None]}}
    ada.stores(document)

    assert shown(ada, "odd") == document


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_the_newest_version_stays_in_whatever_order_changes_arrive(ada: Person, order: tuple[int, ...]):
    statuses = [
        ada.syncs("upsert", {"id": "moby", "title": f"Title {version}"}, version=version).status for version in order
    ]
    newest = list(itertools.accumulate(order, max))

    assert statuses == [200 if version == most else 409 for version, most in zip(order, newest, strict=True)]
    assert shown(ada)["title"] == "Title 3"


def test_a_version_that_comes_twice_has_one_effect(ada: Person):
    first, second = (ada.syncs("upsert", WHALE, version=5) for _ in range(2))
    other = ada.syncs("upsert", {**WHALE, "title": "Other"}, version=5)

    assert first.body == second.body
    assert (other.status, other.code) == (409, "NewerVersion")


def test_an_older_change_does_not_bring_a_deleted_document_back(ada: Person):
    ada.syncs("upsert", WHALE, version=7)
    ada.syncs("delete", {"id": "moby"}, version=9)
    late = ada.syncs("upsert", WHALE, version=8)
    again = ada.syncs("delete", {"id": "moby"}, version=9)

    assert (late.status, late.code) == (409, "NewerVersion")
    assert (again.status, again.body["version"]) == (200, 9)
    assert shown(ada) == 404


def test_a_deleted_document_can_be_made_again_at_the_next_version(ada: Person):
    ada.stores(WHALE)
    ada.syncs("delete", {"id": "moby"})

    assert ada.syncs("create", WHALE).body["version"] == 3


def test_a_tombstone_ends_after_a_week(ada: Person):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        collection_id = ada.get("/collections/books").body["collection_id"]
        ada.stores(WHALE)
        ada.syncs("delete", {"id": "moby"})
        item = table.get(documents.key(collection_id, "moby"))

    assert item is not None
    assert item["content"] == ""
    assert item["ttl"] == 1795780800


def test_a_change_that_is_repeated_with_its_key_has_one_effect(ada: Person):
    first, second = (ada.syncs("upsert", WHALE, key="once") for _ in range(2))
    other = ada.syncs("upsert", {**WHALE, "title": "Other"}, key="once")

    assert first.body == second.body
    assert (other.status, other.code) == (422, "IdempotencyKeyReused")


def test_a_document_is_deleted_at_the_version_that_was_seen(ada: Person):
    ada.stores(WHALE)
    path = "/collections/books/documents/moby"
    answers = [ada.delete(path, if_match='"9"'), ada.delete(path, if_match='"1"'), ada.delete(path)]

    assert [each.status for each in answers] == [412, 204, 404]


def test_a_document_says_whether_the_index_has_it(ada: Person, backbone: Backbone):
    ada.stores(WHALE)
    path = "/collections/books/documents/moby"
    before = ada.get(path).body["index"]
    backbone.runs()
    after = ada.get(path).body["index"]
    ada.stores(WHALE)

    assert (before, after) == ({"state": "pending", "version": 1}, {"state": "indexed", "version": 1})
    assert ada.get(path).body["index"] == {"state": "pending", "version": 2}


def test_reading_takes_one_scope_and_changing_another(ada: Person):
    ada.stores(WHALE)
    reader, writer = ada.holding("search:read"), ada.holding("search:write")

    assert reader.syncs("upsert", WHALE).status == 403
    assert reader.delete("/collections/books/documents/moby").status == 403
    assert writer.get("/collections/books/documents/moby").status == 403
    assert writer.syncs("upsert", WHALE).status == 200


@pytest.mark.parametrize("id_", ["x" * 129, "x" * 1000, "a%2Fb", "%C3%A9", "%23"])
def test_an_id_that_none_can_have_is_not_looked_for(ada: Person, id_: str):
    asked: list[str] = []
    hooks.register("before-call.dynamodb", lambda params, **_: asked.append(str(params["body"])))

    assert ada.get(f"/collections/books/documents/{id_}").code == "DocumentNotFound"
    assert not [each for each in asked if "DOCUMENT#" in each]


def test_a_change_reads_the_collection_as_it_is_now(ada: Person):
    ada.rest("PUT", "/collection-aliases/library", {"collection_name": "books"})
    read: list[bool] = []

    def note(params: Any, **_: Any) -> None:
        if "COLLECTION#books" in str(params):
            read.append(params.get("ConsistentRead") or params["RequestItems"]["milepost"]["ConsistentRead"])

    hooks.register("provide-client-params.dynamodb.BatchGetItem", note)
    hooks.register("provide-client-params.dynamodb.GetItem", note)
    ada.stores(WHALE)
    ada.stores(WHALE, name="library")
    ada.rest("POST", "/documents/batch", {"changes": [{"operation": "upsert", **_to("books")}]})
    ada.delete("/collections/books/documents/moby")

    assert read == [True] * 4


def _to(name: str) -> dict[str, Any]:
    return {"collection_name": name, "document": WHALE}
