"""What the loopback server does not know, it refuses as OpenSearch does: nothing passes the suite by accident."""

import json
from typing import Any

import pytest

from functions.search.engine.opensearch import mapping
from tests.search.engine.indexes import blueprint
from tests.search.opensearch.loopback import Loopback

SEARCH = {"query": {"match_all": {}}, "size": 10}


@pytest.fixture
def loopback() -> Loopback:
    loopback = Loopback()
    made = loopback.answer("PUT", "/books-index", json.dumps(mapping.index(blueprint(), "books")).encode())
    assert made[0] == 200
    return loopback


@pytest.mark.parametrize(
    "body",
    [
        {**SEARCH, "query": {"query_string": {"query": "title:whale"}}},
        {**SEARCH, "query": {"term": {"w0": {"value": "whale", "fuzzy": True}}}},
        {**SEARCH, "query": {"bool": {"must": [], "adjust_pure_negative": True}}},
        {**SEARCH, "query": {"regexp": {"w0": {"value": "x" * 6000, "flags": "NONE", "rewrite": "constant_score"}}}},
        {**SEARCH, "script_fields": {}},
        {**SEARCH, "aggs": {"0": {"scripted_metric": {}}}},
        {**SEARCH, "aggs": {"0": {"terms": {"field": "w0", "size": 10}}}},
        {**SEARCH, "sort": [{"v0": {"order": "asc"}}]},
        {**SEARCH, "from": 10_000},
    ],
)
def test_a_search_that_it_does_not_know_is_400(loopback: Loopback, body: dict[str, Any]):
    status, fields = loopback.answer("POST", "/books/_search", json.dumps(body).encode())

    assert (status, fields["status"], fields["error"].keys()) == (400, 400, {"type", "reason"})


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("POST", "/books/_search", 200),
        ("POST", "/others/_search", 404),
        ("POST", "/books-index/_search", 404),
        ("POST", "/books/_bulk", 400),
        ("POST", "/books/_update_by_query", 400),
        ("DELETE", "/books", 404),
        ("GET", "/_cluster/health", 400),
    ],
)
def test_a_request_that_it_does_not_know_is_refused(loopback: Loopback, method: str, target: str, status: int):
    assert loopback.answer(method, target, json.dumps(SEARCH).encode())[0] == status


@pytest.mark.parametrize(
    ("document", "status"),
    [({"id": "a", "n2": 635}, 201), ({"id": "a", "n2": "many"}, 400), ({"id": "a", "unknown": 1}, 400)],
)
def test_a_document_fits_the_mapping(loopback: Loopback, document: dict[str, Any], status: int):
    place = {"index": {"_id": "a", "version": 1, "version_type": "external"}}
    body = f"{json.dumps(place)}\n{json.dumps(document)}\n".encode()
    _, fields = loopback.answer("POST", "/books/_bulk?refresh=true&require_alias=true", body)

    assert fields["items"][0]["index"]["status"] == status
