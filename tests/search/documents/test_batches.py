"""Many changes in one request."""

from typing import Any

import pytest

from functions.search.documents import writing
from tests.aws import hooks
from tests.search.people import Backbone, Person, stored_events


@pytest.fixture
def ada(ada: Person) -> Person:
    ada.makes()
    return ada


def change(id_: str, operation: str = "upsert", *, name: str = "books", **more: Any) -> dict[str, Any]:
    document = {"id": id_} if operation == "delete" else {"id": id_, "title": f"Title of {id_}"}
    return {"operation": operation, "collection_name": name, "document": document, **more}


def makes(person: Person, *changes: dict[str, Any], key: str = "") -> list[dict[str, Any]]:
    headers = {"idempotency-key": key} if key else {}
    answer = person.rest("POST", "/documents/batch", {"changes": list(changes)}, headers=headers)
    assert answer.status == 200, answer.body
    return list(answer.body["results"])


def test_each_change_is_made_or_refused_for_itself(ada: Person, backbone: Backbone):
    ada.stores({"id": "there", "title": "Whale"})
    results = makes(
        ada,
        change("new", "create"),
        change("there", "create"),
        change("nobody", "update"),
        change("a#b"),
        change("x", name="nobody"),
        {**change("odd"), "document": {"id": "odd", "title": 1}},
        change("there", "delete"),
    )
    backbone.runs()

    assert [(each["status"], each["code"]) for each in results] == [
        (200, None),
        (409, "DocumentExists"),
        (404, "DocumentNotFound"),
        (422, "InvalidInput"),
        (404, "CollectionNotFound"),
        (422, "InvalidInput"),
        (200, None),
    ]
    assert results[0]["index"] == {"state": "pending", "version": 1}
    assert [each["field"] for each in results[5]["errors"]] == ["document.title"]
    assert ada.finds("*") == ["new"]


def test_a_hundred_changes_are_two_transactions_and_two_wake_ups(ada: Person):
    before, writes = len(stored_events()), list[str]()
    hooks.register("before-call.dynamodb.TransactWriteItems", lambda model, **_: writes.append(model.name))
    results = makes(ada, *(change(str(number)) for number in range(100)))

    assert [each["version"] for each in results] == [1] * 100
    assert len(writes) == len(stored_events()) - before == 2


def test_changes_of_one_document_follow_each_other(ada: Person):
    results = makes(ada, change("a"), change("a", "delete"), change("a", "create"), change("a", version=2))

    assert [each["version"] for each in results] == [1, 2, 3, None]
    assert results[3]["code"] == "NewerVersion"


def test_a_batch_that_is_repeated_with_its_key_has_one_effect(ada: Person):
    asked = [change(str(number)) for number in range(60)]
    first, second = (makes(ada, *asked, key="once") for _ in range(2))
    other = ada.rest("POST", "/documents/batch", {"changes": asked[:1]}, headers={"idempotency-key": "once"})

    assert first == second
    assert (other.status, other.code) == (422, "IdempotencyKeyReused")


def test_the_key_of_a_batch_is_used_and_no_other_key(ada: Person):
    makes(ada, *(change(str(number)) for number in range(100)), key="k")
    others = [ada.syncs("upsert", {"id": "other", "title": "Other"}, key=key) for key in ("k 0", "k 1", "k0", "k")]

    assert [each.status for each in others] == [200, 200, 200, 422]
    assert others[-1].code == "IdempotencyKeyReused"


def test_another_who_is_faster_is_waited_for(ada: Person):
    make, others = writing.changed, list[int]()

    def after_another(*args: Any, **more: Any) -> Any:
        if not others:
            others.append(1)
            ada.stores({"id": "a", "title": "Another"})
        return make(*args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "changed", after_another)
        (result,) = makes(ada, change("a"))

    assert result["version"] == 2


@pytest.mark.parametrize("changes", [[], [change("x")] * 101, [{}], "all"])
def test_what_is_no_batch_is_refused(ada: Person, changes: Any):
    assert ada.rest("POST", "/documents/batch", {"changes": changes}).status == 422


def test_changes_of_as_many_collections_are_made(ada: Person):
    names = [f"c{number}" for number in range(60)]
    for name in names:
        ada.makes(name)
    changes = [
        {"operation": "upsert", "collection_name": name, "document": {"id": "moby", "title": "Moby-Dick"}}
        for name in names
    ]

    answer = ada.rest("POST", "/documents/batch", {"changes": changes}, headers={"idempotency-key": "many"})

    assert [each["status"] for each in answer.body["results"]] == [200] * 60
