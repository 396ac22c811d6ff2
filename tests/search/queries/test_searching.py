"""Searching over REST: what is answered, what is refused, and what it costs."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from tests.aws import hooks
from tests.infra.permissions import allowed, used
from tests.search.people import Backbone, Person

__all__ = ["used"]

LIBRARY = [
    {
        "id": "emma",
        "title": "Emma",
        "author": "Austen",
        "pages": 474,
        "in_print": True,
        "published_at": "1815-12-23T00:00:00Z",
    },
    {"id": "moby", "title": "The White Whale", "author": "Melville", "pages": 635, "tags": ["white sea", "whale"]},
    {"id": "typee", "title": "Typee <b>&amp; whale</b>", "author": "Melville", "pages": 325, "secret": "x"},
]


@pytest.fixture
def ada(ada: Person, backbone: Backbone) -> Person:
    ada.makes(default_sorting_field=None)
    ada.stores(*LIBRARY)
    backbone.runs()
    return ada


def test_hits_are_the_documents_with_what_matches_marked(ada: Person):
    found = ada.searches("whale", query_by="title,tags", exclude_fields="secret")

    assert (found["found"], found["out_of"]) == (2, 3)
    assert [hit["document"] for hit in found["hits"]] == [LIBRARY[1], _without(LIBRARY[2])]
    assert found["hits"][0]["highlights"] == [
        {"field": "title", "index": None, "snippet": "The White <mark>Whale</mark>", "matched_tokens": ["Whale"]},
        {"field": "tags", "index": 1, "snippet": "<mark>whale</mark>", "matched_tokens": ["whale"]},
    ]
    snippet = found["hits"][1]["highlights"][0]["snippet"]
    assert snippet == "Typee &lt;b&gt;&amp;amp; <mark>whale</mark>&lt;/b&gt;"


def _without(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "secret"}


def test_a_field_that_is_left_out_is_not_highlighted(ada: Person):
    found = ada.searches("whale", query_by="title,tags", exclude_fields="tags")

    assert "tags" not in found["hits"][0]["document"]
    assert {each["field"] for hit in found["hits"] for each in hit["highlights"]} == {"title"}
    assert ada.searches("whale", highlight_fields="tags")["hits"][0]["highlights"][0]["field"] == "tags"


def test_values_are_counted_as_a_filter_takes_them(ada: Person):
    facets = "author,in_print"
    counts = ada.searches(facet_by=facets)["facet_counts"]

    assert counts == [
        {"field_name": "author", "counts": [{"value": "Melville", "count": 2}, {"value": "Austen", "count": 1}]},
        {"field_name": "in_print", "counts": [{"value": "true", "count": 1}]},
    ]
    assert ada.finds(filter_by="in_print:true && author:=Austen") == ["emma"]


def test_groups_have_the_value_they_have_in_common(ada: Person):
    found = ada.searches(group_by="author", group_limit=1, sort_by="pages:desc")

    assert found["hits"] == []
    assert [(each["group_key"], [hit["document"]["id"] for hit in each["hits"]]) for each in found["grouped_hits"]] == [
        ("Melville", ["moby"]),
        ("Austen", ["emma"]),
    ]
    by_instant = ada.searches(group_by="published_at", filter_by="author:=Austen")["grouped_hits"]
    assert [each["group_key"] for each in by_instant] == ["1815-12-23T00:00:00.000Z"]


def test_pages_follow_each_other(ada: Person):
    pages = [ada.searches(sort_by="pages:asc", page=page, per_page=2) for page in (1, 2, 3)]

    assert [[hit["document"]["id"] for hit in page["hits"]] for page in pages] == [["typee", "emma"], ["moby"], []]
    assert [page["page"] for page in pages] == [1, 2, 3]


def test_a_collection_is_sorted_by_what_it_says(ada: Person, backbone: Backbone):
    ada.makes(
        "shelf", fields=[{"name": "title", "type": "string"}, {"name": "n", "type": "int64"}], default_sorting_field="n"
    )
    ada.stores(*({"id": str(n), "title": "whale" if n < 3 else "Whale", "n": n} for n in (2, 4, 1, 3)), name="shelf")
    backbone.runs()

    assert ada.finds(name="shelf") == ["4", "3", "2", "1"]
    assert ada.finds("whale", name="shelf") == ["4", "3", "2", "1"]


@pytest.mark.parametrize(
    ("parameters", "status", "said"),
    [
        ({"q": "?"}, 400, "q: expected a word"),
        ({"q": "x" * 501}, 422, "q"),
        ({"q": "a " * 51}, 400, "50 words and phrases at most"),
        ({"query_by": "nobody"}, 400, "there is no field nobody"),
        ({"query_by": "pages"}, 400, "pages holds no text that is searched"),
        ({"query_by": "title,title"}, 400, "each once"),
        ({"query_by": "title", "query_by_weights": "1,2"}, 400, "a whole number from 1 to 100"),
        ({"query_by": "title", "query_by_weights": "0"}, 400, "a whole number from 1 to 100"),
        ({"filter_by": "pages:x"}, 400, "filter_by: pages: must be a whole number"),
        ({"filter_by": "x" * 4097}, 422, "filter_by"),
        ({"sort_by": "tags:asc"}, 400, "cannot be sorted by"),
        ({"facet_by": "title"}, 400, "title has no facets"),
        ({"group_by": "tags"}, 400, "cannot be grouped by"),
        ({"group_by": "title"}, 400, "cannot be grouped by"),
        ({"highlight_fields": "pages"}, 400, "holds no text"),
        ({"per_page": 251}, 422, "per_page"),
        ({"page": 41, "per_page": 250}, 422, "past the first 10000"),
        ({"page": 0}, 422, "page"),
        ({"num_typos": 3}, 422, "num_typos"),
        ({"prefix": "yes"}, 422, "prefix"),
        ({"infix": True}, 422, "infix"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_would_work(
    ada: Person, parameters: dict[str, Any], status: int, said: str
):
    refused = ada.asks(**{"q": "whale", **parameters})

    assert refused.status == status
    assert said in str(refused.body)


def test_several_searches_are_answered_or_refused_each_for_itself(ada: Person):
    asked = [("books", {"q": "whale"}), ("nobody", {"q": "whale"}), ("books", {"q": "?"}), ("books", {"q": "emma"})]
    searches = [{"collection_name": name, "parameters": parameters} for name, parameters in asked]
    results = ada.rest("POST", "/multi-search", {"searches": searches}).body["results"]

    assert [(each["status"], each["code"]) for each in results] == [
        (200, None),
        (404, "CollectionNotFound"),
        (400, "QueryRefused"),
        (200, None),
    ]
    assert [each["answer"]["found"] for each in results if each["answer"]] == [2, 1]
    assert ada.rest("POST", "/multi-search", {"searches": searches * 6}).status == 422
    assert ada.visiting().rest("POST", "/multi-search", {"searches": searches}).code == "NotForGuests"


def test_a_deleted_document_is_not_shown_whatever_the_index_has(ada: Person):
    ada.delete("/collections/books/documents/moby")
    found = ada.searches("whale")

    assert [hit["document"]["id"] for hit in found["hits"]] == ["typee"]
    assert found["found"] == 2


def test_a_hit_is_shown_as_it_is_now(ada: Person):
    ada.stores({"id": "moby", "title": "A title that the index does not have"})

    (moby,) = [hit for hit in ada.searches("whale")["hits"] if hit["document"]["id"] == "moby"]
    assert moby["document"]["title"] == "A title that the index does not have"
    assert moby["highlights"] == []


def test_a_warm_search_reads_who_calls_the_collection_and_the_hits_and_writes_nothing(ada: Person):
    calls: list[str] = []
    with time_machine.travel(datetime.now(UTC), tick=False):
        ada.searches("whale")
        hooks.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
        ada.searches("whale")

    assert calls == ["BatchGetItem"] * 3


def test_queries_call_what_their_role_allows_and_no_more(ada: Person, used: set[str]):
    ada.rest("PUT", "/collection-aliases/library", {"collection_name": "books"})
    used.clear()
    ada.searches("whale")
    ada.searches("whale", name="library")
    draft = {"name": "whales", "collection_name": "books", "parameters": {"q": "whale"}}
    saved = ada.rest("POST", "/saved-searches", draft).body["saved_search_id"]
    ada.rest("POST", f"/saved-searches/{saved}/run")
    ada.delete(f"/saved-searches/{saved}")
    # How often somebody calls is written only when they call often; who calls is known here. What others have given
    # them, and which projects they are in, only the search of Milepost asks.
    used |= {"UpdateItem", "Query", "the index"}

    assert used == allowed("functions.search.query_api.handler")


def test_nothing_that_is_asked_or_stored_is_logged(
    ada: Person, backbone: Backbone, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    ada.stores({"id": "private-id", "title": "confidential words", "author": "unmentioned"})
    backbone.runs()
    ada.searches("confidential", filter_by="author:=unmentioned", facet_by="author")
    ada.asks(q="confidential", filter_by="author:>unmentioned")
    ada.asks(q="confidential", sort_by="unmentioned")
    ada.syncs("upsert", {"id": "private-id", "title": 1, "author": "unmentioned"})
    told = capsys.readouterr()

    written = told.out + told.err + caplog.text
    assert "search_collection" in written
    assert [word for word in ("confidential", "unmentioned", "private-id") if word in written] == []
