"""Synonyms and stop words of a collection, from its making on."""

from typing import Any

import pytest

from functions.search.collections import wording
from functions.search.engine import stems
from tests.search.people import BOOKS, Backbone, Person

COATS = {"root": None, "synonyms": ["coat", "jacket"]}
DRAFT = {"name": "books", "fields": BOOKS, "language": "en"}


def test_a_collection_has_synonyms_and_stop_words_from_the_start(ada: Person):
    told = {"synonyms": [COATS], "stop_words": ["edition"], "language_stop_words": True}
    made = ada.rest("POST", "/collections", {**DRAFT, **told})
    again = ada.rest("POST", "/collections", {**DRAFT, **told})
    other = ada.rest("POST", "/collections", {**DRAFT, "synonyms": [COATS]})
    shown = ada.get("/collections/books").body

    assert (made.status, again.status, other.status) == (201, 200, 409)
    assert {name: shown[name] for name in told} == told
    assert ada.get("/collections").body["items"] == [shown]


def test_the_next_search_takes_other_synonyms_and_stop_words(ada: Person, backbone: Backbone):
    ada.makes()
    ada.stores({"id": "coat", "title": "A coat"}, {"id": "jacket", "title": "Red jackets"})
    backbone.runs()
    before = (ada.finds("jacket"), ada.finds("the jacket"))
    first = ada.rest("PUT", "/collections/books/synonyms", {"synonyms": [{"synonyms": COATS["synonyms"]}]})
    again = ada.rest("PUT", "/collections/books/synonyms", {"synonyms": [COATS]})
    second = ada.rest("PUT", "/collections/books/stop-words", {"stop_words": ["the"]}, headers={"if-match": '"2"'})
    stale = ada.rest("PUT", "/collections/books/stop-words", {"stop_words": []}, headers={"if-match": '"2"'})
    found = ada.searches("the jacket", query_by="title")

    assert before == (["jacket"], [])
    assert (first.body["version"], again.body["version"], second.body["version"]) == (2, 2, 3)
    assert (second.body["synonyms"], second.body["stop_words"]) == ([COATS], ["the"])
    assert (stale.status, ada.rest("PUT", "/collections/none/synonyms", {"synonyms": []}).status) == (412, 404)
    assert [(hit["document"]["id"], hit["highlights"][0]["snippet"]) for hit in found["hits"]] == [
        ("jacket", "Red <mark>jackets</mark>"),
        ("coat", "A <mark>coat</mark>"),
    ]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"synonyms": [{"synonyms": ["alone"]}]}, "synonyms.0.synonyms"),
        ({"synonyms": [{"synonyms": []}]}, "synonyms.0.synonyms"),
        ({"synonyms": [COATS, {"root": "?!", "synonyms": ["coat"]}]}, "synonyms.1.root"),
        ({"synonyms": [{"synonyms": ["coat", "one two three four five six"]}]}, "synonyms.0.synonyms.1"),
        ({"synonyms": [{"synonyms": ["coat", "x" * 101]}]}, "synonyms.0.synonyms.1"),
        ({"synonyms": [{"synonyms": ["x"] * 21}]}, "synonyms.0.synonyms"),
        ({"synonyms": [COATS] * 201}, "synonyms"),
        ({"synonyms": [{"synonyms": ["ä" * 90] * 20}] * 5}, "synonyms"),
        ({"stop_words": ["of the"]}, "stop_words.0"),
        ({"stop_words": [""]}, "stop_words.0"),
    ],
)
def test_what_is_no_synonym_and_no_stop_word_is_refused_by_field(ada: Person, told: dict[str, Any], field: str):
    ada.makes("other")
    name = next(iter(told)).replace("_", "-")
    refused = [ada.rest("POST", "/collections", {**DRAFT, **told}), ada.rest("PUT", f"/collections/other/{name}", told)]

    assert [(each.status, each.fields) for each in refused] == [(422, [field])] * 2


def test_a_language_without_a_list_of_stop_words_is_told_so(ada: Person):
    refused = [
        ada.rest("POST", "/collections", {**DRAFT, "language": each, "language_stop_words": True})
        for each in ("el", None)
    ]

    assert [(each.status, each.fields) for each in refused] == [(422, ["language_stop_words"])] * 2
    assert "en" in refused[0].body["errors"][0]["reason"]


def test_the_languages_with_a_list_of_stop_words_are_those_of_the_engine():
    known = {"ar", "el", "ro", "ta", "tr"} ^ stems.LANGUAGES.keys()

    assert known == wording.LANGUAGES_WITH_STOP_WORDS
    assert [stems.is_stop_word(each, "en") for each in ("the", "whale")] == [True, False]
    assert not any(stems.is_stop_word("x1", each) for each in known)


def test_stop_words_of_the_language_are_not_looked_for(ada: Person, backbone: Backbone):
    ada.makes(language_stop_words=True)
    ada.stores({"id": "moby", "title": "Whale"}, {"id": "who", "title": "The Who"})
    backbone.runs()

    assert ada.finds("the whale of the") == ["moby"]
    assert ada.finds("the") == ["who"]


def test_parts_of_words_are_found_and_marked_where_the_field_says_so(ada: Person, backbone: Backbone):
    fields = [{"name": "title", "type": "string", "infix": True}, {"name": "notes", "type": "string", "optional": True}]
    ada.makes(fields=fields)
    ada.stores(
        {"id": "phone", "title": "Telephones", "notes": "saxophones"},
        {"id": "sax", "title": "x", "notes": "saxophones"},
    )
    backbone.runs()
    (hit,) = ada.searches("phone", query_by="title,notes")["hits"]

    assert hit["document"]["id"] == "phone"
    assert [(each["field"], each["snippet"]) for each in hit["highlights"]] == [("title", "<mark>Telephones</mark>")]
