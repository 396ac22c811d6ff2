"""Orders, visits and consents of a lead, and the totals that come with them."""

from typing import Any

import pytest

from tests.audience.people import Person

ORDER = {"order_id": "o-1", "amount_minor_units": 1250, "currency": "EUR", "ordered_at": "2026-11-01T10:00:00Z"}


def orders(ada: Person, lead: dict[str, Any], **order: Any) -> Any:
    return ada.post(f"/leads/{lead['lead_id']}/orders", {**ORDER, **order})


@pytest.fixture
def lead(ada: Person) -> dict[str, Any]:
    return ada.creates(emails=["ada@example.org"])


def test_an_order_counts_with_its_lead(ada: Person, lead: dict[str, Any]):
    made = orders(ada, lead, items=[{"sku": "tea", "quantity": 2}])
    orders(ada, lead, order_id="o-2", ordered_at="2026-10-01T10:00:00Z")
    read = ada.reads(lead["lead_id"])

    assert (made.status, made.body["items"]) == (201, [{"sku": "tea", "quantity": 2}])
    assert (read["total_spend"], read["order_count"]) == (25, 2)
    assert read["last_order_at"] == "2026-11-01T10:00:00.000Z"
    listed = ada.get(f"/leads/{lead['lead_id']}/orders").body["items"]
    assert [each["order_id"] for each in listed] == ["o-1", "o-2"]


def test_an_order_is_recorded_once(ada: Person, eve: Person, lead: dict[str, Any]):
    other = ada.creates(emails=["other@example.org"])
    first, second = orders(ada, lead), orders(ada, lead)

    assert (second.status, second.body) == (201, first.body)
    assert orders(ada, lead, amount_minor_units=1).body["code"] == "OrderDiffers"
    assert (orders(ada, other).status, orders(ada, other).body["code"]) == (409, "OrderOfAnotherLead")
    assert ada.reads(lead["lead_id"])["total_spend"] == 12.5
    assert orders(eve, eve.creates(external_id="a")).status == 201


def test_an_order_in_another_currency_is_refused(ada: Person, lead: dict[str, Any]):
    assert (orders(ada, lead, currency="USD").status, orders(ada, lead, currency="USD").body["code"]) == (
        422,
        "OtherCurrency",
    )
    assert orders(ada, lead, currency="XXX").status == 422


def test_refunds_are_not_more_than_their_order(ada: Person, lead: dict[str, Any]):
    orders(ada, lead)
    refund = {"order_id": "r-1", "refund_of": "o-1", "amount_minor_units": 1000}
    first, repeated = orders(ada, lead, **refund), orders(ada, lead, **refund)
    refused = orders(ada, lead, **refund | {"order_id": "r-2", "amount_minor_units": 251})
    read = ada.reads(lead["lead_id"])

    assert (first.status, first.body["amount_minor_units"], repeated.body) == (201, -1000, first.body)
    assert (refused.status, refused.body["code"]) == (422, "RefundExceedsOrder")
    assert orders(ada, lead, **refund | {"order_id": "r-3", "amount_minor_units": 250}).status == 201
    assert orders(ada, lead, order_id="r-4", refund_of="o-9").body["code"] == "OrderToRefundMissing"
    assert orders(ada, lead, order_id="r-4", refund_of="r-1").body["code"] == "OrderToRefundMissing"
    assert (read["total_spend"], read["order_count"]) == (2.5, 1)


def test_a_total_that_is_sent_is_the_total_and_a_recount_proves_it(ada: Person, lead: dict[str, Any]):
    path = f"/leads/{lead['lead_id']}"
    orders(ada, lead)
    ada.imports({"emails": ["ada@example.org"], "total_spend": 100, "order_count": 5})
    orders(ada, lead, order_id="o-2")
    read = ada.reads(lead["lead_id"])

    assert (read["total_spend"], read["order_count"]) == (112.5, 6)
    assert ada.post(f"{path}/recount", {}).body["differences"] == []


def test_a_visit_is_counted_once(ada: Person, lead: dict[str, Any]):
    other = ada.creates(emails=["other@example.org"])
    path, visit = f"/leads/{lead['lead_id']}/visits", {"visit_id": "v-1", "visited_at": "2026-11-01T10:00:00Z"}
    first, second = ada.post(path, visit), ada.post(path, visit)
    read = ada.reads(lead["lead_id"])

    assert (first.status, second.body) == (201, first.body)
    assert ada.post(path, visit | {"source": "shop"}).body["code"] == "VisitDiffers"
    assert ada.post(f"/leads/{other['lead_id']}/visits", visit).body["code"] == "VisitDiffers"
    assert (read["visits"], read["last_visit_at"]) == (1, "2026-11-01T10:00:00.000Z")


def test_a_lead_alone_takes_back_an_opt_out(ada: Person, lead: dict[str, Any]):
    path = f"/leads/{lead['lead_id']}/consents"
    denied = {"subject": "email", "state": "denied", "source": "unsubscribe"}
    granted = {"subject": "email", "state": "granted", "source": "checkout", "text": "Yes, write to me."}
    ada.post(path, denied)
    ada.imports({"emails": ["ada@example.org"], "consent": {"email": "granted"}})
    after_import = ada.reads(lead["lead_id"])["consent"]["email"]["state"]
    ada.post(path, granted)

    assert after_import == "denied"
    assert ada.reads(lead["lead_id"])["consent"]["email"]["state"] == "granted"
    assert ada.post(path, granted | {"text": None}).status == 422


@pytest.mark.parametrize("limit", [1, 2, 20])
def test_a_timeline_has_everything_the_latest_first(ada: Person, time: Any, lead: dict[str, Any], limit: int):
    path = f"/leads/{lead['lead_id']}"
    at = "2026-11-01T10:00:00Z"
    for number in range(4):
        orders(ada, lead, order_id=f"o-{number}", ordered_at=at)
    ada.post(f"{path}/visits", {"visit_id": "v-1", "visited_at": at})
    ada.post(f"{path}/visits", {"visit_id": "v-2", "visited_at": "2026-11-02T10:00:00Z"})
    ada.post(f"{path}/consents", {"subject": "sms", "state": "denied", "source": "shop"})
    found: list[dict[str, Any]] = []
    query = f"limit={limit}"
    while query:
        page = ada.get(f"{path}/timeline", query).body
        found += page["items"]
        query = page["next_cursor"] and f"limit={limit}&cursor={page['next_cursor']}"

    assert [each["kind"] for each in found] == ["consent", "visit", "visit", "order", "order", "order", "order"]
    assert {each["order"]["order_id"] for each in found if each["order"]} == {"o-0", "o-1", "o-2", "o-3"}
    assert found[0]["consent"]["state"] == "denied"
    assert ada.get(f"{path}/timeline", "cursor=foreign").status == 400


def test_nobody_is_kept_from_opting_out_of_a_channel(ada: Person):
    lead = ada.creates(external_id="a", consent={f"email/{number}": "granted" for number in range(20)})
    path = f"/leads/{lead['lead_id']}"
    told = [
        ada.post(f"{path}/consents", {"subject": name, "state": "denied", "source": "x"}) for name in ("email", "sms")
    ]

    assert [each.status for each in told] == [201, 201]
    assert ada.patch(path, {"consent": {"push": "denied"}}).body["consent"]["push"]["state"] == "denied"
    more = ada.post(f"{path}/consents", {"subject": "sms/more", "state": "denied", "source": "x"})
    assert (more.status, more.body["code"]) == (422, "TooManyConsents")


def test_a_refund_is_in_the_currency_of_its_order(ada: Person, lead: dict[str, Any]):
    orders(ada, lead)
    ada.has(currency="JPY", phone_region="GB")
    refund = orders(ada, lead, order_id="r-1", refund_of="o-1", currency="JPY", amount_minor_units=100)

    assert (refund.status, refund.body["code"]) == (422, "OtherCurrency")
    assert ada.reads(lead["lead_id"])["total_spend_minor_units"] == 1250


def test_a_timeline_has_orders_too_that_are_more_than_dynamodb_reads_at_once(ada: Person, lead: dict[str, Any]):
    items = [{"sku": f"{number}", "name": "€" * 200} for number in range(50)]
    ordered = [f"o-{number:02d}" for number in range(40)]
    for number, name in enumerate(ordered):
        orders(ada, lead, order_id=name, ordered_at=f"2026-11-01T10:00:{number:02d}Z", items=items)
    page = ada.get(f"/leads/{lead['lead_id']}/timeline", "limit=100").body

    assert [each["order"]["order_id"] for each in page["items"]] == ordered[::-1]
    assert page["next_cursor"] is None


def test_what_another_tenant_has_is_not_there(ada: Person, eve: Person, lead: dict[str, Any]):
    path = f"/leads/{lead['lead_id']}"
    asked = [
        eve.post(f"{path}/orders", ORDER),
        eve.get(f"{path}/orders"),
        eve.post(f"{path}/visits", {"visit_id": "v", "visited_at": "2026-11-01T10:00:00Z"}),
        eve.post(f"{path}/consents", {"subject": "sms", "state": "denied", "source": "shop"}),
        eve.get(f"{path}/timeline"),
        eve.post(f"{path}/recount", {}),
        eve.post(f"{path}/merge", {"lead_id": eve.creates(external_id="a")["lead_id"]}),
        eve.post(f"/leads/{eve.creates(external_id='b')['lead_id']}/merge", {"lead_id": lead["lead_id"]}),
    ]

    assert {each.status for each in asked} == {404}
