"""Which operation a request is for, and how its arguments are read, with operations made for the purpose."""

import json
from typing import Annotated, Any

import pytest

from shared.api import parameters
from shared.api.declarations import Header, Query, word
from shared.api.request import Response
from shared.api.rest import PUBLIC, Api, answer
from tests.aws.entries import http_event

api = Api()


@api.operation("GET", "/api/v1/boxes/<box_id>", scope=PUBLIC, summary="Look", answers={200: None})
def look(box_id: str) -> Response:
    """Look into a box."""
    return answer(200, {"box_id": box_id})


@api.operation("GET", "/api/v1/boxes/all.txt", scope=PUBLIC, summary="List", answers={200: None})
def list_all(
    most: Annotated[int, Query(ge=1, le=50)] = 10,
    name: Annotated[str | None, Query(quick=word(5))] = None,
    trace: Annotated[str | None, Header(alias="X-Trace", max_length=8)] = None,
) -> Response:
    """List all boxes."""
    return answer(200, {"most": most, "name": name, "trace": trace})


@api.operation("GET", "/api/v1/boxes/<box_id>/open", scope=PUBLIC, summary="Open", answers={200: None}, is_safe=False)
def open_box(box_id: str) -> Response:
    """Open a box, which changes it."""
    return answer(200, {"opened": box_id})


def send(method: str, path: str, query: str = "", **headers: str) -> dict[str, Any]:
    return api.resolve(http_event(method, path, query=query, headers=headers))


def body(answered: dict[str, Any]) -> Any:
    return json.loads(answered["body"])


def test_a_path_without_variable_parts_comes_before_one_that_would_take_it():
    assert "most" in body(send("GET", "/api/v1/boxes/all.txt"))
    assert body(send("GET", "/api/v1/boxes/all-txt")) == {"box_id": "all-txt"}


@pytest.mark.parametrize("box_id", ["ä", "a b", "%20", "a.b", "[1]", "木"])
def test_a_variable_part_takes_letters_of_every_alphabet(box_id: str):
    assert body(send("GET", f"/api/v1/boxes/{box_id}")) == {"box_id": box_id}


@pytest.mark.parametrize("box_id", ["", 'a"b', "a#b", "a\\b", "a\n", "a`b", "\x00"])
def test_a_variable_part_takes_nothing_that_a_path_cannot_hold(box_id: str):
    assert send("GET", f"/api/v1/boxes/{box_id}")["statusCode"] == 404


def test_a_get_that_changes_something_knows_no_head_and_no_entity_tag():
    assert send("HEAD", "/api/v1/boxes/b1/open")["headers"]["Allow"] == "GET"
    assert "ETag" not in send("GET", "/api/v1/boxes/b1/open")["headers"]


def test_the_stage_is_no_part_of_the_path():
    event = http_event("GET", "/beta/api/v1/boxes/b1")
    event["requestContext"]["stage"] = "beta"

    assert body(api.resolve(event)) == {"box_id": "b1"}


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("", {"most": 10, "name": None}),
        ("most=7&name=box_1", {"most": 7, "name": "box_1"}),
        # What is not plain the model takes as it always did.
        ("most=%2B7", {"most": 7, "name": None}),
        ("most=0050", {"most": 50, "name": None}),
        ("most=5.0&name=a%20longer%20name", {"most": 5, "name": "a longer name"}),
        ("name=%C3%A4", {"most": 10, "name": "ä"}),
    ],
)
def test_values_are_read_whether_they_are_plain_or_not(query: str, read: dict[str, Any]):
    assert body(send("GET", "/api/v1/boxes/all.txt", query)) == {**read, "trace": None}


def test_all_that_is_wrong_is_said_at_once():
    refused = body(send("GET", "/api/v1/boxes/all.txt", "most=51&color=red&name=a&name=b", **{"x-trace": "t" * 9}))

    assert {error["field"]: error["reason"] for error in refused["errors"]} == {
        "color": "unknown query parameter; this operation takes most, name",
        "most": "Input should be less than or equal to 50",
        "name": "must be sent once",
        "x-trace": "String should have at most 8 characters",
    }


def close_box(box_id: str, *, is_locked: bool = False) -> Response:
    return answer(200, {"closed": box_id, "locked": is_locked})


def fill_box(box_id: str, *things: str) -> Response:
    return answer(200, {"filled": box_id, "with": things})


def mark_box(box_id: str, **marks: str) -> Response:
    return answer(200, {"marked": box_id, "with": marks})


@pytest.mark.parametrize("function", [close_box, fill_box, mark_box])
def test_parameters_that_no_request_has_values_for_are_refused(function: Any):
    with pytest.raises(TypeError, match=f"^{function.__name__} has parameters behind a \\*"):
        list(parameters.of(function, "/api/v1/boxes/<box_id>"))
