"""Receipts applied: forward only, once, in any order, and never for another tenant."""

import itertools
import random
from functools import partial
from typing import Any

import pytest

from functions.audience.receipts import applying, evidence
from functions.audience.receipts.receipts import Receipt
from functions.audience.recipients import counters, outcomes, recipients
from functions.audience.recipients.state import Recipient
from functions.audience.respect import suppressions
from shared import clock, ids
from shared.storage import table
from tests.audience.recipients.rows import CAMPAIGN, TENANT, step, stored
from tests.aws.races import shuffled

pytestmark = pytest.mark.usefixtures("pepper")

DIGEST = "ab" * 32


def sent(**fields: Any) -> Recipient:
    """Return a recipient whose message was sent."""
    row = stored(address_digest=DIGEST, **fields)
    [(_, after)] = outcomes.record([(row, step(row, "sent"))])
    return after


def receipt(row: Recipient, status: Any, **fields: Any) -> Receipt:
    at = clock.to_rfc3339(clock.now())
    return Receipt(TENANT, None, status, at, row.campaign_id, row.lead_id)._replace(**fields)


def tell(*told: Receipt) -> None:
    applying.apply(TENANT, CAMPAIGN, told)


def status_of(row: Recipient) -> str:
    found = recipients.get(TENANT, CAMPAIGN, row.lead_id)
    assert found is not None
    return found.status


def totals() -> dict[str, int]:
    return dict(counters.totals(TENANT, CAMPAIGN))


def events_of(row: Recipient) -> list[str]:
    place = recipients.partition(TENANT, CAMPAIGN, recipients.shard_of(row.lead_id))
    return [item["event_type"] for item in table.query_all(place, f"EVENT#{row.send_id}#")]


def test_delivered_forty_six_times_is_delivered_once() -> None:
    row = sent()

    for _ in range(23):
        tell(receipt(row, "delivered"), receipt(row, "delivered"))

    assert (status_of(row), totals()) == ("delivered", {"delivered": 1})


@pytest.mark.parametrize("order", [*itertools.permutations(["sent", "delivered", "opened", "clicked"])])
def test_in_any_order_the_furthest_stays(order: tuple[str, ...]) -> None:
    row = sent()

    for status in order:
        tell(receipt(row, status))

    assert (status_of(row), totals()) == ("clicked", {"clicked": 1})


def test_delivered_after_failed_corrects_and_a_bounce_after_delivered_counts() -> None:
    row = sent()

    tell(receipt(row, "failed", reason="30005"))
    failed = status_of(row)
    tell(receipt(row, "delivered"))
    delivered = status_of(row)
    tell(receipt(row, "bounced"))

    assert (failed, delivered, status_of(row)) == ("failed", "delivered", "bounced")
    assert totals() == {"bounced": 1}
    assert sorted(events_of(row)) == ["audience.recipient.bounced", "audience.recipient.failed"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [("bounced", "hard_bounce"), ("complained", "complaint"), ("unsubscribed", "unsubscribed")],
)
def test_what_ends_an_address_suppresses_it(status: str, reason: str) -> None:
    row = sent()

    tell(receipt(row, status))

    assert [*suppressions.find(TENANT, "email", [DIGEST])[DIGEST].reasons] == [reason]


def test_three_messages_that_could_not_be_delivered_suppress_and_two_do_not() -> None:
    for _ in range(2):
        row = sent()
        tell(receipt(row, "soft_bounced"), receipt(row, "soft_bounced"))
        tell(receipt(row, "soft_bounced"))
    two = suppressions.find(TENANT, "email", [DIGEST])
    tell(receipt(sent(), "soft_bounced"))

    assert two == {}
    assert [*suppressions.find(TENANT, "email", [DIGEST])[DIGEST].reasons] == ["soft_bounces"]


@pytest.mark.parametrize("mark", ["complained", "unsubscribed"])
def test_who_complains_or_unsubscribes_counts_once_and_leaves_the_state(mark: str) -> None:
    row = sent()

    for _ in range(3):
        tell(receipt(row, mark))

    assert (status_of(row), totals()) == ("sent", {"sent": 1, mark: 1})
    assert events_of(row) == [f"audience.recipient.{mark}"]


def test_a_receipt_before_the_answer_of_the_provider_applies() -> None:
    row = stored(address_digest=DIGEST)
    answered = step(row, "sent")

    tell(receipt(row, "delivered"))
    outcomes.record([(row, answered)])

    assert (status_of(row), totals()) == ("delivered", {"delivered": 1})


def test_nothing_is_made_of_a_message_that_was_not_sent(capsys: pytest.CaptureFixture[str]) -> None:
    nobody = sent()._replace(lead_id=ids.new("lead"))

    tell(receipt(nobody, "bounced"))

    assert totals() == {"sent": 1}
    assert suppressions.find(TENANT, "email", [DIGEST]) == {}
    assert '"UnknownReceipts":[1.0]' in capsys.readouterr().out.replace(" ", "")


@pytest.mark.parametrize("status", ["bounced", "complained", "delivered"])
def test_a_provider_tells_nothing_of_a_message_that_another_has_sent(
    status: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sender, another = ids.new("prv"), ids.new("prv")
    row = sent(provider_id=sender)

    tell(receipt(row, status, provider_id=another, raw="{}"))

    assert (status_of(row), totals()) == ("sent", {"sent": 1})
    assert suppressions.find(TENANT, "email", [DIGEST]) == {}
    assert evidence.of(TENANT, CAMPAIGN, row.lead_id) == []
    assert '"UnknownReceipts":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_of_two_providers_the_one_that_has_sent_is_believed() -> None:
    sender, another = ids.new("prv"), ids.new("prv")
    row = sent(provider_id=sender)

    tell(receipt(row, "bounced", provider_id=another), receipt(row, "delivered", provider_id=sender))

    assert (status_of(row), totals()) == ("delivered", {"delivered": 1})


def test_a_skipped_recipient_stays_skipped() -> None:
    row = stored()
    outcomes.record([(row, step(row, "skipped", "no_consent"))])

    tell(receipt(row, "delivered"))

    assert status_of(row) == "skipped"


def test_receipts_of_many_are_few_transactions() -> None:
    rows = [sent() for _ in range(30)]

    tell(*(receipt(each, "delivered") for each in rows))

    assert totals() == {"delivered": 30}


def test_random_histories_end_alike_however_they_are_cut() -> None:
    chance = random.Random(16)  # noqa: S311 - a test
    for _ in range(40):
        rows = [sent() for _ in range(3)]
        before = totals()
        told = [receipt(each, status) for each in rows for status in ("delivered", "opened", "bounced", "failed")]
        told = [each for each in told for _ in range(chance.randint(0, 2))]
        chance.shuffle(told)
        while told:
            cut = chance.randint(1, len(told))
            tell(*told[:cut])
            told = told[cut:]
        counted = totals()
        assert sum(counted.values()) == sum(before.values())
        assert all(number >= 0 for number in counted.values())
        seen = [status_of(each) for each in rows]
        gained = {name: counted.get(name, 0) - before.get(name, 0) for name in counted}
        assert gained == {name: seen.count(name) - 3 * (name == "sent") for name in counted}


@pytest.mark.parametrize("seed", range(3))
def test_16_workers_at_once_count_each_receipt_once(seed: int) -> None:
    rows = [sent() for _ in range(6)]
    told = [receipt(each, status) for each in rows for status in ("delivered", "opened", "complained")]
    told += [receipt(each, "bounced") for each in rows[:2]]
    chance = random.Random(seed)  # noqa: S311 - a test

    answers = shuffled(seed, *(partial(tell, *chance.sample(told, len(told))) for _ in range(16)))

    assert answers == [None] * 16
    assert totals() == {"opened": 4, "bounced": 2, "complained": 6}
    assert [status_of(each) for each in rows] == ["bounced"] * 2 + ["opened"] * 4
    assert [len(events_of(each)) for each in rows] == [2, 2, 1, 1, 1, 1]
