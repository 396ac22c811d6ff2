"""What the holder of a bound key finds, and what none of the answers tells."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from functions.search.indexing import readers
from functions.search.keys.restrictions import Bound
from shared.callers import auth
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.writes import Put
from tests.aws import hooks
from tests.search.keys.conftest import LIBRARY
from tests.search.keys.holders import Holder, holder_of
from tests.search.people import Backbone, Person

HIDDEN = {"emma", "Emma", "Austen", "474"}


@pytest.fixture
def holder(ada: Person) -> Holder:
    return holder_of(ada, filter_by="author:=Melville", exclude_fields=["price", "tags"])


def test_documents_that_fit_are_found_without_their_hidden_fields(holder: Holder):
    found = holder.searches()

    assert [hit["document"] for hit in found["hits"]] == [
        {"id": "moby", "title": "The White Whale", "author": "Melville", "pages": 635},
        {"id": "typee", "title": "Typee and the whale", "author": "Melville", "pages": 325, "in_print": True},
    ]
    assert (found["found"], found["out_of"]) == (2, 2)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"filter_by": "author:=Austen"}, []),
        ({"filter_by": "author:!=Melville || pages:>0"}, ["moby", "typee"]),
        ({"filter_by": "pages:<400"}, ["typee"]),
        ({"q": "emma"}, []),
        ({"q": "-whale"}, []),
        ({"q": "whale", "exclude_fields": "author"}, ["moby", "typee"]),
        ({"q": "sea"}, []),
        ({"sort_by": "pages:asc"}, ["typee", "moby"]),
    ],
)
def test_a_filter_of_the_reader_is_joined_to_that_of_the_key(
    holder: Holder, parameters: Mapping[str, str], expected: list[str]
):
    assert holder.finds(**parameters) == expected


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"facet_by": "author,in_print"},
        {"facet_by": "pages(all:[0,])"},
        {"group_by": "author"},
        {"group_by": "in_print"},
        {"q": "whale", "highlight_fields": "title,author"},
        {"q": "the", "prefix": True},
    ],
)
def test_no_part_of_an_answer_tells_of_what_does_not_fit(holder: Holder, parameters: Mapping[str, Any]):
    answer = holder.searches(**parameters)

    assert [text for text in HIDDEN if text in str(answer)] == []
    assert answer["found"] == answer["out_of"] == 2
    counts = [count["count"] for facet in answer["facet_counts"] for count in facet["counts"]]
    assert all(count <= 2 for count in counts)


@pytest.mark.parametrize(
    "parameters",
    [
        {"filter_by": "price:>8"},
        {"filter_by": "tags:=sea"},
        {"sort_by": "price:asc"},
        {"query_by": "tags"},
        {"facet_by": "tags"},
        {"facet_by": "price(cheap:[0,8])"},
        {"group_by": "price"},
        {"highlight_fields": "tags"},
        {"filter_by": "nobody:>8"},
    ],
)
def test_by_a_hidden_field_nothing_is_asked_and_it_is_no_field(holder: Holder, parameters: Mapping[str, str]):
    hidden = holder.asks("whale", **parameters)
    unknown = holder.asks("whale", **{name: _unknown(value) for name, value in parameters.items()})

    assert (hidden.status, hidden.code) == (unknown.status, unknown.code) == (400, hidden.code)
    assert _unknown(hidden.body["detail"]) == unknown.body["detail"]


def _unknown(text: str) -> str:
    return text.replace("price", "zzzzz").replace("tags", "zzzz")


def test_the_order_of_a_collection_by_a_hidden_field_is_not_told(ada: Person, backbone: Backbone):
    fields = [{"name": "title", "type": "string"}, {"name": "rank", "type": "int64"}]
    made = ada.rest("POST", "/collections", {"name": "ranked", "fields": fields, "default_sorting_field": "rank"})
    assert made.status == 201
    ada.stores({"id": "a", "title": "x", "rank": 1}, {"id": "b", "title": "x", "rank": 2}, name="ranked")
    backbone.runs()
    given = ada.rest("POST", "/collections/ranked/keys", {"exclude_fields": ["rank"]}).body
    holder = Holder(given["key_id"], given["key"])

    assert ada.finds(name="ranked") == ["b", "a"]
    assert holder.finds(name="ranked") == ["a", "b"]
    assert holder.finds("x", name="ranked") == ["a", "b"]


def test_a_score_tells_nothing_of_how_frequent_a_word_is_elsewhere(holder: Holder, ada: Person, backbone: Backbone):
    before = holder.searches("typee")
    ada.stores(*({"id": f"t{number}", "title": "Typee", "author": "Austen"} for number in range(5)))
    backbone.runs()

    assert holder.searches("typee") | {"search_time_ms": 0} == before | {"search_time_ms": 0}
    assert [hit["text_match"] for hit in before["hits"]] == [0]


def test_a_document_that_does_not_fit_any_more_is_not_shown_whatever_the_index_has(holder: Holder, ada: Person):
    ada.stores({**LIBRARY[1], "author": "Austen"})
    readers.forget()

    assert holder.finds() == ["typee"]
    assert holder.shows("moby").code == "DocumentNotFound"


def test_a_document_is_shown_if_it_fits_without_its_hidden_fields(holder: Holder):
    shown = holder.shows("moby")

    assert shown.body["document"] == {"id": "moby", "title": "The White Whale", "author": "Melville", "pages": 635}


def test_one_that_does_not_fit_costs_and_answers_what_one_does_that_is_not_there(holder: Holder):
    holder.shows("moby")
    seen: list[list[str]] = []
    answers = []
    for document_id in ("emma", "nowhere"):
        calls: list[str] = []
        with hooks.registered("before-call.dynamodb", noting(calls)):
            answers.append(holder.shows(document_id))
        seen.append(calls)

    assert [answer.status for answer in answers] == [404, 404]
    assert _told(answers[0].body) == _told(answers[1].body)
    assert seen[0] == seen[1]


def noting(calls: list[str]) -> Callable[..., None]:
    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    return note


def _told(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "request_id"}


def test_each_of_several_searches_is_bound(holder: Holder, ada: Person):
    ada.makes("others")
    asked = [
        {"collection_name": name, "parameters": {"q": "*", **more}}
        for name, more in (("books", {}), ("others", {}), ("books", {"filter_by": "price:>1"}))
    ]
    results = holder.rest("POST", "/multi-search", {"searches": asked}).body["results"]

    assert [each["code"] for each in results] == [None, "CollectionNotFound", "FilterRefused"]
    assert results[0]["answer"]["found"] == 2


def test_no_other_collection_and_no_alias_is_there(holder: Holder, ada: Person):
    ada.makes("others")
    ada.rest("PUT", "/collection-aliases/library", {"collection_name": "books"})
    codes = [holder.asks(name=name).code for name in ("others", "library", "nothing")]

    assert codes == ["CollectionNotFound"] * 3
    assert holder.shows("moby", "library").code == "CollectionNotFound"


def test_a_key_without_a_filter_sees_all_documents(ada: Person):
    holder = holder_of(ada, exclude_fields=["price"])
    found = holder.searches("whale")

    assert (found["found"], found["out_of"]) == (2, 3)
    assert found["hits"][0]["text_match"] > 0
    assert "price" not in str(found)


def test_a_key_may_filter_by_what_it_hides(ada: Person):
    holder = holder_of(ada, filter_by="price:>6 && tags:!=sea", exclude_fields=["price", "tags"])

    assert holder.finds() == ["typee"]
    assert [holder.shows(each).status for each in ("typee", "moby", "emma")] == [200, 404, 404]


def test_a_key_changes_nothing_and_lists_nothing(holder: Holder, ada: Person):
    change = {"operation": "upsert", "collection_name": "books", "document": LIBRARY[1]}
    answers = [
        holder.rest("POST", "/documents/sync", change),
        holder.rest("POST", "/documents/batch", {"changes": [change]}),
        holder.rest("DELETE", "/collections/books/documents/moby"),
        holder.rest("GET", "/collections"),
        holder.rest("GET", "/collections/books"),
        holder.rest("GET", "/collections/books/keys"),
        holder.rest("DELETE", "/collections/books"),
    ]

    assert [(each.status, each.code) for each in answers] == [(403, "InsufficientScope")] * len(answers)
    assert ada.finds() == ["emma", "moby", "typee"]


def test_a_key_that_does_not_fit_its_collection_any_more_finds_nothing_and_names_nothing(holder: Holder):
    place = Key(f"APIKEY#{holder.key_id}", "APIKEY")
    item = table.get(place)
    assert item is not None
    bound = Bound(**_content(item))._replace(filter_by="private:=1")
    table.transact([Put(item | {"restriction": bound.restriction()._asdict()})])
    auth.forget_callers()
    answer = holder.asks()

    assert (answer.status, answer.code) == (403, "KeyOutdated")
    assert "private" not in str(answer.body)


def _content(item: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(item["restriction"]["content"])
    return content
