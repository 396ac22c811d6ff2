"""Who leaves, or may not decide any more, is struck from open layers, which are tallied again without them."""

from typing import Any

import pytest

from functions.projects.verification import deciding, striking
from tests.projects.following.telling import follow, leaves, of_milestone, of_project, stands
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer


def struck(review: Review, milestone: str) -> list[str]:
    return [seat["user_id"] for each in review.layers(milestone) for seat in each["seats"] if seat["is_struck"]]


def told(review: Review, milestone: str) -> None:
    follow(*of_milestone(review.ada, milestone))


def history(review: Review, milestone: str) -> list[str]:
    return [each["event_type"] for each in review.ada.get(f"{milestone}/history").body["items"]]


@pytest.mark.parametrize("how", ["removed", "disabled", "viewer", "left the project", "another role"])
def test_all_of_three_with_one_struck_closes_when_the_two_have_approved(how: str, review: Review):
    milestone = review.submits(layer(mode="all"))
    told(review, milestone)
    cleo, dana, emil = review.verifiers
    for somebody in (cleo, dana):
        review.decides(somebody, review.layers(milestone)[0])
    assert review.ada.status(milestone) == "completed"
    departs(review, emil, how)

    assert struck(review, milestone) == [emil.user_id]
    assert review.statuses(milestone) == ["approved"]
    assert review.ada.status(milestone) == "approved"
    assert history(review, milestone).count("projects.layer.struck") == 1
    (entry,) = [
        each
        for each in review.ada.get(f"{milestone}/history").body["items"]
        if each["event_type"] == "projects.layer.struck"
    ]
    assert (entry["user_id"], entry["by"]) == (emil.user_id, {"kind": "system", "id": "milepost"})


def departs(review: Review, somebody: Person, how: str) -> None:
    """Let somebody lose what lets them decide, and deliver what happened."""
    member = f"{review.project}/members/{somebody.user_id}"
    if how == "removed":
        follow(leaves(somebody))
    elif how == "disabled":
        follow(stands(somebody, "disabled", is_disabled=True))
    elif how == "viewer":
        follow(stands(somebody, "role_changed", role="viewer"))
    elif how == "left the project":
        assert review.ada.delete(member).status == 204
    else:
        review.ada.put(member, {"roles": ["finance"]})
    follow(*of_project(review.ada, review.project))


def test_what_was_decided_while_entitled_stands(review: Review):
    milestone = review.submits(layer(mode="quorum", quorum=2))
    told(review, milestone)
    cleo, dana, _ = review.verifiers
    review.decides(cleo, review.layers(milestone)[0])
    departs(review, cleo, "removed")
    review.decides(dana, review.layers(milestone)[0])

    assert review.statuses(milestone) == ["approved"]
    assert [each["user_id"] for each in review.layers(milestone)[0]["decisions"]] == [cleo.user_id, dana.user_id]


def test_too_few_left_never_approve_and_a_manager_gives_the_seat_away(review: Review):
    only = review.verifiers[0]
    milestone = review.submits(layer(mode="all", approvers=[{"user": only.user_id}]))
    told(review, milestone)
    departs(review, only, "removed")

    (stalled,) = review.layers(milestone)
    assert (stalled["status"], stalled["is_stalled"]) == ("open", True)
    assert history(review, milestone).count("projects.layer.stalled") == 1
    body = {"user_id": review.verifiers[1].user_id, "instead_of": only.user_id}
    assert review.ada.post(f"/verifications/{stalled['verification_id']}/reassign", body).status == 200
    told(review, milestone)
    assert review.decides(review.verifiers[1], review.layers(milestone)[0]).status == 200
    assert review.ada.status(milestone) == "approved"


def test_who_was_given_a_seat_keeps_it_whatever_their_role(review: Review):
    fred = review.ada.brings(review.project, review.ada.colleague(), "viewer")
    milestone = review.submits(layer(mode="all"))
    told(review, milestone)
    body = {"user_id": fred.user_id, "instead_of": review.verifiers[0].user_id}
    review.ada.post(f"/verifications/{review.layers(milestone)[0]['verification_id']}/reassign", body)
    told(review, milestone)
    assert struck(review, milestone) == []
    departs(review, fred, "left the project")

    assert struck(review, milestone) == [fred.user_id]


def test_who_becomes_primary_owner_is_struck(review: Review):
    cleo, dana, _ = review.verifiers
    milestone = review.submits(layer(mode="quorum", quorum=2))
    told(review, milestone)
    review.decides(cleo, review.layers(milestone)[0])
    transferred = review.ada.post(f"{milestone}/owners/transfer", {"user_id": dana.user_id})
    assert transferred.status < 300, transferred.body
    told(review, milestone)

    assert struck(review, milestone) == [dana.user_id]
    assert review.decides(dana, review.layers(milestone)[0]).code == "SeparationOfDuties"


def test_an_owner_who_is_removed_loses_the_seat_of_their_role(review: Review):
    cleo, dana, _ = review.verifiers
    milestone = review.begins(layer(mode="all", approvers=[{"owner_role": "reviewer"}, {"user": dana.user_id}]))
    review.ada.assigns(milestone, cleo, "reviewer")
    review.ben.post(f"{milestone}/complete")
    told(review, milestone)
    review.ada.delete(f"{milestone}/owners/{cleo.user_id}")
    told(review, milestone)

    assert struck(review, milestone) == [cleo.user_id]
    assert review.statuses(milestone) == ["open"]


def test_who_waits_for_their_turn_is_struck_too(review: Review):
    people = [{"user": each.user_id} for each in review.verifiers]
    milestone = review.submits(layer(mode="all", order="sequential", approvers=people))
    told(review, milestone)
    cleo, dana, emil = review.verifiers
    departs(review, emil, "removed")
    departs(review, cleo, "left the project")

    assert sorted(struck(review, milestone)) == sorted([cleo.user_id, emil.user_id])
    assert review.decides(dana, review.layers(milestone)[0]).status == 200
    assert review.statuses(milestone) == ["approved"]


def test_who_left_before_the_layer_was_followed_is_struck(review: Review):
    milestone = review.submits(layer(mode="all"))
    departs(review, review.verifiers[0], "removed")
    assert struck(review, milestone) == []
    told(review, milestone)

    assert struck(review, milestone) == [review.verifiers[0].user_id]


def test_many_who_leave_at_once_are_struck_a_few_at_a_time(review: Review, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(striking, "_AT_ONCE", 1)
    people = [review.ada.brings(review.project, review.ada.colleague(), "verifier") for _ in range(2)]
    milestone = review.submits(layer(mode="all"))
    for each in people:
        leaves(each)
    told(review, milestone)

    assert sorted(struck(review, milestone)) == sorted(each.user_id for each in people)
    for somebody in review.verifiers:
        review.decides(somebody, review.layers(milestone)[0])
    assert review.ada.status(milestone) == "approved"


def test_a_member_who_is_removed_while_their_decision_is_in_flight_decides_nothing(
    review: Review, monkeypatch: pytest.MonkeyPatch
):
    milestone = review.submits(layer())
    cleo, decided = review.verifiers[0], deciding.decided
    asked = review.layers(milestone)[0]

    def removed_meanwhile(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(deciding, "decided", decided)
        leaves(cleo)
        return decided(*given, **named)

    monkeypatch.setattr(deciding, "decided", removed_meanwhile)
    refused = review.decides(cleo, asked)

    assert (refused.status, refused.code) == (403, "NotAnApprover")
    assert review.layers(milestone)[0]["decisions"] == []
