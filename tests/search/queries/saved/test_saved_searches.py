"""Saved searches over REST: each is its user's own, and is checked when it is saved."""

from dataclasses import replace
from typing import Any

import pytest

from functions.search.queries.saved import saved as saved_searches
from shared import ids
from shared.storage import table
from tests.aws.entries import Answer
from tests.search.people import BOOKS, Backbone, Person

PATH = "/saved-searches"
LONG = {"name": "long books", "collection_name": "books", "parameters": {"q": "*", "filter_by": "pages:>400"}}


@pytest.fixture
def ada(ada: Person, backbone: Backbone) -> Person:
    ada.makes()
    ada.stores({"id": "emma", "title": "Emma", "pages": 474}, {"id": "typee", "title": "Typee", "pages": 325})
    backbone.runs()
    return ada


def save(person: Person, **more: Any) -> dict[str, Any]:
    answer = person.rest("POST", PATH, {**LONG, **more})
    assert answer.status == 201, answer.body
    return answer.body


def run(person: Person, saved: dict[str, Any], query: str = "") -> Answer:
    return person.rest("POST", f"{PATH}/{saved['saved_search_id']}/run{query}")


def found(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [hit["document"]["id"] for hit in answer.body["hits"]]


def test_a_search_is_saved_shown_and_run(ada: Person):
    saved = save(ada)

    assert ada.get(f"{PATH}/{saved['saved_search_id']}").body == saved
    assert ada.get(PATH).body["items"] == [saved]
    assert saved["parameters"]["filter_by"] == "pages:>400"
    assert found(run(ada, saved)) == ["emma"]


def test_a_saved_search_is_run_a_page_at_a_time(ada: Person):
    saved = save(ada, parameters={"q": "*", "per_page": 1})

    assert [found(run(ada, saved, query)) for query in ("", "?page=2", "?page=3")] == [["emma"], ["typee"], []]
    assert run(ada, saved, "?page=0").status == 422


def test_it_is_saved_once_however_often_it_is_sent(ada: Person):
    answers = [ada.rest("POST", PATH, LONG, headers={"idempotency-key": "1"}).body for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(ada.get(PATH).body["items"]) == 1


def test_a_saved_search_is_changed(ada: Person):
    saved = save(ada)
    path = f"{PATH}/{saved['saved_search_id']}"
    renamed = ada.rest("PATCH", path, {"name": "thick books"}, headers={"if-match": '"1"'})
    other = ada.rest("PATCH", path, {"parameters": {"q": "typee"}})
    stale = ada.rest("PATCH", path, {"name": "thin books"}, headers={"if-match": '"1"'})

    assert (renamed.body["name"], renamed.body["parameters"]) == ("thick books", saved["parameters"])
    assert (other.body["version"], found(run(ada, saved))) == (3, ["typee"])
    assert stale.code == "VersionChanged"
    assert ada.rest("PATCH", path, {}).status == 422


def test_what_changes_nothing_is_no_new_version(ada: Person):
    saved = save(ada)

    assert ada.rest("PATCH", f"{PATH}/{saved['saved_search_id']}", {"name": LONG["name"]}).body == saved


def test_a_deleted_one_is_gone(ada: Person):
    saved = save(ada)
    path = f"{PATH}/{saved['saved_search_id']}"

    assert ada.delete(path, if_match='"2"').code == "VersionChanged"
    assert ada.delete(path).status == 204
    assert [ada.get(path).code, ada.delete(path).code, run(ada, saved).code] == ["SavedSearchNotFound"] * 3


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"collection_name": "nothing"}, "CollectionNotFound"),
        ({"parameters": {"q": "*", "filter_by": "pages>400"}}, "FilterRefused"),
        ({"parameters": {"q": "*", "sort_by": "nobody:asc"}}, "QueryRefused"),
        ({"parameters": {"q": "*", "page": 1000, "per_page": 250}}, "PageTooFar"),
        ({"parameters": {"q": "*", "unknown": 1}}, "InvalidInput"),
        ({"name": " "}, "InvalidInput"),
    ],
)
def test_a_search_that_cannot_be_made_is_not_saved(ada: Person, more: dict[str, Any], code: str):
    path = f"{PATH}/{save(ada)['saved_search_id']}"

    assert ada.rest("POST", PATH, {**LONG, **more}).code == code
    assert ada.rest("PATCH", path, more).code == code


def test_it_waits_for_its_collection_while_there_is_none(ada: Person, backbone: Backbone):
    saved = save(ada)
    ada.delete("/collections/books")
    gone = run(ada, saved).code
    kept = ada.get(f"{PATH}/{saved['saved_search_id']}").body
    renamed = ada.rest("PATCH", f"{PATH}/{saved['saved_search_id']}", {"name": "lost"}).status
    ada.makes()
    ada.stores({"id": "moby", "title": "Moby-Dick", "pages": 635})
    backbone.runs()

    assert (gone, kept, renamed) == ("CollectionNotFound", saved, 200)
    assert found(run(ada, saved)) == ["moby"]


def test_in_a_collection_of_other_fields_it_is_refused_as_any_search_is(ada: Person):
    saved = save(ada)
    ada.delete("/collections/books")
    ada.makes(fields=[BOOKS[0]])

    assert (run(ada, saved).status, run(ada, saved).code) == (400, "FilterRefused")


def test_parameters_that_are_not_taken_any_more_are_refused_by_field(ada: Person):
    saved = save(ada)
    place = saved_searches.key(ada.user_id, saved["saved_search_id"])
    table.put_many([(table.get(place) or {}) | {"parameters": '{"q":"whale","per_page":1000,"once":1}'}])
    refused = run(ada, saved)

    assert (refused.status, refused.fields) == (422, ["parameters.per_page", "parameters.once"])


def test_it_is_its_users_own(ada: Person, eve: Person):
    saved = save(ada)
    path = f"{PATH}/{saved['saved_search_id']}"
    for other in (eve, replace(ada, user_id=ids.new("user"))):
        assert other.get(PATH).body["items"] == []
        codes = [other.get(path).code, other.rest("PATCH", path, {"name": "x"}).code, other.delete(path).code]
        assert [*codes, run(other, saved).code] == ["SavedSearchNotFound"] * 4
    guest = replace(ada, role="guest")
    answers = [guest.get(PATH), guest.get(path), guest.rest("POST", PATH, LONG), guest.delete(path), run(guest, saved)]
    assert [answer.code for answer in answers] == ["NotForGuests"] * 5


def test_a_user_has_a_hundred(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(saved_searches, "MAX_SAVED", 2)
    first = save(ada)
    save(ada)
    assert ada.rest("POST", PATH, LONG).code == "TooManySavedSearches"
    ada.delete(f"{PATH}/{first['saved_search_id']}")

    assert ada.rest("POST", PATH, LONG).status == 201


def test_nothing_of_it_is_logged(ada: Person, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture):
    parameters = {"q": "confidential", "filter_by": "author:=unmentioned"}
    run(ada, save(ada, name="undisclosed", parameters=parameters))
    told = capsys.readouterr()

    written = told.out + told.err + caplog.text
    assert "run_saved_search" in written
    assert [word for word in ("confidential", "unmentioned", "undisclosed") if word in written] == []
