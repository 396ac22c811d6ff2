"""The states of a recipient: forward only, with two corrections."""

from typing import get_args

import pytest

from functions.audience.recipients.state import Status, advanced, may_follow
from tests.audience.recipients.rows import claimed

AT = "2026-11-20T12:00:00.000Z"
LATER = "2026-11-20T12:05:00.000Z"


@pytest.mark.parametrize(
    ("before", "following"),
    [
        ("pending", "sending sent delivered opened clicked failed bounced unknown skipped"),
        ("sending", "pending sent delivered opened clicked failed bounced unknown skipped"),
        ("sent", "delivered opened clicked failed bounced"),
        ("delivered", "opened clicked bounced"),
        ("opened", "clicked bounced"),
        ("clicked", "bounced"),
        ("unknown", "sent delivered opened clicked failed bounced"),
        ("failed", "delivered opened clicked bounced"),
        ("bounced", ""),
        ("skipped", ""),
    ],
)
def test_a_state_is_followed_by_these_alone(before: Status, following: str) -> None:
    assert {each for each in get_args(Status) if may_follow(before, each)} == {*following.split()}


def test_what_is_told_twice_is_no_step() -> None:
    delivered = advanced(claimed(status="sent"), "delivered", AT)

    assert delivered is not None
    assert advanced(delivered, "delivered", LATER) is None


def test_a_click_says_that_the_message_was_opened_delivered_and_sent() -> None:
    clicked = advanced(claimed(claim_token="mine", lease_until=AT), "clicked", AT)

    assert clicked is not None
    assert (clicked.sent_at, clicked.delivered_at, clicked.opened_at, clicked.clicked_at) == (AT,) * 4
    assert (clicked.claim_token, clicked.lease_until, clicked.version) == (None, None, 2)


def test_an_instant_that_is_known_stays() -> None:
    delivered = advanced(claimed(status="sent", sent_at=AT), "delivered", LATER)

    assert delivered is not None
    assert (delivered.sent_at, delivered.delivered_at, delivered.updated_at) == (AT, LATER, LATER)


def test_a_message_that_failed_and_was_delivered_after_all_keeps_no_reason() -> None:
    failed = advanced(claimed(), "failed", AT, "30003")
    assert failed is not None
    delivered = advanced(failed, "delivered", LATER)

    assert (failed.reason, failed.sent_at) == ("30003", None)
    assert delivered is not None
    assert (delivered.status, delivered.reason) == ("delivered", None)
