"""What SES tells of mail of campaigns, found by the label of its envelope sender."""

import json
from typing import Any

import pytest

from functions.audience.receipts import feedback_consumers
from functions.audience.recipients import outcomes, recipients, send_ids
from functions.audience.recipients.send_ids import Owner
from functions.audience.recipients.state import Recipient
from functions.audience.respect import suppressions
from shared.sending import labels
from shared.sending.labels import Label
from shared.storage import table
from tests.audience.recipients.rows import CAMPAIGN, LABEL, TENANT, step, stored
from tests.aws.entries import Context
from tests.aws.messages import batch

pytestmark = pytest.mark.usefixtures("pepper")

TO = "grace@example.org"
AT = "2026-11-20T12:00:00.000Z"
DIGEST = "cd" * 32


@pytest.fixture
def row() -> Recipient:
    table.transact([send_ids.pointer(LABEL, Owner(TENANT, CAMPAIGN))])
    claimed = stored(address_digest=DIGEST)
    [(_, after)] = outcomes.record([(claimed, step(claimed, "sent"))])
    return after


def tells(row: Recipient, kind: str, **said: Any) -> dict[str, Any]:
    source = labels.envelope_sender("no-reply@milepost.example", Label("audience", row.send_id))
    message = {"notificationType": kind, "mail": {"source": source, "destination": [TO]}, kind.lower(): said}
    return dict(feedback_consumers.handler(batch([json.dumps(message)]), Context()))


def status_of(row: Recipient) -> str:
    found = recipients.get(TENANT, CAMPAIGN, row.lead_id)
    assert found is not None
    return found.status


def test_a_delivery_is_told(row: Recipient) -> None:
    assert tells(row, "Delivery", timestamp=AT, recipients=[TO]) == {"batchItemFailures": []}
    assert status_of(row) == "delivered"


@pytest.mark.parametrize(("kind", "suppresses"), [("Permanent", True), ("Transient", False)])
def test_a_bounce_suppresses_where_there_is_no_mailbox(row: Recipient, kind: str, *, suppresses: bool) -> None:
    tells(
        row,
        "Bounce",
        bounceType=kind,
        bounceSubType="General",
        timestamp=AT,
        bouncedRecipients=[{"emailAddress": TO}],
    )

    assert status_of(row) == "bounced"
    assert (DIGEST in suppressions.find(TENANT, "email", [DIGEST])) is suppresses


def test_a_complaint_suppresses(row: Recipient) -> None:
    tells(row, "Complaint", timestamp=AT, complainedRecipients=[{"emailAddress": TO}])

    assert [*suppressions.find(TENANT, "email", [DIGEST])[DIGEST].reasons] == ["complaint"]


def test_a_label_of_no_campaign_changes_nothing(row: Recipient) -> None:
    nobody = row._replace(send_id=send_ids.make("99999999999", row.lead_id))

    assert tells(nobody, "Delivery", timestamp=AT, recipients=[TO]) == {"batchItemFailures": []}
    assert status_of(row) == "sent"


def test_what_nobody_can_read_becomes_a_dead_letter() -> None:
    answer = feedback_consumers.handler(batch(['{"notificationType": "Delivery"}']), Context())

    assert len(answer["batchItemFailures"]) == 1
