"""How an advance is asked for, what is pledged for it, and who approves it; over REST and GraphQL."""

import contextlib
from functools import partial

import pytest

from functions.payments.financing import requesting
from functions.payments.financing.pledges import AlreadyPledged
from functions.payments.financing.requesting import Asked
from shared.callers.caller import Caller
from shared.errors import Unavailable
from tests.aws import races, troubles
from tests.payments.financing.lending import ADVANCE, AMOUNT, Lending
from tests.payments.people import Person


def asked_by(somebody: Person, milestone: str, amount: int = ADVANCE) -> partial[object]:
    caller = Caller(somebody.user_id, somebody.tenant_id, (), frozenset(), None, (), None)
    return partial(
        requesting.request, caller, Asked(amount, "EUR", 120_000, 12, "", [milestone.rpartition("/")[2]], [])
    )


def test_a_request_pledges_what_is_not_invoiced_of_a_milestone(lending: Lending):
    milestone = lending.milestone()
    shown = lending.ada.get(lending.asks(milestone, purpose="Wheels.")).body

    assert (shown["status"], shown["amount_minor_units"], shown["yearly_percent"]) == ("pending", ADVANCE, "12")
    assert [(each["percentage"], each["worth_minor_units"]) for each in shown["pledges"]] == [("100", AMOUNT)]
    [pledge] = lending.pledges(milestone)
    assert (pledge["financing_id"], pledge["share"], pledge["invoice_id"]) == (shown["financing_id"], 1_000_000, None)
    assert lending.told(f"/{shown['financing_id']}") == ["requested"]
    assert [each["financing_id"] for each in lending.ada.get("/financing-requests").body["items"]] == [
        shown["financing_id"]
    ]
    assert lending.ada.get("/financing-requests", "status=approved").body["items"] == []


def test_what_is_pledged_once_is_not_pledged_again(lending: Lending):
    milestone = lending.milestone()
    lending.asks(milestone)

    again = lending.sends(milestone, amount_minor_units=1000)
    assert (again.status, again.code) == (409, "AlreadyPledged")
    invoice = lending.firm.issues(milestone, percentage="10")["invoice_id"]
    assert lending.sends(invoices=(invoice,), amount_minor_units=1000).code == "AlreadyPledged"


def test_an_invoice_is_pledged_and_then_the_rest_of_its_milestone(lending: Lending):
    milestone = lending.milestone()
    invoice = lending.firm.issues(milestone, percentage="40")["invoice_id"]
    lending.asks(invoices=(invoice,), amount_minor_units=32_000_000)

    assert lending.sends(invoices=(invoice,), amount_minor_units=1000).code == "AlreadyPledged"
    lending.asks(milestone, amount_minor_units=48_000_000)
    assert [each["share"] for each in lending.pledges(milestone)] == [400_000, 600_000]


def test_of_two_who_pledge_the_same_at_once_one_does(lending: Lending):
    milestone = lending.milestone()

    made = races.at_once(asked_by(lending.ada, milestone), asked_by(lending.dana, milestone))

    assert sorted(isinstance(each, AlreadyPledged) for each in made) == [False, True]
    assert len(lending.pledges(milestone)) == 1


@pytest.mark.parametrize("takes_effect", [False, True])
def test_after_a_crash_at_any_call_a_repetition_pledges_once(
    takes_effect: bool,  # noqa: FBT001 - a parameter of the test
    lending: Lending,
):
    for number in range(1, 12):
        milestone = lending.milestone()
        with troubles.dying_at(number, takes_effect=takes_effect) as made:
            with contextlib.suppress(Unavailable):
                asked_by(lending.ada, milestone)()
            is_whole = len(made) < number
        again = lending.sends(milestone)

        assert again.status == 201 or again.code == "AlreadyPledged"
        assert len(lending.pledges(milestone)) == 1
        if is_whole:
            return
    pytest.fail("it never ended")


def test_at_most_80_percent_are_advanced(lending: Lending):
    milestone = lending.milestone()

    refused = lending.sends(milestone, amount_minor_units=ADVANCE + 1)
    assert (refused.status, refused.code) == (422, "AdvanceTooHigh")
    assert "800,000.00 EUR" in refused.body["detail"]
    assert lending.pledges(milestone) == []


def test_only_what_is_verified_and_unpaid_is_pledged(lending: Lending):
    planned = lending.firm.ada.plans(lending.firm.project, amount_minor_units=AMOUNT)
    milestone = lending.milestone()
    draft = lending.firm.issues(milestone, percentage="10", draft=True)["invoice_id"]
    part = lending.firm.issues(milestone, percentage="50")["invoice_id"]
    lending.firm.post(f"/invoices/{part}/record-payment", {"amount_minor_units": 1, "received_on": "2026-11-20"})
    rest = lending.firm.issues(milestone)["invoice_id"]

    refused = [lending.sends(planned), lending.sends(milestone)]
    refused += [lending.sends(invoices=(each,), amount_minor_units=1000) for each in (draft, part)]
    assert [(each.status, each.code) for each in refused] == [(409, "NotPledgeable")] * 4
    assert lending.sends(invoices=(rest,), amount_minor_units=1000).status == 201


@pytest.mark.parametrize(
    ("field", "sent", "code"),
    [
        ("amount_minor_units", 0, "InvalidInput"),
        ("amount_minor_units", "1", "InvalidInput"),
        ("yearly_percent", "101", "InvalidInput"),
        ("yearly_percent", "-1", "InvalidInput"),
        ("instalment_count", 61, "InvalidInput"),
        ("currency", "USD", "InvalidInput"),
        ("invoice_ids", ["x" * 65], "InvalidInput"),
        ("invoice_ids", ["inv_none"], "InvoiceNotFound"),
        ("project_milestone_ids", [], "InvalidInput"),
        ("project_milestone_ids", ["pms_none"], "ProjectMilestoneNotFound"),
        ("project_milestone_ids", ["pms_01KAEY5R7C2N8V4X6Z9B1D3F5H"], "ProjectMilestoneNotFound"),
        ("instalments", 1, "InvalidInput"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_and_writes_nothing(field: str, sent: object, code: str, lending: Lending):
    milestone = lending.milestone()

    refused = lending.sends(milestone, **{field: sent})

    assert refused.code == code, refused.body
    assert refused.status in (404, 422)
    assert lending.pledges(milestone) == []


def test_instalments_that_repay_nothing_are_refused(lending: Lending):
    refused = lending.sends(lending.milestone(), amount_minor_units=5, instalment_count=10)

    assert (refused.status, refused.code) == (422, "InstalmentsTooSmall")


def test_milestones_of_two_projects_are_not_pledged_together(lending: Lending):
    other = lending.firm.ada.begins(lending.firm.ada.creates(), lending.firm.ada, amount_minor_units=AMOUNT)
    assert lending.firm.ada.post(f"{other}/complete").status == 200

    assert lending.sends(lending.milestone(), other).code == "InvalidInput"


def test_strangers_find_nothing_and_clients_and_developers_ask_for_nothing(lending: Lending):
    path, ada, project = lending.asks(lending.milestone()), lending.firm.ada, lending.firm.project
    stranger = lending.firm.purse(somebody=ada.colleague())
    client = lending.firm.purse(somebody=ada.brings(project, ada.colleague(), "client"))
    other = lending.milestone().rpartition("/")[2]
    body = {"amount_minor_units": 1000, "currency": "EUR", "yearly_percent": "1", "instalment_count": 1}

    for somebody in (stranger, client):
        assert somebody.get(path).code == "FinancingNotFound"
        assert somebody.post(f"{path}/approve", {}).code == "FinancingNotFound"
        assert somebody.get("/financing-requests").body["items"] == []
    asked = {**body, "project_milestone_ids": [other]}
    assert stranger.post("/financing-requests", asked).code == "ProjectMilestoneNotFound"
    assert client.post("/financing-requests", asked).code == "FinanceRequired"


def test_an_admin_approves_it_where_nothing_is_set(lending: Lending):
    path = lending.asks(lending.milestone())

    refused = lending.dana.post(f"{path}/approve", {})
    assert (refused.status, refused.code) == (403, "FinancingApproverRequired")
    approved = lending.boss.post(f"{path}/approve", {"note": "Good."}).body
    assert (approved["status"], approved["layers"][0]["outcome"]) == ("approved", "approved")
    assert approved["layers"][0]["decisions"][0]["user_id"] == lending.dana.user_id
    assert lending.told(path) == ["requested", "approved"]
    again = lending.boss.post(f"{path}/approve", {})
    assert (again.code, again.body["event"]) == ("FinancingTransitionNotAllowed", "approve")


def test_layers_by_amount_each_take_somebody_else(lending: Lending):
    lending.sets({"above_minor_units": 0, "by": "finance", "approvals": 1}, {"above_minor_units": 1000, "by": "admin"})
    path = lending.asks(lending.milestone())

    assert lending.dana.post(f"{path}/approve", {}).body["status"] == "pending"
    assert lending.boss.post(f"{path}/approve", {}).code == "FinancingDecided"
    assert lending.cleo.post(f"{path}/approve", {}).code == "FinancingApproverRequired"
    assert lending.cleo.acting_as("admin").post(f"{path}/approve", {}).body["status"] == "approved"
    assert lending.told(path) == ["requested", "voted", "approved"]
    small = lending.asks(lending.milestone(), amount_minor_units=1000)
    assert lending.dana.post(f"{small}/approve", {}).body["status"] == "approved"


def test_whoever_asked_never_approves(lending: Lending):
    path = lending.asks(lending.milestone())

    refused = lending.ada.acting_as("owner").post(f"{path}/approve", {})
    assert (refused.status, refused.code) == (403, "SeparationOfFinancing")


def test_of_two_approvals_at_once_each_counts(lending: Lending):
    lending.sets({"above_minor_units": 0, "by": "finance", "approvals": 2})
    path = lending.asks(lending.milestone())

    races.at_once(*(partial(each.post, f"{path}/approve", {}) for each in (lending.dana, lending.cleo)))

    assert lending.ada.get(path).body["status"] == "approved"
    assert len(lending.ada.get(path).body["layers"][0]["decisions"]) == 2


@pytest.mark.parametrize("was", ["pending", "approved"])
def test_a_rejected_request_frees_what_was_pledged(was: str, lending: Lending):
    milestone = lending.milestone()
    path = lending.asks(milestone) if was == "pending" else lending.approved(milestone)

    assert lending.dana.post(f"{path}/reject", {"reason": "No."}).code == "FinancingApproverRequired"
    rejected = lending.boss.post(f"{path}/reject", {"reason": "The rate is too high."}).body
    assert (rejected["status"], rejected["ended_by"], rejected["allowed"]) == ("rejected", lending.dana.user_id, [])
    assert lending.pledges(milestone) == []
    again = lending.boss.post(f"{path}/reject", {"reason": "No."})
    assert (again.code, again.body["event"]) == ("FinancingTransitionNotAllowed", "reject")
    lending.asks(milestone)


def test_whoever_asked_withdraws_it(lending: Lending):
    path = lending.asks(lending.milestone())

    assert lending.ada.post(f"{path}/reject", {"reason": "Not needed."}).body["status"] == "rejected"


def test_a_key_repeated_has_one_effect_and_a_stale_version_none(lending: Lending):
    milestone = lending.milestone().rpartition("/")[2]
    body = {"amount_minor_units": 1000, "currency": "EUR", "yearly_percent": "1", "instalment_count": 1}
    sent = {**body, "project_milestone_ids": [milestone]}
    made = [lending.ada.post("/financing-requests", sent, key="once") for _ in range(2)]

    assert made[0].body == made[1].body
    path = f"/financing-requests/{made[0].body['financing_id']}"
    stale = lending.boss.rest("POST", f"{path}/approve", {}, headers={"if-match": '"7"'})
    assert (stale.status, stale.code) == (412, "VersionChanged")


def test_graphql_says_the_same(lending: Lending):
    milestone = lending.milestone().rpartition("/")[2]
    layers = [{"currency": "EUR", "aboveMinorUnits": "0", "by": "finance"}]
    set_up = lending.firm.purse("admin").ask("updatePaymentSettings", input={"financingLayers": layers})
    assert set_up.data["financingLayers"][0]["above"] == {"minorUnits": "0", "currency": "EUR"}
    sent = {"amountMinorUnits": "80000000", "currency": "EUR", "yearlyPercent": "12", "instalmentCount": 12}
    made = lending.ada.ask("requestFinancing", input={**sent, "projectMilestoneIds": [milestone]}).data
    fin = made["financingId"]

    assert made["amount"] == {"minorUnits": "80000000", "currency": "EUR"}
    assert made["pledges"][0]["worth"]["minorUnits"] == "100000000"
    assert lending.dana.ask("approveFinancing", financingId=fin).data["status"] == "approved"
    assert lending.dana.ask("financingRequest", financingId=fin).data["layers"][0]["outcome"] == "approved"
    assert lending.ada.ask("rejectFinancing", financingId=fin, reason="No.").data["status"] == "rejected"
    assert [each["status"] for each in lending.ada.ask("financingRequests").data["items"]] == ["rejected"]
