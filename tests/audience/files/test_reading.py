"""What readers are given: shards and deltas that together have every lead once, at its newest version."""

from typing import Any

import pytest

from functions.audience.files import deltas, pointers, reading, rows
from functions.audience.files.pointers import Pointer, Superseded
from functions.audience.leads import leads
from functions.audience.leads.leads import Lead
from functions.audience.segments.rules.facts import Order
from shared import ids
from shared.storage.attributes import Item
from tests.audience.files import opened
from tests.audience.people import Person

NOON = 1_795_000_000_000


def item(tenant_id: str, lead_id: str, version: int, name: str) -> Item:
    at = "2026-11-20T12:00:00.000Z"
    return leads.to_item(Lead(tenant_id, lead_id, at, at, version, name=name))


def publish_none(tenant_id: str) -> None:
    """Publish files without any lead."""
    pointers.publish(None, Pointer(tenant_id, 1, (), NOON, "2026-11-20T12:00:00.000Z"))


def message(lead_id: str, version: int, **happened: str) -> Item:
    return {"lead_id": lead_id, "campaign_id": "campaign_1", "version": version, **happened}


def write(tenant_id: str, *batch: Any) -> None:
    deltas.write(tenant_id, [str(id(batch))], [row for row in batch if row is not None])


def test_a_tenant_without_files_has_no_snapshot(ada: Person) -> None:
    assert reading.published(ada.tenant_id) is None


def test_of_a_lead_the_highest_version_counts_in_whatever_order_its_rows_come(ada: Person) -> None:
    tenant_id, lead_id = ada.tenant_id, ids.new("lead")
    publish_none(tenant_id)
    write(tenant_id, rows.of_lead(item(tenant_id, lead_id, 3, "Third"), [], changed_at=NOON + 3))
    write(tenant_id, rows.of_lead(item(tenant_id, lead_id, 2, "Second"), [], changed_at=NOON + 2))

    assert opened.leads(tenant_id)[lead_id]["name"] == "Third"


def test_a_lead_that_is_gone_stays_gone_when_an_older_version_comes(ada: Person) -> None:
    tenant_id, lead_id = ada.tenant_id, ids.new("lead")
    publish_none(tenant_id)
    write(tenant_id, rows.gone(lead_id, 4, changed_at=NOON + 4))
    write(tenant_id, rows.of_lead(item(tenant_id, lead_id, 3, "Third"), [], changed_at=NOON + 3))

    assert opened.leads(tenant_id) == {}


def test_what_became_of_messages_joins_the_lead_whichever_comes_first(ada: Person) -> None:
    tenant_id, lead_id = ada.tenant_id, ids.new("lead")
    publish_none(tenant_id)
    sent, delivered = "2026-11-20T12:00:01.000Z", "2026-11-20T12:00:02.000Z"
    write(tenant_id, rows.of_message(message(lead_id, 3, sent_at=sent, delivered_at=delivered), changed_at=NOON))
    write(tenant_id, rows.of_message(message(lead_id, 2, sent_at=sent), changed_at=NOON))
    alone = opened.leads(tenant_id)
    write(tenant_id, rows.of_lead(item(tenant_id, lead_id, 1, "Ada"), [Order(5, NOON, ["a"])], changed_at=NOON))

    row = opened.leads(tenant_id)[lead_id]

    assert alone == {}
    assert row["campaigns"]["campaign_1"] == {
        "sent_at": 1_795_176_001_000,
        "delivered_at": 1_795_176_002_000,
        "opened_at": None,
        "clicked_at": None,
    }
    assert row["orders"] == [{"amount": 5, "ordered_at": NOON, "skus": ["a"], "skus_folded": ["a"]}]


def test_a_message_that_was_claimed_has_no_row_yet() -> None:
    assert rows.of_message(message(ids.new("lead"), 1), changed_at=NOON) is None


def test_a_message_that_is_gone_is_nothing_that_a_rule_sees(ada: Person) -> None:
    tenant_id, lead_id = ada.tenant_id, ids.new("lead")
    publish_none(tenant_id)
    there = message(lead_id, 2, sent_at="2026-11-20T12:00:01.000Z")
    write(tenant_id, rows.of_lead(item(tenant_id, lead_id, 1, "Ada"), [], changed_at=NOON))
    write(tenant_id, rows.of_message(there, changed_at=NOON, is_gone=True))
    write(tenant_id, rows.of_message(there, changed_at=NOON))

    assert opened.leads(tenant_id)[lead_id]["campaigns"] == {}


def test_the_snapshot_says_when_its_newest_change_was_made(ada: Person) -> None:
    publish_none(ada.tenant_id)
    write(ada.tenant_id, rows.gone(ids.new("lead"), 2, changed_at=NOON + 7))
    write(ada.tenant_id, rows.gone(ids.new("lead"), 2, changed_at=NOON + 5))

    snapshot = reading.published(ada.tenant_id)

    assert snapshot is not None
    assert (snapshot.generation, snapshot.as_of, len(snapshot.deltas)) == (1, NOON + 7, 2)


def test_a_generation_is_published_once(ada: Person) -> None:
    publish_none(ada.tenant_id)

    with pytest.raises(Superseded):
        publish_none(ada.tenant_id)


def test_files_of_a_tenant_are_not_those_of_another(ada: Person, eve: Person) -> None:
    lead_id = ids.new("lead")
    publish_none(ada.tenant_id)
    publish_none(eve.tenant_id)
    write(ada.tenant_id, rows.of_lead(item(ada.tenant_id, lead_id, 1, "Ada"), [], changed_at=NOON))

    assert [*opened.leads(ada.tenant_id)] == [lead_id]
    assert opened.leads(eve.tenant_id) == {}
