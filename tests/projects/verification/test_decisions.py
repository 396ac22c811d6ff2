"""People decide in the layers of a milestone, over REST."""

from typing import Any

import pytest

from shared.storage import table
from tests.projects.billing import bills
from tests.projects.team import Person
from tests.projects.verification.review import REASON, Review, layer


def test_one_approval_of_any_verifies_the_milestone(review: Review):
    milestone = review.submits(layer(), acceptance="manager")
    [only] = review.layers(milestone)

    decided = review.decides(review.verifiers[0], only)

    assert (decided.status, decided.body["status"], decided.body["milestone_status"]) == (200, "approved", "verified")
    assert [each["user_id"] for each in decided.body["decisions"]] == [review.verifiers[0].user_id]
    assert review.ada.status(milestone) == "verified"
    assert review.layers(milestone)[0] == decided.body


def test_without_an_acceptance_the_last_layer_approves_the_milestone(review: Review):
    milestone = review.submits(layer())

    review.decides(review.verifiers[0], review.layers(milestone)[0])

    assert review.ada.status(milestone) == "approved"


def test_a_decision_has_a_comment_that_no_event_and_no_history_tells(review: Review):
    milestone = review.submits(layer(mode="all"))
    said = "The third wheel runs smoothly now."
    made = review.decides(review.verifiers[0], review.layers(milestone)[0], comment=said)
    again = review.decides(review.verifiers[0], review.layers(milestone)[0], comment="Something else.")

    assert (
        [each["comment"] for each in made.body["decisions"]]
        == [said]
        == [each["comment"] for each in again.body["decisions"]]
    )
    assert review.decides(review.verifiers[1], review.layers(milestone)[0], comment="x" * 501).fields == ["comment"]
    assert said not in str(review.ada.get(f"{milestone}/history").body)
    place = f"TENANT#{review.ada.tenant_id}#PMS#{milestone.rpartition('/')[2]}#HISTORY"
    assert said not in str([*table.query_all(place, "EVENT#")])


def test_all_takes_everybody(review: Review):
    milestone = review.submits(layer(mode="all"))
    for somebody in review.verifiers[:2]:
        review.decides(somebody, review.layers(milestone)[0])
    assert review.ada.status(milestone) == "completed"

    review.decides(review.verifiers[2], review.layers(milestone)[0])

    assert review.ada.status(milestone) == "approved"


def test_the_next_level_opens_when_every_required_layer_below_is_approved(review: Review):
    milestone = review.submits(
        layer(1, name="Safety"),
        layer(1, name="Drawings"),
        layer(1, name="Advice", required=False),
        layer(2, approvers=[{"user": review.ada.user_id}]),
        acceptance="manager",
    )
    advice, drawings, safety = sorted(review.layers(milestone)[:3], key=lambda each: str(each["name"]))
    assert review.statuses(milestone) == ["open", "open", "open", "waiting"]
    second = review.layers(milestone)[3]
    assert review.decides(review.ada, second).code == "LayerNotOpen"
    review.decides(review.verifiers[0], safety)
    assert review.statuses(milestone)[3] == "waiting"
    assert review.decides(review.verifiers[0], advice, "reject").body["status"] == "rejected"
    review.decides(review.verifiers[1], drawings)
    assert review.statuses(milestone)[3] == "open"

    review.decides(review.ada, second)

    assert review.ada.status(milestone) == "verified"


def test_an_optional_layer_is_withdrawn_when_the_others_are_approved(review: Review):
    milestone = review.submits(layer(), layer(name="Advice", required=False))
    needed = next(each for each in review.layers(milestone) if each["required"])

    review.decides(review.verifiers[0], needed)

    assert sorted(review.statuses(milestone)) == ["approved", "withdrawn"]


def test_a_rejection_rejects_the_milestone_and_withdraws_the_other_layers(review: Review):
    milestone = review.submits(layer(), layer(name="Drawings"), layer(2))
    first, second, _ = review.layers(milestone)
    assert review.decides(review.verifiers[0], first, "reject", reason=None).code == "InvalidInput"

    rejected = review.decides(review.verifiers[0], first, "reject")

    assert rejected.body["milestone_status"] == "rejected"
    assert review.statuses(milestone) == ["rejected", "withdrawn", "withdrawn"]
    assert review.ada.get(milestone).body["reason"] == REASON
    assert review.decides(review.verifiers[1], second).code == "LayerClosed"


def test_the_same_again_has_the_same_answer_and_another_decision_is_refused(review: Review):
    milestone = review.submits(layer(mode="all"))
    [only] = review.layers(milestone)
    first = review.decides(review.verifiers[0], only)

    assert review.decides(review.verifiers[0], only).body == first.body
    assert review.decides(review.verifiers[0], only, "reject").code == "AlreadyDecided"


def test_a_decision_is_withdrawn_while_the_layer_is_open_and_then_made_again(review: Review):
    milestone = review.submits(layer(mode="all"))
    [only] = review.layers(milestone)
    somebody, path = review.verifiers[0], f"/verifications/{only['verification_id']}/withdraw"
    assert somebody.post(path).code == "DecisionNotFound"
    review.decides(somebody, only)

    withdrawn = somebody.post(path)

    assert (withdrawn.status, withdrawn.body["approving_weight"]) == (200, 0)
    assert [each["is_withdrawn"] for each in withdrawn.body["decisions"]] == [True]
    assert review.decides(somebody, only, "reject").body["status"] == "rejected"
    assert somebody.post(path).code == "LayerClosed"


def test_submitter_and_primary_owner_do_not_decide(review: Review):
    rule = layer(approvers=[{"role": "verifier"}, {"role": "creator"}, {"user": review.ada.user_id}])
    milestone = review.begins(rule)
    review.ada.post(f"{milestone}/complete")
    [only] = review.layers(milestone)

    assert {each["user_id"] for each in only["seats"]} == {each.user_id for each in review.verifiers}
    assert review.decides(review.ben, only).code == "SeparationOfDuties"
    assert review.decides(review.ada, only).code == "SeparationOfDuties"


def test_who_becomes_the_primary_owner_does_not_decide(review: Review):
    milestone = review.submits(layer())
    somebody = review.verifiers[0]
    review.ada.post(f"{milestone}/owners/transfer", {"user_id": somebody.user_id})

    assert review.decides(somebody, review.layers(milestone)[0]).code == "SeparationOfDuties"


@pytest.mark.parametrize("role", ["observer", "contributor"])
def test_who_looks_on_or_helps_is_not_asked(role: str, review: Review):
    milestone = review.begins(layer())
    review.ada.assigns(milestone, review.verifiers[0], role)
    review.ben.post(f"{milestone}/complete")
    [only] = review.layers(milestone)

    assert review.verifiers[0].user_id not in [each["user_id"] for each in only["seats"]]
    assert review.decides(review.verifiers[0], only).code == "NotAnApprover"


def test_nobody_else_decides_and_strangers_find_nothing(review: Review, eve: Person):
    [only] = review.layers(review.submits(layer()))

    assert review.decides(eve, only).code == "VerificationNotFound"
    assert review.decides(review.ada.colleague(), only).code == "VerificationNotFound"
    assert review.decides(review.ada, only).code == "NotAnApprover"
    assert review.ada.post("/verifications/nothing/withdraw").code == "VerificationNotFound"


def test_who_left_project_or_tenant_does_not_decide(review: Review):
    milestone = review.submits(layer())
    somebody = review.verifiers[0]
    review.ada.delete(f"{review.project}/members/{somebody.user_id}")

    assert review.decides(somebody, review.layers(milestone)[0]).code == "VerificationNotFound"


def test_seats_that_vote_in_turn(review: Review):
    named = [{"user": each.user_id} for each in review.verifiers]
    [only] = review.layers(review.submits(layer(mode="all", order="sequential", approvers=named)))

    assert review.decides(review.verifiers[1], only).code == "NotYourTurn"
    assert review.decides(review.verifiers[0], only).status == 200
    assert review.decides(review.verifiers[1], only).status == 200


def test_an_approval_takes_the_score_and_the_checklist_of_its_layer(review: Review):
    [only] = review.layers(review.submits(layer(min_score=70, checklist=["weighed", "oiled"])))
    somebody = review.verifiers[0]

    assert review.decides(somebody, only, score=69, checklist=["weighed", "oiled"]).code == "ScoreTooLow"
    assert review.decides(somebody, only, score=70, checklist=["weighed"]).code == "ChecklistOpen"
    assert review.decides(somebody, only, checklist=["painted"]).code == "InvalidInput"
    decided = review.decides(somebody, only, score=70, checklist=["oiled", "weighed"])
    assert (decided.body["status"], decided.body["decisions"][0]["score"]) == ("approved", 70)


def test_a_layer_may_ask_for_a_second_factor(review: Review):
    [only] = review.layers(review.submits(layer(require_second_factor=True)))

    assert review.decides(review.verifiers[0], only).code == "STEP_UP_REQUIRED"


def test_nobody_approves_what_they_did_not_see(review: Review):
    milestone = review.submits(layer(), amount_minor_units=500)
    [only] = review.layers(milestone)
    assert review.ada.patch(milestone, {"amount_minor_units": 600}).code == "UnderReview"
    review.ben.post(f"{milestone}/recall")
    review.ada.patch(milestone, {"amount_minor_units": 600})
    review.ben.post(f"{milestone}/complete")
    [again] = review.layers(milestone, attempt=2)

    assert review.decides(review.verifiers[0], again, subject_digest=only["subject_digest"]).code == "SubjectChanged"
    assert review.decides(review.verifiers[0], only).code == "LayerClosed"
    assert review.decides(review.verifiers[0], again).status == 200


def test_an_approver_sees_the_amount_under_review_and_a_viewer_does_not(review: Review):
    viewer = review.ada.brings(review.project, review.ada.colleague(), "viewer")
    milestone = review.submits(layer(), amount_minor_units=500, completion_criteria=[])
    shown: list[Any] = [
        somebody.get(f"{milestone}/verifications").body["subject"]["amount_minor_units"]
        for somebody in (review.ada, review.verifiers[0], viewer)
    ]

    assert shown == [500, 500, None]


def test_what_is_committed_to_payments_is_not_rejected(review: Review):
    milestone = review.submits(layer(), amount_minor_units=500)
    bills(review.ada, milestone, is_committed=True)
    [only] = review.layers(milestone)

    assert review.decides(review.verifiers[0], only, "reject").code == "PaymentCommitted"
    assert review.statuses(milestone) == ["open"]
    assert review.ben.post(f"{milestone}/recall").code == "PaymentCommitted"


def test_the_key_of_a_decision_has_one_effect(review: Review):
    [only] = review.layers(review.submits(layer(mode="all")))
    body = {"decision": "approve", "subject_digest": only["subject_digest"]}
    path, somebody = f"/verifications/{only['verification_id']}/decisions", review.verifiers[0]
    first = somebody.post(path, body, key="deciding")

    assert somebody.post(path, body, key="deciding").body == first.body
    assert somebody.post(path, body | {"decision": "reject"}, key="deciding").status == 422
