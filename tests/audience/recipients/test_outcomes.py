"""Outcomes of recipients: row, counters and event together, also when somebody else was quicker."""

import json
from typing import Any

import pytest

from functions.audience.recipients import claims, counters, outcomes, recipients
from functions.audience.recipients.state import Recipient
from shared.storage import table
from tests.audience.recipients.rows import CAMPAIGN, TENANT, claimed, step, stored
from tests.aws import hooks

pytestmark = pytest.mark.usefixtures("aws")


def totals() -> dict[str, int]:
    return dict(counters.totals(TENANT, CAMPAIGN))


def read(recipient: Recipient) -> Recipient | None:
    return recipients.get(TENANT, CAMPAIGN, recipient.lead_id)


def events_of(recipient: Recipient) -> list[str]:
    place = recipients.partition(TENANT, CAMPAIGN, recipients.shard_of(recipient.lead_id))
    return [item["event_type"] for item in table.query_all(place, f"EVENT#{recipient.send_id}#")]


def actions(call: dict[str, Any]) -> int:
    return len(json.loads(call["params"]["body"])["TransactItems"])


def test_a_claim_is_counted_nowhere() -> None:
    recipient = stored(claim_token="mine")

    assert read(recipient) == recipient
    assert totals() == {}


def test_outcomes_of_ten_are_one_transaction_with_one_item_of_counters() -> None:
    rows = [stored() for _ in range(10)]
    made: list[int] = []
    hooks.register("before-call.dynamodb.TransactWriteItems", lambda **call: made.append(actions(call)))
    changed = outcomes.record([(each, step(each, "sent")) for each in rows])

    assert made == [11]
    assert len(changed) == 10
    assert totals() == {"sent": 10}


def test_a_state_that_is_left_is_counted_no_longer() -> None:
    recipient = stored()
    sent = step(recipient, "sent")
    outcomes.record([(recipient, sent)])
    outcomes.record([(sent, step(sent, "delivered"))])

    assert totals() == {"delivered": 1}


def test_what_is_recorded_twice_is_counted_once() -> None:
    recipient = stored()
    change = (recipient, step(recipient, "sent"))

    assert outcomes.record([change]) == [change]
    assert outcomes.record([change]) == []
    assert totals() == {"sent": 1}


def test_a_receipt_that_was_quicker_stays_and_the_other_rows_are_written() -> None:
    quick, other = stored(), stored()
    outcomes.record([(quick, step(quick, "delivered"))])
    changed = outcomes.record([(each, step(each, "sent")) for each in (quick, other)])

    assert [after.lead_id for _, after in changed] == [other.lead_id]
    assert totals() == {"delivered": 1, "sent": 1}


def test_a_step_forward_is_made_of_the_row_as_it_is_by_now() -> None:
    recipient = stored()
    outcomes.record([(recipient, step(recipient, "sent")._replace(vendor_message_id="v-1"))])
    outcomes.record([(recipient, step(recipient, "bounced", "5.1.1"))])
    row = read(recipient)

    assert row is not None
    assert (row.status, row.reason, row.vendor_message_id, row.version) == ("bounced", "5.1.1", "v-1", 3)
    assert totals() == {"bounced": 1}


def test_nobody_has_to_wait_again_for_what_was_sent() -> None:
    recipient = stored(claim_token="mine")
    outcomes.record([(recipient, step(recipient, "unknown", "lease_expired"))])

    assert outcomes.record([(recipient, step(recipient, "pending"))]) == []
    assert totals() == {"unknown": 1}


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("failed", ["audience.recipient.failed"]),
        ("bounced", ["audience.recipient.bounced"]),
        ("sent", []),
        ("unknown", []),
    ],
)
def test_failures_and_bounces_are_told(status: str, told: list[str]) -> None:
    recipient = stored()
    outcomes.record([(recipient, step(recipient, status, "because"))])

    assert events_of(recipient) == told


@pytest.mark.parametrize("status", ["pending", "failed", "bounced", "skipped", "unknown"])
def test_rows_that_somebody_may_look_at_are_in_the_index(status: str) -> None:
    recipient = stored()
    after = step(recipient, status, "because")
    outcomes.record([(recipient, after)])
    shard = recipients.shard_of(recipient.lead_id)
    place = recipients.index_partition(TENANT, CAMPAIGN, after.status, shard)

    assert [recipients.from_item(item) for item in table.query_all(place, "ENTITY#Recipient#", index=True)] == [after]


def test_a_row_with_all_that_it_may_hold_is_one_write_unit() -> None:
    recipient = step(claimed(), "delivered")._replace(
        claim_token="x" * 32,
        lease_until="2026-11-20T12:00:00.000Z",
        waits_until="2026-11-20T12:00:00.000Z",
        provider_id="prv_01KAEY5R7C2N8V4X6Z9B1D3F5J",
        address_digest="x" * 64,
        vendor_message_id="x" * 64,
    )

    assert table.fitting(recipients.to_item(recipient))[1] < 1024


def test_a_complaint_is_counted_beside_the_states() -> None:
    recipient = stored()
    write = counters.moved(TENANT, CAMPAIGN, recipient.lead_id, "sent", "sent", also=[counters.COMPLAINED])
    assert write is not None
    table.transact([write])

    assert totals() == {"complained": 1}


@pytest.mark.parametrize("before", [None, "pending"])
def test_whoever_was_claimed_meanwhile_is_not_skipped(before: str | None) -> None:
    waiting = stored(status="pending") if before else claimed(status="pending", version=0)
    skipped = step(waiting, "skipped", "cancelled")
    mine = waiting._replace(status="sending", claim_token="mine", version=waiting.version + 1)
    assert claims.claim(waiting if before else None, mine)

    assert outcomes.record([(waiting if before else None, skipped)]) == []
    outcomes.record([(mine, step(mine, "sent"))])
    found = read(waiting)
    assert found is not None
    assert found.status == "sent"
