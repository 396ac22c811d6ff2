"""Evidence that expires after layers were approved on it: they open again, or the gate is held."""

from typing import Any

import pytest

from functions.projects.evidence import sweeping
from functions.projects.following import asking
from functions.projects.milestones import gates, milestones
from shared.storage import table
from tests.projects.billing import bills
from tests.projects.escalation.asking import asks, raises
from tests.projects.verification.checked import COUNT, automated, hears, proves
from tests.projects.verification.review import Review, layer

DAY = 24 * 3600
MANAGERS = [{"role": "manager"}]


def expires(review: Review, time: Any) -> None:
    """Let the day end on which evidence expires."""
    time.shift(DAY)
    sweeping.run(lambda: True)


def proved(review: Review, *layers: dict[str, Any], **more: Any) -> str:
    """Have a milestone completed on two links, of which the first expires today; return its path."""
    milestone = review.begins(*layers, **({"acceptance": "manager"} | more))
    proves(review, milestone, "1", expires_on="2026-11-20")
    proves(review, milestone, "2")
    review.ben.post(f"{milestone}/complete")
    return milestone


def approves(review: Review, milestone: str, number: int = 0, attempt: int = 1) -> None:
    found = review.layers(milestone, attempt)[number]
    somebody = review.ada if found["name"] == "Board" else review.verifiers[0]
    approved = review.decides(somebody, found)
    assert approved.status == 200, approved.body


def told(review: Review, milestone: str) -> list[str]:
    return [each["event_type"] for each in review.ada.get(f"{milestone}/history").body["items"]]


def gate(review: Review, milestone: str) -> dict[str, Any]:
    found = milestones.find(review.ada.tenant_id, milestone.rpartition("/")[2])
    assert found is not None
    return dict(table.get(gates.key(found), consistent=True) or {})


def test_an_approved_layer_opens_again_and_its_people_decide_on_what_is_left(review: Review, time: Any):
    milestone = proved(review, layer(1), layer(2, name="Board", approvers=MANAGERS))
    approves(review, milestone)
    expires(review, time)
    first, second = review.layers(milestone)

    assert (first["status"], second["status"]) == ("open", "open")
    assert [each["is_withdrawn"] for each in first["decisions"]] == [True]
    assert "projects.layer.reopened" in told(review, milestone)
    approves(review, milestone)
    approves(review, milestone, 1)
    assert review.ada.status(milestone) == "verified"


def test_a_verified_milestone_is_completed_again_and_its_levels_open_one_after_the_other(review: Review, time: Any):
    milestone = proved(review, layer(1), layer(2, name="Board", approvers=MANAGERS))
    approves(review, milestone)
    approves(review, milestone, 1)
    assert review.ada.status(milestone) == "verified"
    expires(review, time)

    assert (review.ada.status(milestone), review.statuses(milestone)) == ("completed", ["open", "waiting"])
    assert gate(review, milestone)["status"] == "completed"
    assert "projects.milestone.reopened" in told(review, milestone)
    asking.follow(review.ada.tenant_id, milestone.rpartition("/")[2])
    assert len(review.verifiers[1].get("/worklist").body["items"]) == 1
    approves(review, milestone)
    approves(review, milestone, 1)
    assert review.ada.status(milestone) == "verified"


def test_a_layer_that_has_not_seen_the_evidence_stays_approved(review: Review, time: Any):
    milestone = review.begins(layer(1), layer(2, name="Board", approvers=MANAGERS), acceptance="manager")
    proves(review, milestone, "2")
    review.ben.post(f"{milestone}/complete")
    approves(review, milestone)
    proves(review, milestone, "1", expires_on="2026-11-20")
    approves(review, milestone, 1)
    expires(review, time)

    assert (review.ada.status(milestone), review.statuses(milestone)) == ("completed", ["approved", "open"])


def test_an_optional_layer_that_is_advice_does_not_open_again(review: Review, time: Any):
    advice = layer(1, name="Board", approvers=MANAGERS, required=False)
    milestone = proved(review, advice, layer(1))
    approves(review, milestone)
    expires(review, time)

    assert review.statuses(milestone) == ["approved", "open"]


def test_an_approval_that_was_carried_over_opens_again_when_its_evidence_expires(review: Review, time: Any):
    milestone = proved(review, layer(1), layer(2, name="Board", approvers=MANAGERS))
    approves(review, milestone)
    review.decides(review.ada, review.layers(milestone)[1], "reject")
    review.ben.post(f"{milestone}/rework")
    review.ben.post(f"{milestone}/complete")
    assert review.layers(milestone, attempt=2)[0]["carried_from"] is not None
    expires(review, time)
    first = review.layers(milestone, attempt=2)[0]

    assert (first["status"], first["carried_from"]) == ("open", None)


def test_an_automated_layer_that_opens_again_waits_until_its_checks_pass(review: Review, time: Any):
    milestone = proved(review, automated(1, {**COUNT, "at_least": 2}))
    hears(review, milestone)
    assert review.ada.status(milestone) == "verified"
    expires(review, time)
    hears(review, milestone)
    assert (review.ada.status(milestone), review.statuses(milestone)) == ("completed", ["open"])
    proves(review, milestone, "3")
    hears(review, milestone)

    assert (review.ada.status(milestone), review.statuses(milestone)) == ("verified", ["approved"])


def test_a_milestone_whose_last_evidence_came_while_it_was_escalated_goes_on_when_that_is_over(review: Review):
    wanted = [{"key": "drawings", "title": "Drawings"}]
    more = {"evidence_requirements": wanted, "acceptance": "manager"}
    milestone = review.ada.begins(review.project, review.ben, **more)
    review.ben.put(f"{milestone}/progress", {"progress": 100})
    escalation = raises(review.ada, milestone, blocks_work=True)
    proves(review, milestone, requirement="drawings")
    assert review.ada.status(milestone) == "escalated"
    asks(review.ada, escalation, "resolve")

    assert review.ada.status(milestone) == "verified"


def test_a_milestone_that_still_lacks_evidence_is_in_progress_when_that_is_over(review: Review):
    wanted = [{"key": "drawings", "title": "Drawings", "at_least": 2}]
    milestone = review.ada.begins(review.project, review.ben, evidence_requirements=wanted)
    review.ben.put(f"{milestone}/progress", {"progress": 100})
    escalation = raises(review.ada, milestone, blocks_work=True)
    proves(review, milestone, requirement="drawings")
    asks(review.ada, escalation, "resolve")

    assert review.ada.status(milestone) == "in_progress"


@pytest.mark.parametrize("acceptance", ["none", "manager"])
def test_once_approved_or_committed_it_stays_and_an_escalation_holds_its_gate(
    acceptance: str, review: Review, time: Any
):
    milestone = proved(review, layer(1), acceptance=acceptance, amount_minor_units=5000)
    approves(review, milestone)
    status = review.ada.status(milestone)
    if status == "verified":
        bills(review.ada, milestone, is_committed=True)
    expires(review, time)
    [raised] = review.ada.get("/escalations", query=f"project_milestone_id={milestone.rpartition('/')[2]}").body[
        "items"
    ]

    assert (review.ada.status(milestone), review.statuses(milestone)) == (status, ["approved"])
    assert (raised["kind"], raised["raised_by"], raised["blocks_work"]) == ("quality", "system", True)
    assert gate(review, milestone)["holds"] == [raised["escalation_id"]]
    assert asks(review.ada, f"/escalations/{raised['escalation_id']}", "resolve").status == 200
    assert gate(review, milestone)["holds"] == []


@pytest.mark.parametrize(("is_holding", "kinds"), [(False, ["delay", "quality"]), (True, ["quality"])])
def test_an_open_escalation_of_quality_stands_for_it_only_if_it_holds_the_gate(
    is_holding: bool,  # noqa: FBT001
    kinds: list[str],
    review: Review,
    time: Any,
):
    milestone = proved(review, layer(1), acceptance="none", amount_minor_units=5000)
    approves(review, milestone)
    theirs = raises(review.ada, milestone, kind="quality", blocks_work=is_holding).rpartition("/")[2]
    expires(review, time)
    listed = review.ada.get("/escalations", query=f"project_milestone_id={milestone.rpartition('/')[2]}").body["items"]
    holding = [each["escalation_id"] for each in listed if each["blocks_work"]]

    assert sorted(each["kind"] for each in listed) == kinds
    assert gate(review, milestone)["holds"] == holding
    assert (theirs in holding) == is_holding


def test_evidence_that_expires_while_the_milestone_is_escalated_opens_its_layers_again(review: Review, time: Any):
    milestone = proved(review, layer(1))
    escalation = raises(review.ada, milestone, blocks_work=True)
    approves(review, milestone)
    expires(review, time)
    assert (review.ada.status(milestone), review.statuses(milestone)) == ("escalated", ["open"])
    asks(review.ada, escalation, "resolve")

    assert review.ada.status(milestone) == "completed"
