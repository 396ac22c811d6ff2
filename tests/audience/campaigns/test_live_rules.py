"""Rules about some orders and about messages of campaigns: they start, and are looked at again for each lead."""

import json
import re
from typing import Any

import pytest

from functions.audience.files import rebuilding
from functions.audience.receipts import applying
from functions.audience.receipts.receipts import Receipt
from shared import clock
from tests.audience.campaigns.staging import (
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    puts,
    rows,
    starts,
    stored,
)
from tests.audience.people import Person
from tests.aws import hooks

TEA = {"type": "condition", "field": "items.sku", "operator": "=", "value": "tea"}


def orders(operator: str, value: int, **more: Any) -> dict[str, Any]:
    return {"type": "condition", "field": "orders.count", "operator": operator, "value": value, **more}


def happened(campaign_id: str, what: str, operator: str = "IS_SET") -> dict[str, Any]:
    return {"type": "condition", "field": f"campaign.{campaign_id}.{what}_at", "operator": operator}


def buys(person: Person, lead_id: str, order_id: str, *, at: str = "2026-11-10T10:00:00Z", sku: str = "tea") -> None:
    order = {"order_id": order_id, "amount_minor_units": 500, "currency": "EUR", "ordered_at": at}
    assert person.post(f"/leads/{lead_id}/orders", {**order, "items": [{"sku": sku}]}).status == 201


def reasons(campaign_id: str) -> dict[str, str | None]:
    return {each.lead_id: each.reason or each.status for each in rows(campaign_id)}


def frozen(stage: Stage, person: Person, rule: Any, **fields: Any) -> str:
    """Start a campaign, and prepare it; nothing is sent yet."""
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person, segment_id=has_segment(person, rule), **fields)
    starts(person, campaign_id)
    assert stage.hear() == 0
    return campaign_id


@pytest.mark.parametrize("with_files", [False, True])
def test_who_has_bought_enough_of_something_is_written_to(
    ada: Person,
    campaigning: Stage,
    with_files: bool,  # noqa: FBT001
) -> None:
    buyer, other, early, nobody = has_leads(ada, 4)
    buys(ada, buyer, "o-1")
    buys(ada, other, "o-2", sku="pot")
    buys(ada, early, "o-3", at="2026-01-10T10:00:00Z")
    if with_files:
        rebuilding.rebuild(ada.tenant_id)
    campaign_id = frozen(campaigning, ada, orders(">=", 1, where=TEA, within="30 days"))
    campaigning.run()

    assert reasons(campaign_id) == {buyer: "sent"}
    assert adds_up(stored(ada, campaign_id))
    assert {other, early, nobody}.isdisjoint(reasons(campaign_id))


def test_who_buys_meanwhile_has_left_a_rule_of_those_who_do_not(ada: Person, campaigning: Stage) -> None:
    stays, buyer = has_leads(ada, 2)
    campaign_id = frozen(campaigning, ada, orders("=", 0, within="7 days"))
    buys(ada, buyer, "o-1", at="2026-11-20T11:00:00Z")
    campaigning.run()

    assert reasons(campaign_id) == {stays: "sent", buyer: "left_segment"}


def test_the_orders_of_a_lead_are_read_within_the_window_of_the_rule(ada: Person, campaigning: Stage) -> None:
    (lead,) = has_leads(ada, 1)
    for number in range(5):
        buys(ada, lead, f"old-{number}", at=f"2020-01-0{number + 1}T00:00:00Z")
    buys(ada, lead, "new")
    campaign_id = frozen(campaigning, ada, orders("=", 1, within="30 days"))
    read: list[str] = []
    with hooks.registered("before-call.dynamodb.Query", lambda params, **_: read.append(params["body"].decode())):
        campaigning.run()
    asked = [each for each in read if "ORDER#" in each]

    assert reasons(campaign_id) == {lead: "sent"}
    assert len(asked) == 1
    assert re.findall(r"ORDER#(\d{4}-\d\d-\d\d)", asked[0]) == ["2026-10-21", "2026-11-20"]
    assert json.loads(asked[0])["ConsistentRead"] is True


@pytest.mark.parametrize("with_files", [False, True])
def test_who_got_one_campaign_gets_the_next(
    ada: Person,
    campaigning: Stage,
    with_files: bool,  # noqa: FBT001
) -> None:
    got, late = has_leads(ada, 2)
    has_provider(ada, campaigning.provider.url)
    only = {"type": "condition", "field": "external_id", "operator": "=", "value": "x00000"}
    first = has_campaign(ada, segment_id=has_segment(ada, only))
    starts(ada, first)
    campaigning.run()
    if with_files:
        rebuilding.rebuild(ada.tenant_id)
    those, others = (
        frozen(campaigning, ada, happened(first, "sent", operator)) for operator in ("IS_SET", "IS_NOT_SET")
    )
    campaigning.run()

    assert (reasons(those), reasons(others)) == ({got: "sent"}, {late: "sent"})


def test_who_opens_a_message_meanwhile_is_not_reminded_of_it(ada: Person, campaigning: Stage) -> None:
    one, two = has_leads(ada, 2)
    first = frozen(campaigning, ada, happened("unknown", "sent", "IS_NOT_SET"))
    campaigning.run()
    reminder = frozen(campaigning, ada, happened(first, "opened", "IS_NOT_SET"))
    opens(ada, first, one)
    campaigning.run()

    assert reasons(first) == {one: "opened", two: "sent"}
    assert reasons(reminder) == {one: "left_segment", two: "sent"}


def opens(person: Person, campaign_id: str, lead_id: str) -> None:
    """Have a receipt say that a message was opened."""
    at = clock.to_rfc3339(clock.now())
    receipt = Receipt(person.tenant_id, None, "opened", at, campaign_id=campaign_id, lead_id=lead_id)
    applying.apply(person.tenant_id, campaign_id, [receipt])


def test_messages_of_any_campaign_are_asked_for_where_contacts_are_kept(ada: Person, campaigning: Stage) -> None:
    got, late = has_leads(ada, 2)
    has_provider(ada, campaigning.provider.url)
    any_ = has_segment(ada, happened("any", "sent"))
    refused = puts(ada, has_campaign(ada, segment_id=any_), "running")
    assert ada.rest("PATCH", "/audience/settings", {"records_contacts": True}).status == 200
    only = {"type": "condition", "field": "external_id", "operator": "=", "value": "x00000"}
    starts(ada, has_campaign(ada, segment_id=has_segment(ada, only)))
    campaigning.run()
    campaign_id = has_campaign(ada, segment_id=any_)
    starts(ada, campaign_id)
    campaigning.run()

    assert (refused.status, refused.code) == (422, "RuleNotAnswered")
    assert reasons(campaign_id) == {got: "sent"}
    assert late not in reasons(campaign_id)
