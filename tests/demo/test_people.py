"""The people of the demo: as many, as different and the same every time."""

from datetime import UTC, datetime

from functions.audience.leads import shapes
from infra.demo import people

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_there_are_two_thousand_and_each_has_an_address_of_their_own() -> None:
    rows = people.every(NOW)

    assert len(rows) == 2_000
    assert len({row["emails"][0] for row in rows}) == 2_000
    assert rows[6]["emails"] == [people.email(7)]
    assert {address.rpartition("@")[2] for row in rows for address in row["emails"]} == {"example.org"}


def test_they_are_the_same_every_time() -> None:
    assert people.every(NOW) == people.every(NOW)
    assert [*people.orders(3, NOW)] == [*people.orders(3, NOW)]
    assert people.every(NOW)[0]["name"] == people.every(datetime(2030, 1, 1, tzinfo=UTC))[0]["name"]


def test_each_of_them_is_a_lead() -> None:
    drafts = [shapes.LeadDraft.model_validate(row) for row in people.every(NOW)]

    consents = sum(draft.consent.get("email") == "granted" for draft in drafts)
    phones = [phone for draft in drafts for phone in draft.phones]
    assert 1_000 < consents < 1_200
    assert len({*phones}) == len(phones) == 100


def test_an_order_adds_up_and_is_of_the_past() -> None:
    prices = dict(people.ITEMS)
    orders = [order for number in range(1, people.BUYERS + 1) for order in people.orders(number, NOW)]

    assert all(order["amount_minor_units"] == sum(prices[item["sku"]] for item in order["items"]) for order in orders)
    assert len({order["order_id"] for order in orders}) == len(orders)
    assert max(order["ordered_at"] for order in orders) < "2026-11-20"
