"""Several invoices in one request, each by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.payments.bulk import many
from shared import ids
from tests.aws import hooks, troubles
from tests.payments.invoicing import Firm

PATH = "/invoices/bulk"


def of(milestone: str, **more: Any) -> dict[str, Any]:
    return {"project_milestone_id": milestone.rpartition("/")[2], **more}


def outcomes(answered: Any) -> list[tuple[str | None, str | None]]:
    """Return the number and the code of a refusal of each invoice."""
    assert answered.status == 200, answered.body
    return [(each["number"] and each["number"][-4:], each["code"]) for each in answered.body["items"]]


def test_each_is_issued_by_itself_and_a_refusal_keeps_no_other_out(firm: Firm):
    one, other = firm.verified(1000), firm.verified(2000)
    planned = firm.ada.plans(firm.project, amount_minor_units=1000)
    wanted = [of(one), of(one), of(planned), of(ids.new("pms")), of(other, percentage="40"), of(other, draft=True)]
    answered = firm.post(PATH, {"invoices": wanted})

    assert outcomes(answered) == [
        ("0001", None),
        (None, "OverInvoiced"),
        (None, "MilestoneNotReady"),
        (None, "ProjectMilestoneNotFound"),
        ("0002", None),
        (None, None),
    ]
    assert [each["status"] for each in answered.body["items"]] == ["issued", None, None, None, "issued", "draft"]
    assert firm.numbers(month=answered.body["items"][0]["number"][4:10]) == ["NUMBER#000001", "NUMBER#000002", "2"]


def test_what_broke_off_goes_on_when_it_is_sent_again(firm: Firm):
    milestones = [firm.verified(1000) for _ in range(3)]
    sent = {"invoices": [of(each, percentage="10") for each in milestones]}
    with troubles.dying_at(7, takes_effect=True):
        assert firm.post(PATH, sent, key="k").status == 200
    answered = firm.post(PATH, sent, key="k")
    again = firm.post(PATH, sent, key="k")

    assert [code for _, code in outcomes(answered)] == [None] * 3
    assert again.body == answered.body
    assert [firm.billing(each)["share"] for each in milestones] == [100_000] * 3
    reused = firm.post(PATH, {"invoices": sent["invoices"][:2]}, key="k")
    assert (reused.status, reused.body["code"]) == (422, "IdempotencyKeyReused")


def test_what_finds_no_time_is_not_tried(firm: Firm):
    milestones = [firm.verified(1000) for _ in range(3)]
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:

        def lasts(**_: Any) -> None:
            time.shift(timedelta(seconds=10))

        with hooks.registered("before-call.dynamodb.TransactWriteItems", lasts):
            answered = firm.post(PATH, {"invoices": [of(each) for each in milestones]})

    assert outcomes(answered) == [("0001", None), ("0002", None), (None, "NotTried")]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"invoices": []}, "invoices"),
        ({"invoices": [{"project_milestone_id": "pms"}] * (many.MOST + 1)}, "invoices"),
        ({"invoices": [{}]}, "invoices.0.project_milestone_id"),
        ({"invoices": [{"project_milestone_id": "pms", "amount": 1}]}, "invoices.0.amount"),
    ],
)
def test_what_cannot_be_asked_for_writes_nothing(firm: Firm, sent: Any, field: str):
    refused = firm.post(PATH, sent)

    assert refused.status in (400, 422)
    assert [each["field"] for each in refused.body["errors"]] == [field]


def test_somebody_without_a_role_is_refused_for_each(firm: Firm):
    milestone = firm.verified(1000)
    eve = firm.purse(somebody=firm.ada.colleague())
    answered = eve.rest("POST", PATH, {"invoices": [of(milestone)]})

    assert outcomes(answered) == [(None, "ProjectMilestoneNotFound")]


def test_graphql_has_the_same(firm: Firm):
    milestone = firm.verified(1000)
    wanted = [{"projectMilestoneId": milestone.rpartition("/")[2]}] * 2
    made = firm.purse().ask("createInvoices", invoices=wanted).data

    assert [(each["status"], each["code"]) for each in made] == [("issued", None), (None, "OverInvoiced")]
