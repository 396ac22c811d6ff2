"""Attempts at a milestone: policies, recall, rework, approvals that carry over, and seats that are given away."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.storage.events import Event
from tests.aws import hooks
from tests.projects.following.telling import leaves, stands
from tests.projects.team import Person
from tests.projects.verification.checked import COUNT
from tests.projects.verification.review import REASON, Review, layer


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"layers": []}, "layers"),
        ({"layers": [layer(required=False)]}, "verification_policy"),
        ({"layers": [layer(), layer()]}, "verification_policy"),
        ({"layers": [layer(approvers=[])]}, "approvers"),
        ({"layers": [layer(approvers=[{"weight": 1}])]}, "approvers.0"),
        ({"layers": [layer(approvers=[{"user": "me"}])]}, "user"),
        ({"layers": [layer(quorum=2)]}, "layers.0"),
        ({"layers": [layer(level=11)]}, "level"),
        ({"layers": [layer(kind="robot")]}, "kind"),
        ({"layers": [layer(kind="automated", auto_checks=[COUNT])]}, "approvers"),
        ({"layers": [layer(kind="automated", approvers=[])]}, "auto_checks"),
        ({"layers": [layer(kind="automated", approvers=[], auto_checks=[COUNT], checklist=["It"])]}, "checklist"),
        ({"layers": [layer(kind="automated", approvers=[], auto_checks=[COUNT], min_score=3)]}, "min_score"),
        ({"layers": [layer(kind="hybrid")]}, "auto_checks"),
        ({"layers": [layer(auto_checks=[COUNT])]}, "auto_checks"),
        ({"layers": [layer(kind="hybrid", auto_checks=[{"check": "evidence_count"}])]}, "auto_checks.0"),
        ({"layers": [layer(kind="hybrid", auto_checks=[{**COUNT, "days": 3}])]}, "auto_checks.0"),
        ({"layers": [layer(applies_when="milestone.amount >")]}, "applies_when"),
        ({"layers": [layer(applies_when="milestone.secret == 1")]}, "applies_when"),
        ({"layers": [layer(applies_when="milestone.weight")]}, "applies_when"),
        ({"layers": [layer(allow_delegation="no")]}, "allow_delegation"),
        ({"layers": [layer(on_timeout="none")]}, "on_timeout"),
        ({"layers": [layer(calendar="lunar")]}, "calendar"),
        ({"layers": [layer(auto_checks=["evidence"])]}, "auto_checks"),
    ],
)
def test_a_policy_that_is_not_sound_or_asks_for_more_than_there_is_is_refused(
    policy: dict[str, Any], field: str, ada: Person, project: str
):
    draft = {"title": "Mill", "kind": "custom", "verification_policy": policy}

    refused = ada.post(f"{project}/project-milestones", draft)

    assert refused.status == 422
    assert any(field in each["field"] for each in refused.body["errors"]), refused.body


def test_a_milestone_is_activated_when_enough_people_may_approve_each_required_layer(review: Review):
    policy = {"layers": [layer(approvers=[{"role": "client"}, {"user": review.ben.user_id}])]}
    milestone = review.ada.plans(review.project, verification_policy=policy)
    review.ada.assigns(milestone, review.ben)
    assert review.ada.post(f"{milestone}/activate").code == "NoEligibleApprover"
    review.ada.brings(review.project, review.ada.colleague(), "client")

    assert review.ada.post(f"{milestone}/activate").status == 200


def test_a_recalled_milestone_is_in_progress_and_its_layers_are_withdrawn(review: Review):
    milestone = review.submits(layer(), layer(2))
    assert review.verifiers[0].post(f"{milestone}/recall").code == "RoleRequired"

    recalled = review.ben.post(f"{milestone}/recall")

    assert (recalled.body["status"], recalled.body["attempt"]) == ("in_progress", 2)
    assert review.statuses(milestone) == ["withdrawn", "withdrawn"]
    assert review.ben.post(f"{milestone}/recall").code == "TransitionNotAllowed"


def test_cancelling_withdraws_the_layers(review: Review):
    milestone = review.submits(layer(), layer(2))

    review.ada.post(f"{milestone}/cancel", {"reason": REASON})

    assert review.statuses(milestone) == ["withdrawn", "withdrawn"]


def rejected_at_level_two(review: Review, **more: Any) -> str:
    """Submit a milestone of two levels, of which the second rejects, and work on it again; return its path."""
    milestone = review.submits(layer(), layer(2, approvers=[{"user": review.ada.user_id}], **more))
    first, second = review.layers(milestone)
    review.decides(review.verifiers[0], first)
    review.decides(review.ada, second, "reject")
    assert review.ben.post(f"{milestone}/rework").status == 200
    return milestone


def test_the_next_attempt_begins_where_the_last_was_rejected(review: Review):
    milestone = rejected_at_level_two(review)
    review.ben.post(f"{milestone}/complete")
    carried, again = review.layers(milestone, attempt=2)

    assert (carried["status"], again["status"]) == ("approved", "open")
    assert carried["carried_from"] == review.layers(milestone)[0]["verification_id"]
    assert carried["decisions"] == review.layers(milestone)[0]["decisions"]
    review.decides(review.ada, again)
    assert review.ada.status(milestone) == "approved"


def test_an_approval_of_the_attempt_before_counts_in_none(review: Review):
    milestone = rejected_at_level_two(review)
    before = review.layers(milestone)[1]
    review.ben.post(f"{milestone}/complete")
    again = review.layers(milestone, attempt=2)[1]
    late = review.decides(review.ada, before)
    of_before = review.decides(review.ada, again | {"subject_digest": before["subject_digest"]})

    assert [(each.status, each.code) for each in (late, of_before)] == [
        (409, "AlreadyDecided"),
        (409, "SubjectChanged"),
    ]
    assert review.layers(milestone, attempt=2)[1]["status"] == "open"


def test_a_layer_may_send_the_next_attempt_back_to_the_first_level(review: Review):
    milestone = rejected_at_level_two(review, restart_at="first_level")
    review.ben.post(f"{milestone}/complete")

    assert review.statuses(milestone, attempt=2) == ["open", "waiting"]


@pytest.mark.parametrize(
    "change", [{"completion_criteria": [{"key": "oil", "text": "Oiled", "is_met": True}]}, {"amount_minor_units": 5}]
)
def test_an_approval_does_not_carry_over_to_what_was_changed(change: dict[str, Any], review: Review):
    milestone = rejected_at_level_two(review)
    assert review.ada.patch(milestone, change).status == 200
    review.ben.post(f"{milestone}/complete")

    assert review.statuses(milestone, attempt=2) == ["open", "waiting"]


def test_an_approval_does_not_carry_over_to_another_policy(review: Review):
    milestone = rejected_at_level_two(review)
    review.ada.patch(milestone, {"verification_policy": {"layers": [layer(mode="all"), layer(2)]}})
    review.ben.post(f"{milestone}/complete")

    assert review.statuses(milestone, attempt=2) == ["open", "waiting"]


def test_an_approval_does_not_carry_over_when_its_approver_owns_the_milestone_now(review: Review):
    milestone = rejected_at_level_two(review)
    somebody = review.verifiers[0]
    review.ada.post(f"{milestone}/owners/transfer", {"user_id": somebody.user_id})
    somebody.post(f"{milestone}/complete")

    assert review.statuses(milestone, attempt=2) == ["open", "waiting"]


def test_a_policy_is_copied_when_the_attempt_begins(review: Review):
    milestone = review.submits(layer(mode="all"))
    assert review.ada.patch(milestone, {"verification_policy": {"layers": [layer()]}}).status == 200

    assert [each["mode"] for each in review.layers(milestone)] == ["all"]


def test_a_layer_that_lacks_people_stalls_and_a_manager_gives_it_a_seat(review: Review):
    client = review.ada.brings(review.project, review.ada.colleague(), "client")
    milestone = review.begins(layer(approvers=[{"role": "client"}]))
    review.ada.delete(f"{review.project}/members/{client.user_id}")
    review.ben.post(f"{milestone}/complete")
    [only] = review.layers(milestone)
    assert (only["status"], only["is_stalled"], only["seats"]) == ("open", True, [])
    path, somebody = f"/verifications/{only['verification_id']}/reassign", review.verifiers[0]
    assert somebody.post(path, {"user_id": somebody.user_id}).code == "RoleRequired"
    assert review.ada.post(path, {"user_id": review.ben.user_id}).code == "SeparationOfDuties"
    assert review.ada.post(path, {"user_id": client.user_id}).code == "InvalidInput"

    reassigned = review.ada.post(path, {"user_id": somebody.user_id})

    assert (reassigned.status, reassigned.body["is_stalled"]) == (200, False)
    assert review.ada.post(path, {"user_id": review.verifiers[1].user_id}).code == "SeatsTaken"
    assert review.decides(somebody, only).body["status"] == "approved"


def test_the_seat_of_who_has_not_decided_is_given_to_somebody_else(review: Review):
    first, second, third = review.verifiers
    milestone = review.submits(layer(approvers=[{"user": first.user_id}, {"user": second.user_id, "weight": 2}]))
    [only] = review.layers(milestone)
    path = f"/verifications/{only['verification_id']}/reassign"
    assert review.ada.post(path, {"user_id": third.user_id, "instead_of": third.user_id}).code == "SeatNotFound"
    assert review.ada.post(path, {"user_id": first.user_id, "instead_of": second.user_id}).code == "InvalidInput"

    given = review.ada.post(path, {"user_id": third.user_id, "instead_of": second.user_id})

    seat = {"user_id": third.user_id, "name": None, "weight": 2, "is_struck": False, "link_mail": None}
    assert given.body["seats"][1] == seat
    assert review.decides(second, only).code == "NotAnApprover"
    assert review.decides(third, only).status == 200


@pytest.mark.parametrize("loses", [leaves, lambda who: stands(who, "disabled", is_disabled=True)], ids=["left", "off"])
def test_who_leaves_the_tenant_at_that_instant_gets_no_seat(loses: Callable[[Person], Event], review: Review):
    first, second, _ = review.verifiers
    [only] = review.layers(review.submits(layer(approvers=[{"user": first.user_id}])))
    path, sent = f"/verifications/{only['verification_id']}/reassign", {"instead_of": first.user_id}
    left: list[Event] = []

    def leave(**_: object) -> None:
        if not left:
            left.append(loses(second))

    with hooks.registered("before-call.dynamodb.TransactWriteItems", leave):
        refused = review.ada.post(path, {"user_id": second.user_id, **sent})

    assert len(left) == 1
    assert (refused.code, refused.fields) == ("InvalidInput", ["user_id"])
