"""Pledged money repays first, once, and what it does not take goes on; an instalment that is too late defaults."""

import contextlib
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from functions.payments.financing import defaulting, financings
from functions.payments.releases import consumers
from shared import clock
from shared.errors import Unavailable
from shared.messaging import timers
from shared.storage import table
from tests.aws import troubles
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.payments.financing.lending import ADVANCE, Lending
from tests.payments.releases import asking


def paid_out(lending: Lending, *milestones: str, **more: Any) -> str:
    path = lending.approved(*milestones, **more)
    assert lending.boss.post(f"{path}/disburse").status == 200
    return path


def released(lending: Lending, milestone: str, percentage: str) -> str:
    """Issue an invoice of a milestone and release its payment; return the path of that, its events not delivered."""
    payment = f"/payments/{lending.firm.issues(milestone, percentage=percentage)['payment_id']}"
    assert lending.dana.post(f"{payment}/release").status == 200
    [requested] = [each for each in asking.told(lending.firm, payment) if each.event_type.endswith("release_requested")]
    asking.hears([requested])
    assert lending.ada.get(payment).body["status"] == "completed"
    return payment


def sweeps() -> int:
    """Have everything looked at that is due of advances, as the sweep does; return how much that was."""
    until = f"DUE#{clock.to_rfc3339(clock.now())}~"
    shards = [timers.partition(financings.KIND, shard) for shard in range(timers.SHARDS)]
    found = [item for each in shards for item in table.query(each, "DUE#", index=True, limit=100).items]
    due = [timers.message_of(item) for item in found if item["GSI1SK"] <= until]
    if due:
        answered = consumers.handler(batch(json.dumps(each) for each in due), Context())  # type: ignore[arg-type]
        assert answered == {"batchItemFailures": []}
    return len(due)


def statement(lending: Lending, path: str) -> list[dict[str, Any]]:
    return list(lending.ada.get(f"{path}/statement").body["items"])


def test_a_pledged_payment_repays_once_however_often_it_is_told_of(lending: Lending):
    milestone = lending.milestone()
    path = paid_out(lending, milestone)
    payment = released(lending, milestone, "50")
    asking.goes_on(lending.firm, payment)

    [repaid] = statement(lending, path)
    assert (repaid["principal_minor_units"], repaid["passed_on_minor_units"]) == (50_000_000, 0)
    assert repaid["payment_id"] == payment.rpartition("/")[2]
    assert lending.ada.get(path).body["outstanding_minor_units"] == ADVANCE - 50_000_000


def test_what_is_more_than_owed_goes_on_and_its_pledges_are_free(lending: Lending):
    milestone = lending.milestone()
    path = paid_out(lending, milestone)
    for percentage in ("50", "40"):
        asking.goes_on(lending.firm, released(lending, milestone, percentage))

    assert lending.ada.get(path).body["status"] == "completed"
    assert [each["passed_on_minor_units"] for each in statement(lending, path)] == [0, 10_000_000]
    assert lending.pledges(milestone) == []
    asking.goes_on(lending.firm, released(lending, milestone, "10"))
    assert len(statement(lending, path)) == 2


def test_what_is_due_is_paid_before_anything_ahead_of_time(lending: Lending, time: time_machine.Traveller):
    milestone = lending.milestone()
    path = paid_out(lending, milestone)
    time.shift(timedelta(days=30))
    asking.goes_on(lending.firm, released(lending, milestone, "10"))

    schedule = lending.ada.get(f"{path}/schedule").body
    first, second, *_ = schedule["instalments"]
    assert first["paid_minor_units"] == first["amount_minor_units"]
    assert second["paid_minor_units"] == 10_000_000 - first["amount_minor_units"]


def test_money_of_another_milestone_or_from_before_the_advance_repays_nothing(lending: Lending):
    milestone, other = lending.milestone(), lending.milestone()
    before = released(lending, milestone, "10")
    path = paid_out(lending, milestone, amount_minor_units=72_000_000)
    for payment in (before, released(lending, other, "100")):
        asking.goes_on(lending.firm, payment)

    assert statement(lending, path) == []


def test_a_pledged_invoice_repays_and_the_others_of_its_milestone_do_not(lending: Lending):
    milestone = lending.milestone()
    pledged = lending.firm.issues(milestone, percentage="50")
    path = paid_out(lending, invoices=(pledged["invoice_id"],), amount_minor_units=40_000_000)
    asking.goes_on(lending.firm, released(lending, milestone, "50"))
    assert statement(lending, path) == []

    payment = f"/payments/{pledged['payment_id']}"
    assert lending.dana.post(f"{payment}/release").status == 200
    asking.goes_on(lending.firm, payment)
    asking.goes_on(lending.firm, payment)
    assert lending.ada.get(path).body["status"] == "completed"


@pytest.mark.parametrize("takes_effect", [False, True])
def test_whoever_dies_while_pledged_money_repays_leaves_it_to_the_next(
    takes_effect: bool,  # noqa: FBT001 - a parameter of the test
    lending: Lending,
):
    for number in range(1, 20):
        milestone = lending.milestone()
        path = paid_out(lending, milestone)
        payment = released(lending, milestone, "10")
        told = [each for each in asking.told(lending.firm, payment) if each.event_type.endswith(".released")]
        with troubles.dying_at(number, takes_effect=takes_effect) as made, contextlib.suppress(Unavailable):
            consumers.handler(asking.delivered(told), Context())  # type: ignore[arg-type]
        asking.hears(told)

        assert [each["principal_minor_units"] for each in statement(lending, path)] == [10_000_000]
        if len(made) < number:
            return
    pytest.fail("it never ended")


def test_an_instalment_is_too_late_on_the_16th_day_and_once(lending: Lending, time: time_machine.Traveller):
    path = paid_out(lending, lending.milestone())
    time.move_to("2027-01-04T23:59:59Z", tick=False)
    assert sweeps() == 0
    defaulting.look(lending.ada.tenant_id, path.rpartition("/")[2])
    assert lending.ada.get(path).body["status"] == "active"
    time.move_to("2027-01-05T00:00:00Z", tick=False)
    assert [sweeps(), sweeps()] == [1, 0]
    defaulting.look(lending.ada.tenant_id, path.rpartition("/")[2])

    shown = lending.ada.get(path).body
    assert (shown["status"], shown["defaulted_at"]) == ("defaulted", "2027-01-05T00:00:00.000Z")
    assert lending.told(path).count("defaulted") == 1


def test_an_instalment_paid_in_its_days_of_grace_moves_the_day(lending: Lending, time: time_machine.Traveller):
    path = paid_out(lending, lending.milestone())
    time.move_to("2027-01-04T12:00:00Z", tick=False)
    assert lending.boss.post(f"{path}/repay", {"amount_minor_units": 7_107_903}).status == 200
    time.move_to("2027-01-05T00:00:00Z", tick=False)
    assert sweeps() == 0
    time.move_to("2027-02-05T00:00:00Z", tick=False)
    assert sweeps() == 1

    assert lending.ada.get(path).body["status"] == "defaulted"


def test_pledged_money_whose_event_was_lost_repays_before_anything_is_defaulted(
    lending: Lending, time: time_machine.Traveller
):
    milestone = lending.milestone()
    path = paid_out(lending, milestone)
    released(lending, milestone, "50")
    time.move_to("2027-01-05T00:00:00Z", tick=False)
    sweeps()

    shown = lending.ada.get(path).body
    assert (shown["status"], len(statement(lending, path))) == ("active", 1)


def test_what_is_defaulted_is_still_repaid_and_then_nothing_is_pledged(lending: Lending, time: time_machine.Traveller):
    milestone = lending.milestone()
    path = paid_out(lending, milestone)
    time.move_to("2027-01-05T00:00:00Z", tick=False)
    sweeps()
    asking.goes_on(lending.firm, released(lending, milestone, "50"))
    shown = lending.ada.get(path).body
    assert (shown["status"], shown["allowed"]) == ("defaulted", ["repay"])

    ended = lending.boss.post(f"{path}/repay", {}).body
    assert (ended["status"], ended["outstanding_minor_units"], ended["allowed"]) == ("defaulted", 0, [])
    assert lending.pledges(milestone) == []
    assert lending.boss.post(f"{path}/repay", {}).code == "MoreThanOwed"
