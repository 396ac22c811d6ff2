"""How advances are paid out and repaid: instalments, the ledger, and whoever dies in between."""

import contextlib
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine

from functions.payments.ledger import reading
from shared.errors import Unavailable
from tests.aws import races, troubles
from tests.payments.financing.lending import ADVANCE, Lending

USUAL = 7_107_903


def paid_out(lending: Lending, *milestones: str, **more: Any) -> str:
    """Return the path of an advance of 800,000.00 at 12 % for 12 months that is paid out today."""
    path = lending.approved(*(milestones or (lending.milestone(),)), **more)
    said = lending.boss.post(f"{path}/disburse")
    assert (said.status, said.body["status"]) == (200, "active"), said.body
    return path


def balance(lending: Lending) -> dict[str, int]:
    found = reading.trial_balance(lending.ada.tenant_id, "EUR")
    assert found["is_balanced"]
    codes = ("clearing", "advance_payable", "interest")
    return {each["code"]: each["balance_minor_units"] for each in found["accounts"] if each["code"] in codes}


def test_an_advance_is_paid_out_once_with_its_instalments_and_its_entry(lending: Lending):
    path = paid_out(lending)

    assert lending.boss.post(f"{path}/disburse").code == "FinancingTransitionNotAllowed"
    assert balance(lending) == {"advance_payable": ADVANCE, "clearing": ADVANCE}
    schedule = lending.ada.get(f"{path}/schedule").body
    assert [each["amount_minor_units"] for each in schedule["instalments"]] == [USUAL] * 11 + [USUAL + 1]
    assert (schedule["as_of"], schedule["instalments"][0]["due_on"]) == ("2026-11-20", "2026-12-20")
    assert (schedule["due_minor_units"], schedule["payoff_minor_units"]) == (0, ADVANCE)
    shown = lending.ada.get(path).body
    assert (shown["next_due_on"], shown["outstanding_minor_units"]) == ("2026-12-20", ADVANCE)
    assert (shown["disbursed_by"], shown["allowed"]) == (lending.dana.user_id, ["repay"])
    assert lending.told(path)[-1] == "disbursed"


def test_the_schedule_of_what_is_not_paid_out_is_that_of_today(lending: Lending):
    path = lending.asks(lending.milestone())

    schedule = lending.ada.get(f"{path}/schedule").body
    assert (schedule["instalments"][0]["due_on"], schedule["payoff_minor_units"]) == ("2026-12-20", 0)
    assert lending.ada.get(f"{path}/statement").body["items"] == []


def test_instalments_repaid_in_time_complete_it_and_free_its_pledges(lending: Lending, time: time_machine.Traveller):
    milestone = lending.milestone()
    path = paid_out(lending, milestone, instalment_count=2, yearly_percent="0")
    for days in (30, 31):
        time.shift(timedelta(days=days))
        repaid = lending.boss.post(f"{path}/repay", {"amount_minor_units": ADVANCE // 2})
        assert repaid.status == 200, repaid.body

    assert (repaid.body["status"], repaid.body["outstanding_minor_units"], repaid.body["allowed"]) == (
        "completed",
        0,
        [],
    )
    assert balance(lending) == {"advance_payable": 0, "clearing": 0}
    assert lending.pledges(milestone) == []
    assert lending.told(path)[-3:] == ["repaid", "repaid", "completed"]
    assert lending.boss.post(f"{path}/repay", {}).code == "FinancingTransitionNotAllowed"
    assert lending.sends(milestone).status == 201


def test_a_repayment_has_its_interest_in_the_ledger_and_the_statement(lending: Lending, time: time_machine.Traveller):
    path = paid_out(lending)
    time.shift(timedelta(days=30))
    lending.boss.post(f"{path}/repay", {"amount_minor_units": USUAL})

    principal = USUAL - 800_000
    assert balance(lending) == {
        "advance_payable": ADVANCE - principal,
        "clearing": ADVANCE - USUAL,
        "interest": 800_000,
    }
    statement = lending.ada.get(f"{path}/statement").body
    [item] = statement["items"]
    assert (item["principal_minor_units"], item["interest_minor_units"]) == (principal, 800_000)
    assert (item["outstanding_minor_units"], item["repaid_by"]) == (ADVANCE - principal, lending.dana.user_id)
    assert (statement["advanced_minor_units"], statement["next_due_on"]) == (ADVANCE, "2027-01-20")
    assert lending.ada.get(f"{path}/schedule").body["instalments"][0]["paid_minor_units"] == USUAL


def test_without_an_amount_all_is_repaid_that_is_owed_today(lending: Lending, time: time_machine.Traveller):
    path = paid_out(lending)
    time.shift(timedelta(days=15))
    payoff = lending.ada.get(f"{path}/schedule").body["payoff_minor_units"]

    assert payoff == ADVANCE + 400_000
    refused = lending.boss.post(f"{path}/repay", {"amount_minor_units": payoff + 1})
    assert (refused.status, refused.code) == (422, "MoreThanOwed")
    assert "804,000.00 EUR" in refused.body["detail"]
    assert lending.boss.post(f"{path}/repay", {}).body["status"] == "completed"
    assert balance(lending)["interest"] == 400_000


def test_what_is_repaid_at_once_by_two_is_repaid_twice_and_never_more_than_is_owed(lending: Lending):
    path = paid_out(lending)
    sent = {"amount_minor_units": ADVANCE * 3 // 4}

    said = races.at_once(*(partial(lending.boss.post, f"{path}/repay", sent) for _ in range(2)))

    assert sorted(each.status for each in said) == [200, 422]
    assert balance(lending)["advance_payable"] == ADVANCE // 4


def test_it_is_not_paid_out_when_its_pledges_do_not_cover_it_any_more(lending: Lending):
    invoice = lending.firm.issues(lending.milestone())["invoice_id"]
    path = lending.approved(invoices=(invoice,))
    lending.firm.post(f"/invoices/{invoice}/record-payment", {"amount_minor_units": 1, "received_on": "2026-11-20"})

    refused = lending.boss.post(f"{path}/disburse")
    assert (refused.status, refused.code) == (409, "PledgesWorthLess")
    assert lending.boss.post(f"{path}/reject", {"reason": "It is paid."}).body["status"] == "rejected"


def test_only_an_approved_request_is_paid_out_and_only_an_active_one_repaid(lending: Lending):
    path = lending.asks(lending.milestone())

    assert lending.boss.post(f"{path}/disburse").code == "FinancingTransitionNotAllowed"
    assert lending.boss.post(f"{path}/repay", {}).code == "FinancingTransitionNotAllowed"


@pytest.mark.parametrize("sent", [{"amount_minor_units": 0}, {"amount_minor_units": "1"}, {"amount": 1}])
def test_what_is_no_amount_is_refused(sent: dict[str, Any], lending: Lending):
    refused = lending.boss.post(f"{paid_out(lending)}/repay", sent)

    assert (refused.status, refused.code) == (422, "InvalidInput")


@pytest.mark.parametrize("takes_effect", [False, True])
@pytest.mark.parametrize("command", ["disburse", "repay"])
def test_after_a_crash_at_any_call_a_repetition_has_one_effect(
    command: str,
    takes_effect: bool,  # noqa: FBT001 - a parameter of the test
    lending: Lending,
):
    for number in range(1, 12):
        before = balance(lending).get("advance_payable", 0)
        milestone = lending.milestone()
        path = lending.approved(milestone) if command == "disburse" else paid_out(lending, milestone)
        sent = None if command == "disburse" else {"amount_minor_units": 1000}
        # The caller is known by now, so that the calls are those of the change.
        lending.boss.get(path)
        with troubles.dying_at(number, takes_effect=takes_effect) as made, contextlib.suppress(Unavailable):
            lending.boss.post(f"{path}/{command}", sent, key=f"once-{number}")
        again = lending.boss.post(f"{path}/{command}", sent, key=f"once-{number}")

        assert (again.status, again.body["status"]) == (200, "active"), again.body
        owed = balance(lending)["advance_payable"] - before
        assert owed == (ADVANCE if command == "disburse" else ADVANCE - 1000)
        if len(made) < number:
            return
    pytest.fail("it never ended")


def test_graphql_pays_out_and_repays(lending: Lending):
    fin = lending.approved(lending.milestone()).rpartition("/")[2]

    out = lending.boss.ask("disburseFinancing", financingId=fin).data
    assert (out["status"], out["outstanding"]["minorUnits"]) == ("active", str(ADVANCE))
    schedule = lending.boss.ask("financingSchedule", financingId=fin).data
    assert schedule["instalments"][0]["amount"] == {"minorUnits": str(USUAL), "currency": "EUR"}
    back = lending.boss.ask("repayFinancing", financingId=fin, amountMinorUnits="1000").data
    assert back["principalRepaid"]["minorUnits"] == "1000"
    statement = lending.boss.ask("financingStatement", financingId=fin).data
    assert (statement["payoff"]["minorUnits"], len(statement["items"])) == (str(ADVANCE - 1000), 1)
    assert lending.boss.ask("repayFinancing", financingId=fin).data["status"] == "completed"
