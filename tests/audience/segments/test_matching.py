"""Who is in a segment: previews, members, and why a lead is in it."""

from typing import Any

import pytest
import time_machine

from functions.audience.leads import leads
from functions.audience.segments import matching
from tests.audience.people import Person
from tests.audience.segments.rules.leads import both, condition, no
from tests.aws import hooks

VISITORS = condition("visits", ">=", 10)
FULL: dict[str, Any] = {
    "external_id": "crm-1",
    "name": "Ada Lovelace",
    "emails": ["ada@example.org"],
    "phones": ["+442079460958"],
    "tags": ["vip"],
    "status": "customer",
    "locale": "en-GB",
    "time_zone": "Europe/London",
    "total_spend": 12.5,
    "order_count": 2,
    "visits": 3,
    "last_order_at": "2026-11-01T10:00:00+01:00",
    "consent": {"email": "granted", "email/news": "denied"},
    "metadata": {"company": {"size": 12, "cities": ["Köln"]}},
}


def imports(person: Person, number: int) -> list[str]:
    """Import leads of which each has a visit more than the one before, and return their ids."""
    rows = [{"external_id": f"crm-{each}", "visits": each} for each in range(number)]
    return [each["lead_id"] for each in person.imports(*rows)]


def creates(person: Person, tree: Any, **more: Any) -> str:
    """Create a segment and return its path."""
    answer = person.post("/segments", {"name": "x", "rule_ast": tree, **more})
    assert answer.status == 201, answer.body
    return f"/segments/{answer.body['segment_id']}"


def test_a_preview_counts_everybody_and_shows_ten(ada: Person, eve: Person, time: time_machine.Traveller) -> None:
    made = imports(ada, 30)
    imports(eve, 3)
    found = ada.post("/segments/preview", {"rule_ast": VISITORS}).body

    assert (found["count"], found["as_of"], found["lag_seconds"]) == (20, "2026-11-20T12:00:00.000Z", 0)
    assert len(found["sample"]) == 10
    assert {each["lead_id"] for each in found["sample"]} <= set(made[10:])
    assert found["warnings"] == []


def test_a_preview_of_everybody_warns(ada: Person) -> None:
    imports(ada, 3)
    found = ada.post("/segments/preview", {"rule_ast": both()}).body

    assert (found["count"], [each["code"] for each in found["warnings"]]) == (3, ["MATCHES_ALL"])


def test_every_kind_of_trait_is_compared(ada: Person) -> None:
    lead = ada.creates(**FULL)
    ada.creates(external_id="nobody")
    tree = both(
        condition("external_id", "=", "crm-1"),
        condition("name", "CONTAINS", "LOVE"),
        condition("emails", "=", "ada@example.org"),
        condition("phones", "BEGINS_WITH", "+44"),
        condition("tags", "IN", ["vip"]),
        condition("status", "!=", "x"),
        condition("locale", "=", "en-GB"),
        condition("time_zone", "=", "Europe/London"),
        condition("total_spend", "BETWEEN", [12.495, 12.5]),
        condition("order_count", "=", 2),
        condition("visits", "<", 4),
        condition("last_order_at", "=", "2026-11-01T09:00:00Z"),
        condition("last_visit_at", "=", None),
        condition("created_at", "WITHIN", "1 hour"),
        condition("updated_at", "WITHIN", "1 hour"),
        condition("consent.email", "=", "granted"),
        condition("consent.email/news", "=", "denied"),
        condition("consent.sms", "=", None),
        condition("metadata.company.size", ">", 11.5),
        condition("metadata.company.cities", "CONTAINS", "KÖLN"),
        condition("orders.count", "=", 0),
        condition("bucket", "BETWEEN", [0, 99]),
    )
    found = ada.post("/segments/preview", {"rule_ast": tree}).body

    assert [each["lead_id"] for each in found["sample"]] == [lead["lead_id"]]


def test_a_bucket_is_a_share_of_the_leads(ada: Person) -> None:
    imports(ada, 100)
    low = ada.post("/segments/preview", {"rule_ast": condition("bucket", "<", 50)}).body["count"]
    high = ada.post("/segments/preview", {"rule_ast": condition("bucket", ">=", 50)}).body["count"]

    assert low + high == 100
    assert 30 < low < 70


def test_a_tenant_without_leads_has_empty_segments(ada: Person) -> None:
    assert ada.post("/segments/preview", {"rule_ast": both()}).body["count"] == 0
    found = ada.get(f"{creates(ada, both())}/members").body

    assert (found["items"], found["next_cursor"], found["lag_seconds"]) == ([], None, 0)


def test_members_are_listed_page_by_page_each_once(ada: Person) -> None:
    made = imports(ada, 40)
    place, found, cursor = creates(ada, VISITORS), [], None
    for _ in range(5):
        page = ada.get(f"{place}/members", "limit=7" + (f"&cursor={cursor}" if cursor else "")).body
        found += [each["lead_id"] for each in page["items"]]
        cursor = page["next_cursor"]

    assert cursor is None
    assert sorted(found) == sorted(made[10:])
    assert len(found) == 30


def test_a_page_that_has_looked_at_many_goes_on_where_it_stopped(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_LOOKED_AT", 7)
    made = imports(ada, 30)
    place, found, pages, cursor = creates(ada, condition("visits", "=", 29)), [], 0, ""
    while cursor is not None:
        page = ada.get(f"{place}/members", cursor and f"cursor={cursor}").body
        found += [each["lead_id"] for each in page["items"]]
        pages, cursor = pages + 1, page["next_cursor"]

    assert (found, pages) == ([made[29]], 5)


def test_a_cursor_is_good_for_its_own_segment(ada: Person) -> None:
    imports(ada, 5)
    cursor = ada.get(f"{creates(ada, both())}/members", "limit=1").body["next_cursor"]
    others = [f"{creates(ada, both())}/members", "/segments", "/leads"]

    assert [ada.get(each, f"cursor={cursor}").status for each in others] == [400, 400, 400]
    assert ada.get(others[0], f"cursor={ada.get('/leads', 'limit=1').body['next_cursor']}").status == 400


def test_leads_that_were_merged_are_one_member(ada: Person) -> None:
    stays, goes = imports(ada, 2)
    ada.post(f"/leads/{stays}/merge", {"lead_id": goes})

    assert ada.post("/segments/preview", {"rule_ast": both()}).body["count"] == 1
    assert ada.get(f"{creates(ada, both())}/members/{goes}").body["lead_id"] == stays


def test_more_leads_than_can_be_waited_for_are_refused(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_LEADS", 5)
    imports(ada, 5)
    fits = ada.post("/segments/preview", {"rule_ast": both()})
    ada.creates(external_id="one more")
    refused = ada.post("/segments/preview", {"rule_ast": both()})

    assert fits.body["count"] == 5
    assert (refused.status, refused.body["code"]) == (422, "AudienceTooLarge")


@pytest.mark.parametrize(
    "tree",
    [
        condition("orders.count", ">", 1, within="30 days"),
        condition("orders.sum", ">", 1, where=condition("items.sku", "=", "tea")),
        condition("campaign.any.sent_at", "WITHIN", "7 days"),
        condition("campaign.campaign_1.opened_at", "=", None),
    ],
)
def test_what_is_not_kept_with_a_lead_is_not_answered_for_all(ada: Person, tree: Any) -> None:
    place = creates(ada, no(tree))
    previewed = ada.post("/segments/preview", {"rule_ast": no(tree)})

    assert (previewed.status, previewed.body["code"]) == (422, "RuleNotAnswered")
    assert "$.children[0]" in previewed.body["detail"]
    assert ada.get(f"{place}/members").status == 422


class TestMembership:
    def test_the_condition_that_decided_is_told(self, ada: Person) -> None:
        lead = imports(ada, 12)[11]
        tree = both(VISITORS, no(condition("tags", "=", "vip")))
        told = ada.get(f"{creates(ada, tree)}/members/{lead}").body

        assert told["is_member"] is True
        assert told["reasons"] == [
            {"path": "$.children[0]", "condition": VISITORS, "holds": True},
            {"path": "$.children[1].children[0]", "condition": condition("tags", "=", "vip"), "holds": False},
        ]

    def test_for_one_that_is_no_member_too(self, ada: Person) -> None:
        lead = imports(ada, 1)[0]
        told = ada.get(f"{creates(ada, both(condition('visits', '=', 0), VISITORS))}/members/{lead}").body

        assert told["is_member"] is False
        assert told["reasons"] == [{"path": "$.children[1]", "condition": VISITORS, "holds": False}]

    def test_it_is_that_of_this_moment(self, ada: Person, time: time_machine.Traveller) -> None:
        lead = ada.creates(external_id="1", last_order_at="2026-11-01T00:00:00Z")["lead_id"]
        place = creates(ada, condition("last_order_at", "<", "30 days ago"))
        before = ada.get(f"{place}/members/{lead}").body["is_member"]
        time.move_to("2026-12-02T00:00:00Z")

        assert (before, ada.get(f"{place}/members/{lead}").body["is_member"]) == (False, True)

    def test_the_orders_of_one_lead_are_looked_at(self, ada: Person) -> None:
        lead = imports(ada, 1)[0]
        for number, sku in enumerate(["tea", "pot"]):
            sent = {
                "order_id": f"order-{number}",
                "amount_minor_units": 1000,
                "currency": "EUR",
                "ordered_at": "2026-11-01T00:00:00Z",
                "items": [{"sku": sku}],
            }
            assert ada.post(f"/leads/{lead}/orders", sent).status == 201
        refund = {
            "order_id": "refund-1",
            "refund_of": "order-0",
            "amount_minor_units": 400,
            "currency": "EUR",
            "ordered_at": "2026-11-02T00:00:00Z",
        }
        assert ada.post(f"/leads/{lead}/orders", refund).status == 201
        tea = condition("orders.sum", "=", 6, where=condition("items.sku", "=", "tea"))
        all_of_them = both(condition("orders.count", "=", 2), condition("orders.sum", "=", 16))

        assert ada.get(f"{creates(ada, tea)}/members/{lead}").body["is_member"] is True
        assert ada.get(f"{creates(ada, all_of_them)}/members/{lead}").body["is_member"] is True

    def test_what_became_of_messages_is_not_known(self, ada: Person) -> None:
        lead = imports(ada, 1)[0]
        place = creates(ada, condition("campaign.any.sent_at", "=", None))

        assert ada.get(f"{place}/members/{lead}").body["code"] == "RuleNotAnswered"

    def test_a_lead_that_is_not_there_is_in_no_segment(self, ada: Person, eve: Person) -> None:
        place = creates(ada, both())

        assert ada.get(f"{place}/members/{imports(eve, 1)[0]}").status == 404
        assert ada.get(f"{place}/members/x").status == 404


@pytest.mark.parametrize("what", ["preview", "members"])
def test_a_lead_that_is_merged_meanwhile_is_left_out(ada: Person, what: str) -> None:
    made = imports(ada, 3)
    path = creates(ada, condition("visits", ">=", 0))
    merged: list[int] = []

    def merge(params: Any, **_: Any) -> None:
        if not merged and "#LEADS#" in str(params["body"]):
            merged.append(0)
            merged.append(ada.post(f"/leads/{made[0]}/merge", {"lead_id": made[1]}).status)

    with hooks.registered("before-call.dynamodb.BatchGetItem", merge):
        if what == "preview":
            shown = ada.post("/segments/preview", {"rule_ast": condition("visits", ">=", 0)}).body["sample"]
        else:
            shown = ada.get(f"{path}/members").body["items"]

    assert merged == [0, 200]
    assert {each["lead_id"] for each in shown} == {made[0], made[2]}


def test_leads_that_are_several_pages_of_a_partition_are_looked_at_once_each(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leads, "_PAGE", 2)
    made = imports(ada, 100)
    path = creates(ada, condition("visits", ">=", 0))
    found: list[str] = []
    query = "limit=7"
    while query:
        page = ada.get(f"{path}/members", query).body
        found += [each["lead_id"] for each in page["items"]]
        query = page["next_cursor"] and f"limit=7&cursor={page['next_cursor']}"

    assert ada.post("/segments/preview", {"rule_ast": condition("visits", ">=", 0)}).body["count"] == 100
    assert sorted(found) == sorted(made)
