"""More fields for a collection that has documents already."""

from typing import Any

import pytest

from functions.search.collections import collections, fields, pointers, rebuilds
from functions.search.collections.collections import CollectionNotFound
from functions.search.collections.growth import rebuild
from functions.search.documents import documents
from functions.search.indexing import indexer, readers, rebuilding
from shared.storage import table
from tests.search.indexing.runs import kept, pointer
from tests.search.people import BOOKS, Backbone, Person, stored_events

PUBLISHER = {"name": "publisher", "type": "string", "facet": True, "optional": True}
EMMA = {"id": "emma", "title": "Emma", "publisher": "John Murray"}


@pytest.fixture
def ada(ada: Person) -> Person:
    ada.makes()
    return ada


def grows(person: Person, *added: dict[str, Any], name: str = "books", if_match: str | None = None) -> Any:
    headers = {} if if_match is None else {"if-match": if_match}
    return person.rest("PATCH", f"/collections/{name}", {"fields": list(added)}, headers=headers)


def change(person: Person) -> dict[str, Any]:
    return dict(person.get("/collections/books").body["schema_change"])


def test_a_field_is_added_and_found_by(ada: Person, backbone: Backbone):
    ada.stores(EMMA, {"id": "moby", "title": "Moby-Dick"})
    backbone.runs()
    begun = grows(ada, PUBLISHER)
    again = grows(ada, PUBLISHER)
    before = ada.asks(q="*", facet_by="publisher")
    running = change(ada)
    backbone.runs()
    shown = ada.get("/collections/books").body
    found = ada.searches("murray", query_by="publisher", facet_by="publisher")

    assert (begun.status, again.status, grows(ada, PUBLISHER).status) == (202, 200, 200)
    assert begun.body == again.body
    assert begun.body["version"] == 2
    assert (before.status, before.code) == (400, "QueryRefused")
    assert (running["state"], running["fields"], running["done"], running["of"]) == ("running", ["publisher"], 0, 2)
    assert [each["name"] for each in shown["fields"]] == [*(each["name"] for each in BOOKS), "publisher"]
    assert {**shown["schema_change"], "begun_at": "", "ended_at": ""} == {
        "state": "completed",
        "fields": ["publisher"],
        "done": 2,
        "of": 2,
        "faults": [],
        "begun_at": "",
        "ended_at": "",
    }
    assert [hit["document"] for hit in found["hits"]] == [EMMA]
    assert found["facet_counts"][0]["counts"] == [{"value": "John Murray", "count": 1}]
    assert (shown["num_documents"], shown["version"]) == (2, 3)
    assert backbone.failed == []


def test_a_collection_without_documents_gets_a_field(ada: Person, backbone: Backbone):
    grows(ada, PUBLISHER)
    backbone.runs()
    ada.stores(EMMA)
    backbone.runs()

    assert ada.finds("murray", query_by="publisher") == ["emma"]


def test_an_alias_names_the_collection_that_grows(ada: Person, backbone: Backbone):
    ada.rest("PUT", "/collection-aliases/library", {"collection_name": "books"})

    assert grows(ada, PUBLISHER, name="library").status == 202
    assert grows(ada, PUBLISHER, name="nobody").code == "CollectionNotFound"


def test_one_change_of_a_schema_is_made_at_a_time(ada: Person, backbone: Backbone):
    grows(ada, PUBLISHER)
    other = grows(ada, {"name": "isbn", "type": "string", "optional": True})
    more = grows(ada, PUBLISHER, {"name": "isbn", "type": "string", "optional": True})
    backbone.runs()
    later = grows(ada, PUBLISHER, {"name": "isbn", "type": "string", "optional": True})
    backbone.runs()

    assert [(each.status, each.code) for each in (other, more)] == [(409, "SchemaChanging")] * 2
    assert later.status == 202
    assert [each["name"] for each in ada.get("/collections/books").body["fields"]][-2:] == ["publisher", "isbn"]


@pytest.mark.parametrize(
    ("added", "field", "works"),
    [
        ({"name": "publisher", "type": "string"}, "fields.0", "set optional"),
        ({"name": "pages", "type": "float", "optional": True}, "fields.0", "move an alias"),
        ({"name": "title", "type": "string", "optional": True}, "fields.0", "move an alias"),
        ({"name": "title", "drop": True}, "fields.0", "move an alias"),
        ({"name": "id", "type": "string", "optional": True}, "fields.0", "leave it out"),
        ({"name": "x", "type": "string[]", "sort": True, "optional": True}, "fields.0", "leave sort out"),
        ({"name": "x y", "type": "string", "optional": True}, "fields.0.name", ""),
    ],
)
def test_what_cannot_be_added_is_refused_with_what_would_work(
    ada: Person, added: dict[str, Any], field: str, works: str
):
    before = ada.get("/collections/books").body
    refused = grows(ada, added)

    assert (refused.status, refused.fields) == (422, [field])
    assert works in refused.body["errors"][0]["reason"]
    assert ada.get("/collections/books").body == before


def test_a_collection_has_a_hundred_fields_at_most(ada: Person):
    many = [{"name": f"f{number}", "type": "string", "optional": True} for number in range(94)]

    assert grows(ada, *many).fields == ["fields"]
    assert grows(ada, *many[:93]).status == 202


def test_the_same_name_twice_and_no_fields_are_refused(ada: Person):
    assert grows(ada, PUBLISHER, PUBLISHER).fields == ["fields.1.name"]
    assert grows(ada).fields == ["fields"]
    assert ada.rest("PATCH", "/collections/books", {"fields": [PUBLISHER], "name": "x"}).fields == ["name"]


def test_another_version_of_the_collection_is_not_changed(ada: Person):
    stale = grows(ada, PUBLISHER, if_match='"7"')
    fresh = grows(ada, PUBLISHER, if_match='"1"')

    assert (stale.status, stale.code, fresh.status) == (412, "VersionChanged", 202)


def test_only_who_governs_collections_changes_a_schema(ada: Person, eve: Person):
    assert grows(ada.holding("search:read search:write"), PUBLISHER).status == 403
    assert grows(eve, PUBLISHER).status == 404


def test_a_change_that_documents_do_not_fit_is_refused_and_names_them(ada: Person, backbone: Backbone):
    ada.stores(*({"id": f"{number:02}", "title": "Whale", "publisher": number} for number in range(30)))
    ada.stores({"id": "emma", "title": "Emma", "publisher": "John Murray"})
    backbone.runs()
    before = ada.get("/collections/books").body
    index = pointer(before)
    grows(ada, PUBLISHER)
    backbone.runs()
    shown = ada.get("/collections/books").body
    ended = change(ada)

    assert (ended["state"], len(ended["faults"])) == ("refused", rebuilds.MOST_FAULTS)
    assert {each["field"] for each in ended["faults"]} == {"publisher"}
    assert {each["reason"] for each in ended["faults"]} == {"must be a text"}
    assert shown["fields"] == before["fields"]
    assert pointer(before) == index
    assert len(ada.finds("whale", per_page=50)) == 30
    # Nobody checks documents against a field that did not come.
    assert ada.syncs("upsert", {"id": "odd", "title": "Odd", "publisher": 1}).status == 200
    assert backbone.failed == []


def test_a_change_that_was_refused_is_made_once_the_documents_fit(ada: Person, backbone: Backbone):
    ada.stores({"id": "moby", "title": "Moby-Dick", "publisher": 1851}, EMMA)
    backbone.runs()
    grows(ada, PUBLISHER)
    backbone.runs()
    (fault,) = change(ada)["faults"]
    ada.stores({"id": fault["document_id"], "title": "Moby-Dick", "publisher": "Bentley"})
    again = grows(ada, PUBLISHER)
    backbone.runs()

    assert again.status == 202
    assert change(ada)["state"] == "completed"
    assert ada.finds("bentley") == ["moby"]


def test_documents_are_checked_against_a_field_that_is_being_added(ada: Person):
    grows(ada, PUBLISHER)
    refused = ada.syncs("upsert", {"id": "moby", "title": "Moby-Dick", "publisher": 1851})

    assert (refused.status, refused.fields) == (422, ["document.publisher"])


def test_a_document_that_was_checked_before_the_change_keeps_no_index_from_being_written(
    ada: Person, backbone: Backbone
):
    collection = ada.get("/collections/books").body
    ada.stores({"id": "late", "title": "Late", "publisher": 1851})
    late = documents.find(collection["collection_id"], "late", consistent=True)
    assert late is not None
    ada.delete("/collections/books/documents/late")
    grows(ada, PUBLISHER)
    backbone.runs()
    # Its request began before the change, and wrote behind it.
    there = documents.find(collection["collection_id"], "late", consistent=True)
    after = documents.changed(collections.find(ada.tenant_id, "books"), late._replace(version=3), at=0)
    table.transact([documents.written(there, after)])
    ada.stores(EMMA)
    backbone.runs()

    assert ada.finds() == ["emma"]
    assert ada.get("/collections/books/documents/late").body["index"]["state"] == "refused"


def test_a_change_is_told_in_events(ada: Person, backbone: Backbone):
    grows(ada, PUBLISHER)
    backbone.runs()
    told = [event.event_type for event in stored_events() if event.event_type.startswith("search.collection.re")]

    assert told == ["search.collection.rebuild_requested", "search.collection.rebuilt"]


def test_the_pieces_of_a_large_collection_are_told_as_they_are_done(
    ada: Person, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
):
    ada.stores(*({"id": str(number), "title": "Whale"} for number in range(40)))
    backbone.runs()
    collection = grows(ada, PUBLISHER).body
    monkeypatch.setattr(rebuilding, "PIECE", 15)
    seen = []
    for _ in range(6):
        turns = iter([True, False])
        indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda turns=turns: next(turns))
        readers.forget()
        seen.append((change(ada)["state"], change(ada)["done"], len(ada.finds("whale", per_page=50))))

    assert seen == [
        ("running", 15, 40),
        ("running", 30, 40),
        ("running", 40, 40),
        ("running", 40, 40),
        ("completed", 40, 40),
        ("completed", 40, 40),
    ]


def test_a_deleted_collection_leaves_nothing_of_an_index_that_was_being_built(
    ada: Person, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
):
    ada.stores(*({"id": str(number), "title": "Whale"} for number in range(40)))
    backbone.runs()
    collection = grows(ada, PUBLISHER).body
    monkeypatch.setattr(rebuilding, "PIECE", 15)
    turns = iter([True, False])
    indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: next(turns))
    ada.delete("/collections/books")
    backbone.runs()

    assert kept() == set()
    assert rebuilds.find(collection["collection_id"]) == rebuilds.NOT_YET


def test_an_index_is_built_anew_for_an_operator(ada: Person, backbone: Backbone):
    ada.stores(EMMA)
    backbone.runs()
    collection = ada.get("/collections/books").body
    before = pointers.objects(pointer(collection))
    rebuild(ada.tenant_id, "books")
    refused = grows(ada, PUBLISHER)
    rebuild(ada.tenant_id, "books")
    backbone.runs()

    assert refused.code == "SchemaChanging"
    assert not before & pointers.objects(pointer(collection))
    assert pointer(collection).fields == len(fields.read(BOOKS))
    assert ada.get("/collections/books").body | {"published_at": ""} == collection | {"published_at": ""}
    assert ada.finds("emma") == ["emma"]
    with pytest.raises(CollectionNotFound):
        rebuild(ada.tenant_id, "nobody")
