"""What one request may cost: how much is looked for, how much of it is looked through, and how much is answered."""

from typing import Any

from functions.search.queries import room
from tests.search.people import Backbone, Person

LONG = "whale " * 10_000
WORDS = " ".join(f"whale{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")


def _stores(person: Person, count: int, **document: Any) -> None:
    for start in range(0, count, 10):
        ids = range(start, min(start + 10, count))
        changes = [
            {"operation": "upsert", "collection_name": "books", "document": {"id": f"d{each}", **document}}
            for each in ids
        ]
        answer = person.rest("POST", "/documents/batch", {"changes": changes})
        assert answer.status == 200, answer.body


def test_an_answer_that_would_be_too_large_is_refused_with_what_would_work(ada: Person, backbone: Backbone):
    ada.makes()
    _stores(ada, 80, title=LONG)
    backbone.runs()

    refused = ada.asks(q="*", per_page=80)

    assert (refused.status, refused.code) == (422, "AnswerTooLarge")
    assert "exclude_fields" in refused.body["detail"]
    assert len(ada.searches(per_page=80, exclude_fields="title")["hits"]) == 80
    assert len(ada.searches(per_page=20)["hits"]) == 20


def test_several_searches_have_the_room_of_one_answer_together(ada: Person, backbone: Backbone):
    ada.makes()
    _stores(ada, 40, title=LONG)
    backbone.runs()
    search = {"collection_name": "books", "parameters": {"q": "*", "per_page": 40}}

    results = ada.rest("POST", "/multi-search", {"searches": [search] * 3}).body["results"]

    assert [(each["status"], each["code"]) for each in results] == [
        (200, None),
        (422, "AnswerTooLarge"),
        (422, "AnswerTooLarge"),
    ]


def test_words_are_marked_as_long_as_that_takes_no_long_time(ada: Person, backbone: Backbone):
    ada.makes()
    _stores(ada, 30, title=LONG)
    backbone.runs()

    hits = ada.searches("whale", per_page=30, query_by="title")["hits"]

    marked = [bool(hit["highlights"]) for hit in hits]
    assert marked == [True] * (room.MAX_COMPARED // 20_000) + [False] * (30 - room.MAX_COMPARED // 20_000)


def test_words_are_looked_for_in_so_many_fields_and_ranges_only(ada: Person):
    ada.rest("POST", "/collections", {"name": "many", "fields": [_text(number) for number in range(20)] + [PAGES]})

    refused = ada.asks("many", q=WORDS)

    assert (refused.status, refused.code) == (400, "QueryRefused")
    assert "query_by" in refused.body["detail"]
    assert ada.searches(WORDS, name="many", query_by="f1,f2")["found"] == 0
    ranged = f"pages({','.join(f'r{number}:[{number},]' for number in range(20))})"
    assert ada.asks("many", q=WORDS, query_by="f1", facet_by=ranged).code == "QueryRefused"
    assert ada.searches("whale", name="many", query_by="f1", facet_by=ranged)["found"] == 0


def test_groups_of_a_page_have_as_many_hits_as_a_page(ada: Person):
    ada.makes()

    assert ada.asks(q="*", group_by="author", per_page=125, group_limit=2).status == 200
    refused = ada.asks(q="*", group_by="author", per_page=125, group_limit=3)

    assert (refused.status, refused.code) == (400, "QueryRefused")
    assert ada.asks(q="*", per_page=125, group_limit=3).status == 200


def test_a_collection_without_texts_is_searched_by_filters(ada: Person, backbone: Backbone):
    ada.rest("POST", "/collections", {"name": "books", "fields": [PAGES]})
    ada.stores({"id": "short", "pages": 10}, {"id": "long", "pages": 900})
    backbone.runs()

    assert ada.finds("*", filter_by="pages:>100") == ["long"]
    assert ada.asks(q="moby").code == "QueryRefused"


def test_the_id_that_a_schema_names_is_neither_searched_nor_sorted_by(ada: Person, backbone: Backbone):
    named = {"name": "id", "type": "string", "facet": True, "sort": True}
    made = ada.rest("POST", "/collections", {"name": "books", "fields": [named, {"name": "title", "type": "string"}]})
    ada.stores({"id": "moby", "title": "Moby-Dick"})
    backbone.runs()

    assert made.body["fields"][0] == {
        **named,
        "facet": False,
        "sort": False,
        "index": False,
        "optional": False,
        "infix": False,
    }
    asked: list[dict[str, Any]] = [
        {"filter_by": "id:=moby"},
        {"filter_by": "id:!=moby"},
        {"sort_by": "id:asc"},
        {"group_by": "id"},
        {"facet_by": "id"},
        {"query_by": "id"},
    ]
    assert [ada.asks(q="*", **each).status for each in asked] == [400] * 6
    assert ada.finds("moby") == ["moby"]


def test_synonyms_count_among_the_words_that_are_looked_for(ada: Person, backbone: Backbone):
    alike = [f"q{letter}x" for letter in "abcdefghijklmnopqrst"]
    ada.makes(synonyms=[{"synonyms": alike}], stop_words=["the"])
    ada.stores({"id": "moby", "title": "qbx"})
    backbone.runs()

    assert ada.finds("the qax") == ["moby"]
    assert ada.finds(" ".join(["qax"] * 12), query_by="title,tags") == ["moby"]
    refused = ada.asks(q=" ".join(["qax"] * 13), query_by="title,tags")
    assert (refused.status, refused.code) == (400, "QueryRefused")
    assert "synonyms" in refused.body["detail"]


PAGES = {"name": "pages", "type": "int64", "facet": True, "optional": True}


def _text(number: int) -> dict[str, Any]:
    return {"name": f"f{number}", "type": "string", "optional": True}
