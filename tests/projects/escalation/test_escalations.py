"""Escalations over REST: who raises and sees to them, what they do to their milestone, and where they are listed."""

from datetime import timedelta

import pytest
import time_machine

from functions.projects.milestones import milestones
from functions.projects.milestones.transition import TRANSITIONS
from shared.storage import table
from shared.storage.attributes import Key
from tests.projects.escalation.asking import asks, draft, raises
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer


def gate_of(somebody: Person, milestone: str) -> list[str]:
    place = milestones.partition(somebody.tenant_id, milestone.rpartition("/")[2])
    item = table.get(Key(place, "0GATE"), consistent=True)
    assert item is not None
    return list(item["holds"])


@pytest.mark.parametrize(("severity", "hours"), [("critical", 4), ("high", 24), ("medium", 48), ("low", 72)])
def test_an_escalation_is_due_by_its_severity(
    severity: str, hours: int, ada: Person, milestone: str, time: time_machine.Traveller
):
    escalation = raises(ada, milestone, severity=severity)
    before = ada.get(escalation).body
    time.shift(timedelta(hours=hours, seconds=1))
    after = ada.get(escalation).body

    assert before["due_at"] == f"2026-11-{20 + (12 + hours) // 24}T{(12 + hours) % 24:02}:00:00.000Z"
    assert (before["is_overdue"], after["is_overdue"]) == (False, True)
    assert (before["status"], before["level"], before["version"]) == ("pending", 1, 1)


def test_one_that_blocks_no_work_leaves_the_milestone_as_it_is(ada: Person, milestone: str):
    before = ada.get(milestone).body
    raises(ada, milestone)

    assert ada.get(milestone).body == before
    assert gate_of(ada, milestone) == []


def test_one_that_blocks_work_stops_the_milestone_and_closes_its_gate(ada: Person, ben: Person, milestone: str):
    escalation = raises(ben, milestone, blocks_work=True)
    shown = ada.get(milestone).body
    own = escalation.rpartition("/")[2]

    assert (shown["status"], shown["escalated_from"], shown["held_by"]) == ("escalated", "in_progress", [own])
    assert shown["allowed"] == ["cancel"]
    assert gate_of(ada, milestone) == [own]
    assert asks(ben, escalation, "resolve").body["status"] == "resolved"
    after = ada.get(milestone).body
    assert (after["status"], after["escalated_from"], after["held_by"]) == ("in_progress", None, [])
    assert gate_of(ada, milestone) == []


def test_with_two_that_block_work_and_one_resolved_it_is_still_escalated(ada: Person, milestone: str):
    first = raises(ada, milestone, blocks_work=True)
    second = raises(ada, milestone, kind="budget", blocks_work=True)
    asks(ada, first, "resolve")

    assert ada.status(milestone) == "escalated"
    assert gate_of(ada, milestone) == [second.rpartition("/")[2]]
    asks(ada, second, "reject")
    assert ada.status(milestone) == "in_progress"


def test_nothing_moves_a_milestone_that_is_escalated(ada: Person, milestone: str):
    raises(ada, milestone, blocks_work=True)
    asked = [each for each in TRANSITIONS if TRANSITIONS[each].by == "people" and each not in ("cancel", "progress")]
    paths = ["refuse" if each == "reject" else each for each in asked]
    replies = [ada.post(f"{milestone}/{each}", {"reason": "So."} if each == "refuse" else None) for each in paths]
    replies.append(ada.put(f"{milestone}/progress", {"progress": 50}))

    assert {(each.status, each.code) for each in replies} == {(409, "TransitionNotAllowed")}
    assert replies[0].body["allowed"] == ["cancel"]


def test_what_was_agreed_stays_while_a_milestone_under_review_is_escalated(review: Review):
    milestone = review.submits(layer())
    raises(review.ada, milestone, blocks_work=True)

    assert review.ada.patch(milestone, {"acceptance": "manager"}).code == "UnderReview"
    assert review.statuses(milestone) == ["open"]


def test_decisions_are_recorded_while_it_is_escalated_and_count_when_it_is_cleared(review: Review):
    milestone = review.submits(layer(), layer(2))
    escalation = raises(review.ada, milestone, blocks_work=True)
    for level in (0, 1):
        decided = review.decides(review.verifiers[0], review.layers(milestone)[level])
        assert (decided.status, decided.body["milestone_status"]) == (200, "escalated")

    assert review.statuses(milestone) == ["approved", "approved"]
    assert review.ada.status(milestone) == "escalated"
    asks(review.ada, escalation, "resolve")
    assert review.ada.status(milestone) == "approved"
    happened = [each["event_type"] for each in review.ada.get(f"{milestone}/history", "limit=100").body["items"]]
    assert [each for each in happened if each.startswith("projects.milestone")][:4] == [
        "projects.milestone.approved",
        "projects.milestone.verified",
        "projects.milestone.cleared",
        "projects.milestone.escalated",
    ]


def test_a_rejection_while_it_is_escalated_rejects_it_when_it_is_cleared(review: Review):
    milestone = review.submits(layer(), {**layer(), "name": "Beside"})
    escalation = raises(review.ada, milestone, blocks_work=True)
    rejected = review.decides(review.verifiers[0], review.layers(milestone)[0], "reject")

    assert (rejected.status, sorted(review.statuses(milestone))) == (200, ["open", "rejected"])
    asks(review.ada, escalation, "resolve")
    assert review.ada.status(milestone) == "rejected"
    assert sorted(review.statuses(milestone)) == ["rejected", "withdrawn"]
    assert review.ada.get(milestone).body["reason"] == "The mill jams."


def test_a_rejected_milestone_that_is_held_is_escalated_once_it_is_worked_on_again(review: Review):
    milestone = review.submits(layer())
    review.decides(review.verifiers[0], review.layers(milestone)[0], "reject")
    escalation = raises(review.ada, milestone, blocks_work=True)

    assert review.ada.status(milestone) == "rejected"
    assert review.ben.post(f"{milestone}/rework").body["status"] == "escalated"
    asks(review.ada, escalation, "resolve")
    assert review.ada.status(milestone) == "in_progress"


def test_a_milestone_has_one_open_escalation_of_each_kind(ada: Person, milestone: str):
    first = raises(ada, milestone)
    again = ada.post("/escalations", draft(milestone))
    asks(ada, first, "resolve")

    assert (again.status, again.code) == (409, "EscalationOpen")
    assert first.rpartition("/")[2] in again.body["detail"]
    assert ada.post("/escalations", draft(milestone)).status == 201


def test_the_same_key_raises_one_escalation(ada: Person, milestone: str):
    first = ada.post("/escalations", draft(milestone), key="raising")
    again = ada.post("/escalations", draft(milestone), key="raising")

    assert (first.status, again.status) == (201, 201)
    assert first.body["escalation_id"] == again.body["escalation_id"]


def test_cancelling_closes_its_escalations(ada: Person, milestone: str):
    paths = [raises(ada, milestone, kind=kind, blocks_work=kind == "delay") for kind in ("delay", "budget")]
    cancelled = ada.post(f"{milestone}/cancel", {"reason": "Not needed."})

    assert (cancelled.status, cancelled.body["status"], cancelled.body["held_by"]) == (200, "cancelled", [])
    assert [ada.get(each).body["status"] for each in paths] == ["closed", "closed"]
    assert gate_of(ada, milestone) == []
    late = ada.post("/escalations", draft(milestone))
    assert (late.status, late.code) == (409, "EscalationNotPossible")
    kept = ada.delete(milestone)
    assert (kept.status, kept.code) == (409, "EscalationsKept")


def test_a_draft_that_is_held_is_escalated_once_it_is_activated(ada: Person, project: str):
    milestone = ada.plans(project)
    ada.assigns(milestone, ada)
    escalation = raises(ada, milestone, blocks_work=True)

    assert ada.status(milestone) == "draft"
    assert ada.post(f"{milestone}/activate").body["status"] == "escalated"
    assert ada.post(f"{milestone}/start").code == "TransitionNotAllowed"
    asks(ada, escalation, "resolve")
    assert ada.status(milestone) == "active"


def test_the_last_action_that_is_done_resolves_it(ada: Person, ben: Person, milestone: str):
    escalation = raises(ada, milestone, blocks_work=True)
    added = [
        ada.post(f"{escalation}/actions", {"title": title, "user_id": ben.user_id}).body for title in ("Order", "Mount")
    ]
    first, second = (each["action_id"] for each in added[-1]["actions"])
    done = ben.post(f"{escalation}/actions/{first}/complete").body

    assert (done["status"], done["actions"][0]["done_by"]) == ("pending", ben.user_id)
    assert ben.post(f"{escalation}/actions/{first}/complete").code == "ActionDone"
    assert ben.post(f"{escalation}/actions/act_none/complete").code == "EscalationActionNotFound"
    assert ben.post(f"{escalation}/actions/{second}/complete").body["status"] == "resolved"
    assert ada.status(milestone) == "in_progress"
    assert ada.post(f"{escalation}/actions", {"title": "Late"}).code == "EscalationTransitionNotAllowed"


def test_an_action_is_for_members_and_an_escalation_has_twenty(ada: Person, eve: Person, milestone: str):
    escalation = raises(ada, milestone)
    stranger = ada.post(f"{escalation}/actions", {"title": "Order", "user_id": eve.user_id})
    for _ in range(20):
        assert ada.post(f"{escalation}/actions", {"title": "Order"}).status == 201

    assert (stranger.status, stranger.body["errors"][0]["field"]) == (422, "user_id")
    assert ada.post(f"{escalation}/actions", {"title": "Order"}).code == "TooManyActions"


def test_who_may_do_what(ada: Person, ben: Person, project: str, milestone: str):
    onlooker = ada.brings(project, ada.colleague(), "viewer")
    verifier = ada.brings(project, ada.colleague(), "verifier")

    assert onlooker.post("/escalations", draft(milestone)).code == "RoleRequired"
    assert verifier.post("/escalations", draft(milestone, blocks_work=True)).code == "RoleRequired"
    escalation = raises(verifier, milestone)
    for event in ("acknowledge", "resolve", "reject"):
        assert asks(verifier, escalation, event).code == "RoleRequired"
    assert asks(onlooker, escalation, "escalate").code == "RoleRequired"
    assert asks(verifier, escalation, "escalate").body["level"] == 2
    assert asks(ben, escalation, "acknowledge").body["acknowledged_by"] == ben.user_id
    assert asks(ben, escalation, "reject").code == "RoleRequired"
    assert asks(ben, escalation, "resolve").body["resolution"] == "The wheel was replaced."
    assert asks(verifier, escalation, "close").body["status"] == "closed"


def test_it_is_not_there_for_strangers(ada: Person, ben: Person, eve: Person, milestone: str):
    escalation, outsider = raises(ada, milestone), ada.colleague()

    for somebody in (eve, outsider):
        assert somebody.get(escalation).code == "EscalationNotFound"
        assert asks(somebody, escalation, "acknowledge").code == "EscalationNotFound"
        assert somebody.post("/escalations", draft(milestone)).code == "ProjectMilestoneNotFound"
        assert somebody.get("/escalations").body["items"] == []
    assert ada.get("/escalations/esc_nothing").code == "EscalationNotFound"
    assert [each["escalation_id"] for each in ben.get("/escalations").body["items"]] == [escalation.rpartition("/")[2]]


def test_what_it_costs_is_for_those_who_see_amounts(ada: Person, ben: Person, milestone: str):
    escalation = raises(ada, milestone, financial_impact_minor_units=4711)

    assert ada.get(escalation).body["financial_impact_minor_units"] == 4711
    assert ben.get(escalation).body["financial_impact_minor_units"] is None
    assert ben.get("/escalations").body["items"][0]["financial_impact_minor_units"] is None
    assert ben.post("/escalations", draft(milestone, kind="budget", financial_impact_minor_units=1)).status == 403


def test_a_stale_version_changes_nothing(ada: Person, milestone: str):
    escalation = raises(ada, milestone)

    assert ada.post(f"{escalation}/acknowledge", if_match='"7"').status == 412
    assert ada.get(escalation).body["version"] == 1
    assert ada.post(f"{escalation}/acknowledge", if_match='"1"').body["version"] == 2


def test_its_history_is_that_of_the_milestone(ada: Person, milestone: str):
    escalation = raises(ada, milestone, blocks_work=True)
    asks(ada, escalation, "reject")
    found = ada.get(f"{milestone}/history", "limit=4").body["items"]

    assert [each["event_type"] for each in found] == [
        "projects.escalation.rejected",
        "projects.milestone.cleared",
        "projects.escalation.raised",
        "projects.milestone.escalated",
    ]
    assert {each["escalation_id"] for each in found if "escalation" in each["event_type"]} == {
        escalation.rpartition("/")[2]
    }
    assert found[0]["reason"] == "It turns."
