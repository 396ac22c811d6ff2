"""Which payments of a milestone are in trouble, by events that come in any order and more than once."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from functions.projects import payment_troubles
from functions.projects.payment_troubles import MOST, PaymentTroubles
from shared import ids
from shared.storage.events import Event

PAYMENT = ids.new("pay")
NEEDS_PEOPLE = ("stalled", "contradicted", "refund_failed")


def told(what: str, version: int, number: int, *, needs_people: bool | None = None, payment: str = PAYMENT) -> Event:
    """Return an event of a payment at a version, the one of this number of all."""
    data: dict[str, Any] = {"payment_id": payment, "payment_version": version}
    data["needs_people"] = what in NEEDS_PEOPLE if needs_people is None else needs_people
    return Event(f"evt_{number:026}", f"payments.payment.{what}", 2, "", "tenant", payment, data)


def closed(what: str) -> Event:
    return Event(f"evt_{999:026}", f"payments.invoice.{what}", 2, "", "tenant", "inv", {"payment_id": PAYMENT})


FAILED = told("failed", 9, 5, needs_people=True)
TRIED_AGAIN = told("failed", 5, 3, needs_people=False)
RELEASED = told("released", 12, 7)


def after(happened: Sequence[Event]) -> dict[str, str]:
    found = PaymentTroubles()
    for each in happened:
        found = found.after(each)
    return dict(found.troubles)


@pytest.mark.parametrize(
    ("happened", "trouble"),
    [
        ([TRIED_AGAIN], None),
        ([TRIED_AGAIN, FAILED], "failed"),
        ([TRIED_AGAIN, FAILED, RELEASED], None),
        ([FAILED, told("held", 10, 6, needs_people=False)], "failed"),
        ([told("held", 4, 2, needs_people=False)], None),
        ([told("held", 4, 2, needs_people=True)], "held"),
        ([told("held", 4, 2, needs_people=True), told("cancelled", 5, 3)], None),
        ([told("stalled", 4, 2), RELEASED], None),
        ([TRIED_AGAIN, told("deposit_awaited", 7, 4, needs_people=True)], "deposit_awaited"),
        ([told("deposit_awaited", 7, 4, needs_people=True), RELEASED], None),
        ([told("deposit_awaited", 7, 4, needs_people=True), closed("paid")], None),
        ([told("deposit_awaited", 7, 4, needs_people=False)], None),
        ([RELEASED, told("contradicted", 12, 8)], "contradicted"),
        ([RELEASED, told("contradicted", 12, 8), told("refunded", 13, 9)], "contradicted"),
        ([RELEASED, told("refund_failed", 14, 8), told("refunded", 16, 9)], None),
        ([RELEASED, told("stalled", 14, 8), told("refunded", 16, 9)], None),
        ([FAILED, closed("paid")], None),
        ([FAILED, closed("cancelled")], None),
        ([RELEASED, closed("paid"), told("refund_failed", 14, 8)], "refund_failed"),
    ],
)
def test_the_newest_event_counts_in_whatever_order_they_come(happened: list[Event], trouble: str | None):
    expected = {} if trouble is None else {PAYMENT: trouble}

    for order in itertools.permutations(happened):
        assert after(order) == expected
        assert after([*order, *order]) == expected


def test_what_is_kept_is_bounded_and_forgets_no_trouble():
    found = PaymentTroubles().after(FAILED)
    for number in range(MOST + 10):
        found = found.after(told("released", 6, 100 + number, payment=ids.new("pay")))

    assert len(found.heard) == MOST
    assert found.troubles == {PAYMENT: "failed"}


def test_what_is_stored_is_read_again():
    found = PaymentTroubles().after(FAILED)
    stored = payment_troubles.changed("TENANT#t#PMS#m", PaymentTroubles(), found)

    assert payment_troubles.of(stored.item) == found._replace(version=1)
    assert payment_troubles.of(None) == PaymentTroubles()
