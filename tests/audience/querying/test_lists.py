"""Lists of leads that are narrowed, searched and ordered: the same by files as by the table, each lead as it is now."""

from typing import Any

import pytest
import time_machine

from functions.audience.querying import choosing
from shared import clock
from tests.audience.people import Person
from tests.audience.querying.publishing import publish, stored

PEOPLE: list[dict[str, Any]] = [
    {"name": "Ada Lovelace", "emails": ["ada@example.org"], "phones": ["+442079460958"], "total_spend": 12.5},
    {"name": "ada byron", "emails": ["byron@lovelace.example"], "visits": 3, "total_spend": 40, "tags": ["vip"]},
    {"name": "Grace Hopper", "emails": ["grace.hopper@example.com"], "visits": 7, "tags": ["vip", "Navy"]},
    {"name": "Jean-Luc Straße", "emails": ["jl@example.net"], "visits": 3, "total_spend": 12.5},
    {"emails": ["nobody@example.org"], "total_spend": 0.01},
    {"name": "100% .* O'Neil", "external_id": "odd", "visits": 1},
]


@pytest.fixture(params=["table", "files"])
def everybody(request: pytest.FixtureRequest, ada: Person, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of people, whom the table has, and files as well where these are to answer."""
    made = [row["lead_id"] for row in ada.imports(*PEOPLE)]
    if request.param == "files":
        monkeypatch.setattr(choosing, "LEAST", 0)
        told = stored(ada.tenant_id)
        publish(ada.tenant_id, told[:2], told[2:4], changed=[told[4:]], as_of=clock.now())
    return made


def numbers(ada: Person, query: str, everybody: list[str]) -> list[int]:
    """Return which of the people a list has, page by page."""
    found: list[int] = []
    cursor = ""
    while True:
        answer = ada.get("/leads", f"{query}&limit=2{cursor}")
        assert answer.status == 200, answer.body
        found += [everybody.index(each["lead_id"]) for each in answer.body["items"]]
        if answer.body["next_cursor"] is None:
            return found
        cursor = f"&cursor={answer.body['next_cursor']}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=ada", [0, 1]),
        ("q=ADA", [0, 1]),
        ("q=love", [0, 1]),
        ("q=lovelace%20ada", [0, 1]),
        ("q=ada%20lovelace", [0, 1]),
        ("q=ace", []),
        ("q=luc", [3]),
        ("q=STRASSE", [3]),
        ("q=grace.h", [2]),
        ("q=example.com", [2]),
        ("q=%2B44%2020%207946", [0]),
        ("q=020%207946", [0]),
        ("q=79460958", [0]),
        ("q=.*", [5]),
        ("q=100%25", [5]),
        ("q=neil", [5]),
        ("q=%25", []),
        ("tag=vip", [1, 2]),
        ("tag=VIP", []),
        ("min_spend=12.5", [0, 1, 3]),
        ("min_spend=12.500001", [1]),
        ("max_spend=0.01", [2, 4, 5]),
        ("min_spend=0.01&max_spend=12.50", [0, 3, 4]),
        ("min_visits=3", [1, 2, 3]),
        ("min_visits=3&max_visits=3&tag=vip", [1]),
        ("created_from=2000-01-01T00:00:00Z", [0, 1, 2, 3, 4, 5]),
        ("created_to=2000-01-01T00:00:00Z", []),
    ],
)
def test_a_list_has_those_who_fit_its_filters(ada: Person, everybody: list[str], query: str, expected: list[int]):
    assert sorted(numbers(ada, query, everybody)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=name", [5, 1, 0, 2, 3, 4]),
        ("sort=-name", [3, 2, 0, 1, 5, 4]),
        ("sort=visits", [0, 4, 5, 1, 3, 2]),
        ("sort=-visits", [2, 1, 3, 5, 0, 4]),
        ("sort=spend", [2, 5, 4, 0, 3, 1]),
        ("sort=-spend", [1, 0, 3, 4, 2, 5]),
        ("sort=-spend&tag=vip", [1, 2]),
    ],
)
def test_a_list_is_in_its_order_page_by_page(ada: Person, everybody: list[str], query: str, expected: list[int]):
    assert numbers(ada, query, everybody) == expected


def test_leads_in_files_are_shown_as_they_are_now(ada: Person, everybody: list[str]) -> None:
    ada.patch(f"/leads/{everybody[0]}", {"name": "Ada King"})
    ada.delete(f"/leads/{everybody[1]}")
    found = ada.get("/leads", "q=ada").body["items"]

    assert [each["name"] for each in found] == ["Ada King"]


@pytest.mark.parametrize(
    "query",
    [
        "sort=size",
        "min_spend=much",
        "min_spend=-1",
        "min_spend=1e3",
        "min_visits=-1",
        "created_from=2026-01-31",
        "created_to=soon",
        "q=%20",
        "q=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k",
        "q=%00",
        "tag=",
        "tag=%00",
        "email=ada@example.org&q=ada",
        "email=ada@example.org&sort=name",
    ],
)
def test_what_cannot_be_asked_for_is_refused(ada: Person, query: str) -> None:
    assert ada.get("/leads", query).status == 422


def test_a_cursor_is_good_for_its_own_list(ada: Person, everybody: list[str]) -> None:
    cursor = ada.get("/leads", "sort=name&limit=1").body["next_cursor"]

    assert ada.get("/leads", f"sort=-name&limit=1&cursor={cursor}").status == 400
    assert ada.get("/leads", f"sort=name&tag=vip&cursor={cursor}").status == 400
    assert ada.get("/leads", f"cursor={cursor}").status == 400
    assert ada.get("/leads", f"sort=name&limit=1&cursor={cursor}").status == 200


def test_another_tenant_finds_nobody(ada: Person, eve: Person, everybody: list[str]) -> None:
    cursor = ada.get("/leads", "sort=name&limit=1").body["next_cursor"]

    assert eve.get("/leads", "q=ada").body["items"] == []
    assert eve.get("/leads", f"sort=name&limit=1&cursor={cursor}").body["items"] == []


def test_a_list_by_files_says_how_old_it_may_be(
    time: time_machine.Traveller, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.imports(*PEOPLE)
    by_table = ada.get("/leads", "sort=name").body
    monkeypatch.setattr(choosing, "LEAST", 0)
    publish(ada.tenant_id, stored(ada.tenant_id), as_of=clock.now())
    time.shift(90)
    by_files = ada.get("/leads", "sort=name").body
    live = ada.get("/leads").body

    assert (by_table["as_of"], by_table["lag_seconds"]) == ("2026-11-20T12:00:00.000Z", 0)
    assert (by_files["as_of"], by_files["lag_seconds"]) == ("2026-11-20T12:01:30.000Z", 90)
    assert (live["as_of"], live["lag_seconds"]) == (None, 0)


def test_fields_of_graphql_list_the_same(ada: Person, everybody: list[str]) -> None:
    found = ada.ask("leads", filter={"tag": "vip", "minVisits": 1}, sort="visits_descending", limit=1).data
    behind = ada.ask(
        "leads", filter={"tag": "vip", "minVisits": 1}, sort="visits_descending", nextToken=found["nextToken"]
    ).data

    assert [each["leadId"] for each in [*found["items"], *behind["items"]]] == [everybody[2], everybody[1]]
