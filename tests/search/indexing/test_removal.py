"""What a deleted collection leaves behind is removed, and nothing else."""

from typing import Any

from functions.search.collections import pointers
from functions.search.documents import documents
from functions.search.indexing import leases
from tests.search.indexing.runs import WHALE, kept, pointer
from tests.search.people import Backbone, Person


def test_everything_of_a_deleted_collection_is_removed(ada: Person, backbone: Backbone, collection: dict[str, Any]):
    ada.stores(*({"id": str(number), "title": "Whale"} for number in range(60)))
    backbone.runs()
    ada.stores(WHALE)
    ada.delete("/collections/books")
    backbone.runs()

    id_ = collection["collection_id"]
    assert [*documents.every(id_)] == []
    assert (pointers.find(id_), leases.find(id_), kept()) == (None, None, set())
    assert backbone.failed == []


def test_objects_that_were_replaced_go_with_their_collection(
    ada: Person, backbone: Backbone, collection: dict[str, Any]
):
    ada.stores(WHALE, {"id": "emma", "title": "Emma"})
    backbone.runs()
    for title in ("Once", "Twice"):
        ada.stores({**WHALE, "title": title})
        backbone.runs()
    assert {each.object for each in pointer(collection).discarded} & kept()

    ada.delete("/collections/books")
    backbone.runs()

    assert kept() == set()


def test_a_namesake_does_not_keep_what_is_left_of_a_deleted_collection(
    ada: Person, backbone: Backbone, collection: dict[str, Any]
):
    ada.stores(WHALE)
    backbone.runs()
    ada.delete("/collections/books")
    namesake = ada.makes()
    ada.stores({"id": "emma", "title": "Emma"})
    backbone.runs()

    assert [*documents.every(collection["collection_id"])] == []
    assert ada.finds("*") == ["emma"]
    assert kept() == pointers.objects(pointer(namesake))
