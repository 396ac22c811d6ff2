"""A layer whose only approver may approve no more: nobody's silence approves it, and people are called once."""

import json

import pytest
import time_machine

from functions.projects.following import asking
from shared.teamwork import worklist
from tests.projects.following.telling import follow, leaves, of_milestone, of_project, stands
from tests.projects.team import Person
from tests.projects.timers.clockwork import escalations, id_of, sweep, tell
from tests.projects.verification.review import Review, layer

WAYS = ("primary owner", "removed", "disabled", "viewer", "left the project", "another role")


def departs(review: Review, milestone: str, somebody: Person, how: str) -> None:
    """Let somebody lose what lets them decide, and deliver what happened."""
    member = f"{review.project}/members/{somebody.user_id}"
    match how:
        case "primary owner":
            handed = review.ada.post(f"{milestone}/owners/transfer", {"user_id": somebody.user_id})
            assert handed.status < 300, handed.body
        case "removed":
            follow(leaves(somebody))
        case "disabled":
            follow(stands(somebody, "disabled", is_disabled=True))
        case "viewer":
            follow(stands(somebody, "role_changed", role="viewer"))
        case "left the project":
            assert review.ada.delete(member).status == 204
        case _:
            assert review.ada.put(member, {"roles": ["finance"]}).status == 200
    hears(review, milestone)


def hears(review: Review, milestone: str) -> None:
    """Deliver what happened to the project and the milestone, to all who follow it, several times."""
    follow(*of_project(review.ada, review.project), *of_milestone(review.ada, milestone))
    asking.follow(review.ada.tenant_id, id_of(milestone))
    tell(review.ada, milestone)


@pytest.mark.parametrize("calendar", ["elapsed", "business"])
@pytest.mark.parametrize("how", WAYS)
def test_who_alone_approves_and_may_no_more_leaves_it_open_and_escalated_once(
    how: str, calendar: str, review: Review, time: time_machine.Traveller
):
    cleo = review.verifiers[0]
    milestone = review.submits(layer(approvers=[{"role": "verifier"}], calendar=calendar, mode="all"))
    for each in review.verifiers[1:]:
        departs(review, milestone, each, "another role")
    hears(review, milestone)
    assert [each["kind"] for each in cleo.get("/worklist").body["items"]] == ["approval"]
    known = len(of_milestone(review.ada, milestone))
    departs(review, milestone, cleo, how)
    for _ in range(3):
        hears(review, milestone)
        sweep()
    (only,) = review.layers(milestone)
    raised = escalations(review.ada, milestone)

    assert (only["status"], only["is_stalled"], only["decisions"]) == ("open", True, [])
    assert review.ada.status(milestone) == "completed"
    assert [(each["trigger"], each["status"]) for each in raised] == [("approver_unavailable", "pending")]
    told = of_milestone(review.ada, milestone)[known:]
    asked = [each for each in told if each.event_type.startswith("projects.layer.")]
    assert asked
    assert cleo.user_id not in json.dumps([[*map(str, each.concerns)] for each in asked])
    assert review.decides(cleo, only).status in (403, 404)
    assert "approval" not in [each.kind for each in worklist.every(cleo.tenant_id, cleo.user_id)]
