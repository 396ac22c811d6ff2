"""Collections and aliases over REST."""

from dataclasses import replace
from typing import Any

import pytest

from tests.infra.permissions import allowed, used
from tests.search.people import BOOKS, Backbone, Person

__all__ = ["used"]

DRAFT = {"name": "books", "fields": BOOKS, "language": "en"}


def test_a_collection_is_made_once(ada: Person):
    made = ada.rest("POST", "/collections", DRAFT)
    again = ada.rest("POST", "/collections", DRAFT)
    other = ada.rest("POST", "/collections", {**DRAFT, "language": "de"})

    assert (made.status, again.status, other.status) == (201, 200, 409)
    assert made.body["name"] == "books"
    assert made.body["num_documents"] == 0
    assert [field["name"] for field in made.body["fields"]] == [field["name"] for field in BOOKS]
    assert again.body == made.body
    assert other.code == "CollectionExists"


def test_a_collection_that_is_asked_for_again_is_answered_as_it_is_now(ada: Person, backbone: Backbone):
    ada.makes()
    ada.stores({"id": "moby", "title": "Moby-Dick"})
    backbone.runs()
    again = ada.rest("POST", "/collections", DRAFT)

    assert again.body["num_documents"] == 1
    assert again.body == ada.get("/collections/books").body


def test_a_collection_that_is_asked_for_twice_with_one_key_is_made_in_one_answer(ada: Person):
    first, second = (ada.rest("POST", "/collections", DRAFT, headers={"idempotency-key": "1"}) for _ in range(2))

    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "a#b"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"fields": []}, "fields"),
        ({"fields": [{"name": "x", "type": "text"}]}, "fields.0.type"),
        ({"fields": [{"name": "x y", "type": "string"}]}, "fields.0.name"),
        ({"fields": [{"name": "x", "type": "string"}] * 2}, "fields.1.name"),
        ({"fields": [{"name": "x", "type": "string", "facet": "yes"}]}, "fields.0.facet"),
        ({"fields": [{"name": f"f{number}", "type": "string"} for number in range(101)]}, "fields"),
        ({"default_sorting_field": "title"}, "default_sorting_field"),
        ({"language": "tlh"}, "language"),
        ({"shards": 5}, "shards"),
    ],
)
def test_a_collection_that_makes_no_schema_is_refused_by_field(ada: Person, changed: dict[str, object], field: str):
    refused = ada.rest("POST", "/collections", {**DRAFT, **changed})

    assert (refused.status, refused.fields) == (422, [field])
    assert ada.get("/collections").body["items"] == []


def test_a_field_may_have_any_name_that_is_a_word(ada: Person):
    fields = [{"name": name, "type": "string"} for name in ("id", "__proto__", "$where", "a.b-c")]
    made = ada.rest("POST", "/collections", {"name": "odd", "fields": fields})

    assert made.status == 201
    assert [field["name"] for field in made.body["fields"]] == ["id", "__proto__", "$where", "a.b-c"]


def test_an_alias_that_none_can_have_is_not_there(ada: Person):
    answers = [ada.delete(f"/collection-aliases/{name}") for name in ("nobody", "a%20b", "x" * 65)]

    assert [(each.status, each.code) for each in answers] == [(404, "AliasNotFound")] * 3


def test_collections_are_listed_by_name_page_by_page(ada: Person, eve: Person):
    for name in ("b", "c", "a"):
        ada.makes(name)
    first = ada.get("/collections?limit=2").body
    second = ada.get(f"/collections?limit=2&cursor={first['next_cursor']}").body

    assert [each["name"] for each in [*first["items"], *second["items"]]] == ["a", "b", "c"]
    assert second["next_cursor"] is None
    assert eve.get("/collections").body["items"] == []


def test_a_collection_of_another_tenant_is_not_there(ada: Person, eve: Person):
    ada.makes()
    answers = [
        eve.get("/collections/books"),
        eve.delete("/collections/books"),
        eve.asks(q="*"),
        eve.syncs("upsert", {"id": "x", "title": "X"}),
        eve.get("/collections/books/documents/x"),
        eve.rest("PUT", "/collection-aliases/x", {"collection_name": "books"}),
        ada.get("/collections/b%23ks"),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(404, "CollectionNotFound")}


def test_a_collection_that_was_deleted_frees_its_name_at_once(ada: Person, backbone: Backbone):
    first = ada.makes()
    ada.stores({"id": "moby", "title": "Moby-Dick"})
    backbone.runs()
    assert ada.delete("/collections/books", if_match='"2"').status == 412
    assert ada.delete("/collections/books", if_match='"1"').status == 204
    second = ada.makes(fields=BOOKS[:1])
    ada.stores({"id": "emma", "title": "Emma"})
    backbone.runs()

    assert first["collection_id"] != second["collection_id"]
    assert ada.finds() == ["emma"]
    assert ada.delete("/collections/nobody").status == 404


def test_a_tenant_has_as_many_collections_as_it_may(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("functions.search.collections.lifecycle.MAX_COLLECTIONS", 2)
    monkeypatch.setattr("functions.search.collections.aliases.MAX_COLLECTIONS", 1)
    ada.makes("a")
    ada.makes("b")
    ada.rest("PUT", "/collection-aliases/x", {"collection_name": "a"})
    refused = [
        ada.rest("POST", "/collections", {**DRAFT, "name": "c"}),
        ada.rest("PUT", "/collection-aliases/y", {"collection_name": "a"}),
    ]
    ada.delete("/collections/a")
    ada.delete("/collection-aliases/x")

    assert [(each.status, each.code) for each in refused] == [(409, "TooManyCollections")] * 2
    assert ada.rest("POST", "/collections", {**DRAFT, "name": "c"}).status == 201
    assert ada.rest("PUT", "/collection-aliases/y", {"collection_name": "c"}).status == 200


def test_an_alias_leads_to_a_collection_and_can_be_moved(ada: Person, backbone: Backbone):
    for name in ("old", "new"):
        ada.makes(name)
        ada.stores({"id": name, "title": "Whale"}, name=name)
    backbone.runs()
    made = ada.rest("PUT", "/collection-aliases/current", {"collection_name": "old"})
    before = ada.finds("whale", name="current")
    moved = ada.rest("PUT", "/collection-aliases/current", {"collection_name": "new"})
    ada.stores({"id": "more", "title": "Whale"}, name="current")

    assert (made.body["version"], moved.body["version"]) == (1, 2)
    assert (before, ada.finds("whale", name="current")) == (["old"], ["new"])
    assert ada.get("/collections/current").body["name"] == "new"
    assert ada.get("/collections/new/documents/more").status == 200
    assert [each["name"] for each in ada.get("/collection-aliases").body["items"]] == ["current"]


def test_a_name_is_a_collection_or_an_alias(ada: Person):
    ada.makes("a")
    ada.rest("PUT", "/collection-aliases/b", {"collection_name": "a"})
    refused = [
        ada.rest("PUT", "/collection-aliases/a", {"collection_name": "a"}),
        ada.rest("POST", "/collections", {**DRAFT, "name": "b"}),
    ]
    gone = [ada.delete("/collection-aliases/b"), ada.delete("/collection-aliases/b"), ada.get("/collections/b")]

    assert [(each.status, each.code) for each in refused] == [(409, "CollectionExists")] * 2
    assert [each.status for each in gone] == [204, 404, 404]
    assert ada.rest("PUT", "/collection-aliases/b%23", {"collection_name": "a"}).status == 422


def test_a_collection_is_changed_and_deleted_by_an_alias_as_by_its_name(ada: Person):
    ada.makes("books")
    ada.makes("journals")
    ada.rest("PUT", "/collection-aliases/current", {"collection_name": "books"})
    field = {"name": "publisher", "type": "string", "optional": True}
    answers = [
        ada.rest("PUT", "/collections/current/synonyms", {"synonyms": [{"synonyms": ["coat", "jacket"]}]}),
        ada.rest("PUT", "/collections/current/stop-words", {"stop_words": ["edition"]}),
        ada.rest("PATCH", "/collections/current", {"fields": [field]}),
    ]
    shown = ada.get("/collections/books").body
    deleted = ada.delete("/collections/current")

    assert [(each.status, each.body["name"]) for each in answers] == [(200, "books"), (200, "books"), (202, "books")]
    assert (shown["stop_words"], len(shown["synonyms"])) == (["edition"], 1)
    assert deleted.status == 204
    assert [ada.get(f"/collections/{name}").status for name in ("books", "current", "journals")] == [404, 404, 200]
    assert ada.delete("/collections/current").status == 404


def test_an_alias_of_a_deleted_collection_leads_nowhere(ada: Person):
    ada.makes("a")
    ada.rest("PUT", "/collection-aliases/b", {"collection_name": "a"})
    ada.delete("/collections/a")

    assert ada.get("/collections/b").code == "CollectionNotFound"


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "/collections", "search:write search:read"),
        ("DELETE", "/collections/books", "search:write search:read"),
        ("PUT", "/collection-aliases/x", "search:write search:read"),
        ("GET", "/collections", "search:write search:admin"),
    ],
)
def test_who_lacks_the_scope_is_refused(ada: Person, method: str, path: str, scope: str):
    body = {"GET": None, "DELETE": None, "POST": DRAFT, "PUT": {"collection_name": "books"}}[method]

    assert ada.holding(scope).rest(method, path, body).status == 403


def test_a_guest_sees_no_collection_and_no_document(ada: Person):
    ada.makes()
    ada.stores({"id": "moby", "title": "Moby-Dick"})
    guest = ada.visiting()
    paths = ("/collections", "/collections/books", "/collection-aliases", "/collections/books/documents/moby")
    answers = [*(guest.get(path) for path in paths), guest.asks(q="*")]

    assert {(answer.status, answer.code) for answer in answers} == {(404, "NotForGuests")}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/collections", {"name": "mine", "fields": BOOKS}),
        ("DELETE", "/collections/books", None),
        ("PATCH", "/collections/books", {"fields": [{"name": "isbn", "type": "string", "optional": True}]}),
        ("PUT", "/collections/books/synonyms", {"synonyms": [{"synonyms": ["whale", "fish"]}]}),
        ("PUT", "/collections/books/stop-words", {"stop_words": ["the"]}),
        ("POST", "/collections/books/import-jobs", {"size": 1, "sha256": "0" * 64}),
        ("POST", "/collections/books/export-jobs", {}),
        ("PUT", "/collection-aliases/library", {"collection_name": "books"}),
        ("DELETE", "/collection-aliases/library", None),
        (
            "POST",
            "/documents/sync",
            {"operation": "delete", "collection_name": "books", "document": {"id": "moby"}},
        ),
        (
            "POST",
            "/documents/batch",
            {"changes": [{"operation": "delete", "collection_name": "books", "document": {"id": "moby"}}]},
        ),
        ("DELETE", "/collections/books/documents/moby", None),
    ],
)
def test_a_guest_changes_nothing_whatever_scopes_they_hold(ada: Person, method: str, path: str, body: Any):
    ada.makes()
    ada.stores({"id": "moby", "title": "Moby-Dick"})
    answer = replace(ada, role="guest").rest(method, path, body)

    assert (answer.status, answer.code) == (404, "NotForGuests")
    assert ada.get("/collections/books/documents/moby").status == 200


def test_the_api_calls_what_its_role_allows_and_no_more(ada: Person, pepper: str, used: set[str]):
    ada.makes()
    ada.rest("PUT", "/collections/books/stop-words", {"stop_words": ["the"]})
    ada.rest("PUT", "/collection-aliases/library", {"collection_name": "books"})
    ada.syncs("upsert", {"id": "moby", "title": "Moby-Dick"}, name="library")
    for path in ("/collections", "/collections/books", "/collection-aliases", "/collections/books/documents/moby"):
        assert ada.get(path).status == 200
    key = ada.rest("POST", "/collections/books/keys", {}).body
    ada.delete(f"/collections/books/keys/{key['key_id']}")
    ada.delete("/collections/books/documents/moby")
    ada.delete("/collection-aliases/library")
    ada.delete("/collections/books")
    # How often somebody calls is written only when they call often.
    used.add("UpdateItem")

    assert used == allowed("functions.search.api.handler")
