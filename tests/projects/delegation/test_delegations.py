"""Who decides in whose place: only while a delegation is in force, and never more than the principal could."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.projects.verification import deciding
from tests.aws import hooks
from tests.aws.entries import Answer
from tests.projects.delegation.handing import DAY, HOUR, delegates, text
from tests.projects.following.telling import follow, leaves, of_milestone, stands
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def decides_for(review: Review, actor: Person, principal: Person, milestone: str, decision: str = "approve") -> Answer:
    return review.decides(actor, review.layers(milestone)[0], decision, on_behalf_of=principal.user_id)


def test_a_delegate_decides_in_the_place_of_the_principal(review: Review, fred: Person):
    cleo = review.verifiers[0]
    milestone = review.submits(layer(mode="all", approvers=[{"user": cleo.user_id}]))
    given = delegates(cleo, fred)
    decided = decides_for(review, fred, cleo, milestone)

    assert (given.status, decided.status) == (201, 200), (given.body, decided.body)
    (stored,) = decided.body["decisions"]
    assert (stored["user_id"], stored["actor"]) == (cleo.user_id, fred.user_id)
    assert stored["on_behalf_of"] == cleo.user_id
    assert stored["delegation_id"] == given.body["delegation_id"]
    assert review.ada.status(milestone) == "approved"
    assert decides_for(review, fred, cleo, milestone).status == 200


def test_without_a_delegation_nobody_decides_for_another(review: Review, fred: Person):
    milestone = review.submits(layer())
    cleo = review.verifiers[0]

    assert (decides_for(review, fred, cleo, milestone).code, decides_for(review, fred, fred, milestone).code) == (
        "DelegationNotInForce",
        "NotAnApprover",
    )
    assert review.decides(fred, review.layers(milestone)[0], on_behalf_of="user_X").code == "DelegationNotInForce"


@pytest.mark.parametrize(
    ("after", "code"), [(-1, "DelegationNotInForce"), (0, None), (9_999, None), (10_000, "DelegationNotInForce")]
)
def test_a_delegation_holds_from_its_first_instant_to_before_its_last(
    after: int, code: str | None, review: Review, fred: Person
):
    cleo, milestone = review.verifiers[0], review.submits(layer())
    with time_machine.travel(NOON, tick=False):
        assert delegates(cleo, fred, after=timedelta(), lasts=timedelta(seconds=10)).status == 201
    with time_machine.travel(NOON + timedelta(milliseconds=after), tick=False):
        assert decides_for(review, fred, cleo, milestone).body.get("code") == code


def test_a_revoked_delegation_lets_nobody_decide(review: Review, fred: Person):
    cleo, milestone = review.verifiers[0], review.submits(layer())
    given = delegates(cleo, fred).body
    path = f"/delegations/{given['delegation_id']}/revoke"
    assert fred.post(path).code == "DelegationNotFound"
    revoked, again = cleo.post(path), cleo.post(path)

    assert (revoked.status, revoked.body["is_in_force"], again.body) == (200, False, revoked.body)
    assert decides_for(review, fred, cleo, milestone).code == "DelegationNotInForce"
    assert [each["revoked_at"] for each in cleo.get("/delegations").body["items"]] == [revoked.body["revoked_at"]]


@pytest.mark.parametrize("how", ["revoked", "principal leaves", "delegate leaves"])
def test_what_ends_while_the_decision_is_in_flight_counts(
    how: str, review: Review, fred: Person, monkeypatch: pytest.MonkeyPatch
):
    cleo, milestone, decided = review.verifiers[0], review.submits(layer()), deciding.decided
    given, asked = delegates(cleo, fred).body, review.layers(milestone)[0]

    def ended_meanwhile(*args: Any, **named: Any) -> Any:
        monkeypatch.setattr(deciding, "decided", decided)
        if how == "revoked":
            cleo.post(f"/delegations/{given['delegation_id']}/revoke")
        else:
            leaves(cleo if how == "principal leaves" else fred)
        return decided(*args, **named)

    monkeypatch.setattr(deciding, "decided", ended_meanwhile)
    refused = review.decides(fred, asked, on_behalf_of=cleo.user_id)

    assert refused.status == 403
    assert refused.code == ("DelegationNotInForce" if how == "revoked" else "NotAnApprover")
    assert review.layers(milestone)[0]["decisions"] == []


def test_a_delegate_who_is_an_approver_too_decides_once(review: Review):
    cleo, dana, _ = review.verifiers
    delegates(cleo, dana)
    milestone = review.submits(layer(mode="all"))
    assert decides_for(review, dana, cleo, milestone).status == 200

    assert review.decides(dana, review.layers(milestone)[0]).code == "SamePerson"
    assert review.decides(cleo, review.layers(milestone)[0]).code == "AlreadyDecided"


def test_the_principal_who_decides_first_counts(review: Review, fred: Person):
    cleo = review.verifiers[0]
    delegates(cleo, fred)
    milestone = review.submits(layer(mode="all"))
    review.decides(cleo, review.layers(milestone)[0])

    assert decides_for(review, fred, cleo, milestone).code == "AlreadyDecided"


def test_the_principal_takes_back_what_was_decided_for_them(review: Review, fred: Person):
    cleo = review.verifiers[0]
    delegates(cleo, fred)
    milestone = review.submits(layer(mode="all"))
    decides_for(review, fred, cleo, milestone)
    path = f"/verifications/{review.layers(milestone)[0]['verification_id']}/withdraw"

    assert cleo.post(path).status == 200
    assert review.decides(cleo, review.layers(milestone)[0]).status == 200


def test_separation_of_duties_holds_for_the_delegate_and_for_the_principal(review: Review):
    cleo, ben = review.verifiers[0], review.ben
    delegates(cleo, ben)
    milestone = review.submits(layer())

    assert decides_for(review, ben, cleo, milestone).code == "SeparationOfDuties"


def test_a_delegate_may_do_no_more_than_the_principal_at_that_moment(review: Review, fred: Person):
    cleo, milestone = review.verifiers[0], review.submits(layer())
    delegates(cleo, fred)
    stands(cleo, "role_changed", role="viewer")

    assert decides_for(review, fred, cleo, milestone).code == "NotAnApprover"


def test_a_delegate_does_what_is_delegated_and_nothing_else(review: Review, fred: Person):
    cleo, dana, emil = review.verifiers
    one, other = review.submits(layer()), review.submits(layer())
    delegates(cleo, fred, permissions=["reject"])
    delegates(dana, fred, scope="milestone", project_milestone_id=one.rpartition("/")[2])
    delegates(emil, fred, scope="project", project_id=review.project[10:])

    assert decides_for(review, fred, cleo, one).code == "DelegationNotInForce"
    assert decides_for(review, fred, dana, other).code == "DelegationNotInForce"
    assert decides_for(review, fred, dana, one).status == 200
    assert decides_for(review, fred, emil, other).status == 200


def test_somebody_outside_of_the_project_does_not_find_the_layer(review: Review):
    cleo, stranger = review.verifiers[0], review.ada.colleague()
    delegates(cleo, stranger)
    milestone = review.submits(layer())

    assert decides_for(review, stranger, cleo, milestone).code == "VerificationNotFound"


def test_what_is_delegated_is_not_handed_on(review: Review):
    cleo, dana, emil = review.verifiers
    assert delegates(cleo, dana).status == 201

    assert delegates(dana, emil).code == delegates(dana, cleo).code == "DelegationChain"
    assert delegates(emil, cleo).code == "DelegationChain"
    assert delegates(dana, emil, after=DAY).status == 201


@pytest.mark.parametrize("to", ["another", "the first"])
def test_two_halves_of_a_chain_at_once_are_one_delegation(to: str, review: Review):
    cleo, dana, emil = review.verifiers
    answers: list[Answer] = []

    def other_half(**_: object) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", other_half)
        answers.append(delegates(dana, emil if to == "another" else cleo))

    hooks.register("before-call.dynamodb.TransactWriteItems", other_half)
    answers.append(delegates(cleo, dana))

    assert [each.body.get("code") for each in answers] == [None, "DelegationChain"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lasts": timedelta(days=90, milliseconds=1)}, "ends_at"),
        ({"lasts": timedelta()}, "ends_at"),
        ({"after": -DAY, "lasts": HOUR}, "ends_at"),
        ({"scope": "project"}, "project_id"),
        ({"project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H"}, "project_milestone_id"),
        ({"permissions": []}, "permissions"),
        ({"permissions": ["approve", "approve"]}, "permissions"),
        ({"delegate_id": "nobody"}, "delegate_id"),
        ({"delegate_id": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H"}, "delegate_id"),
    ],
)
def test_what_makes_no_delegation_is_named(more: dict[str, Any], field: str, review: Review):
    refused = delegates(review.verifiers[0], review.verifiers[1], **more)

    assert (refused.status, [each["field"] for each in refused.body["errors"]]) == (422, [field])
    assert review.verifiers[0].get("/delegations").body["items"] == []


def test_nobody_delegates_to_themselves_to_a_viewer_or_beyond_a_project(review: Review, fred: Person, eve: Person):
    cleo, outside = review.verifiers[0], review.ada.colleague()
    viewer = review.ada.colleague("viewer")
    project = {"scope": "project", "project_id": review.project[10:]}

    for whom, more in ((cleo, {}), (viewer, {}), (eve, {}), (outside, project)):
        assert delegates(cleo, whom, **more).code == "InvalidInput"
    assert delegates(outside, cleo, **project).code == "ProjectNotFound"


def test_both_people_list_a_delegation(review: Review, fred: Person):
    cleo = review.verifiers[0]
    given = delegates(cleo, fred).body

    assert cleo.get("/delegations").body["items"] == fred.get("/delegations", "side=received").body["items"] == [given]
    assert fred.get("/delegations").body["items"] == cleo.get("/delegations", "side=received").body["items"] == []


def test_a_delegate_works_from_the_worklist_of_the_principal(review: Review, fred: Person):
    cleo = review.verifiers[0]
    milestone = review.submits(layer(mode="all"))
    follow(*of_milestone(review.ada, milestone))
    assert fred.get("/worklist", f"on_behalf_of={cleo.user_id}").code == "DelegationNotInForce"
    delegates(cleo, fred)
    (entry,) = fred.get("/worklist", f"on_behalf_of={cleo.user_id}").body["items"]

    assert entry == cleo.get("/worklist").body["items"][0]
    assert fred.ask("worklist", onBehalfOf=cleo.user_id).data["items"][0]["workId"] == entry["work_id"]
    assert fred.get("/worklist").body["items"] == []


def test_a_delegate_is_not_listed_what_they_may_not_do(review: Review):
    cleo, dana, _ = review.verifiers
    outside = review.ada.colleague()
    for somebody in (review.ben, dana, outside):
        delegates(cleo, somebody)
    milestone = review.submits(layer(mode="all"))
    review.decides(dana, review.layers(milestone)[0])
    follow(*of_milestone(review.ada, milestone))

    for somebody in (review.ben, dana, outside):
        assert somebody.get("/worklist", f"on_behalf_of={cleo.user_id}").body["items"] == []


def test_a_decision_of_a_delegate_takes_four_calls(review: Review, fred: Person):
    cleo, milestone, calls = review.verifiers[0], review.submits(layer()), list[str]()
    delegates(cleo, fred)
    asked = review.layers(milestone)[0]
    hooks.register("before-call.dynamodb", lambda model, params, **_: calls.append(model.name + str(params["body"])))
    review.decides(fred, asked, on_behalf_of=cleo.user_id)

    found = [call for call in calls if "RATE#" not in call and "EPOCH" not in call]
    assert [call.partition("{")[0].rstrip("b'") for call in found] == [
        "GetItem",
        "GetItem",
        "BatchGetItem",
        "TransactWriteItems",
    ]


def test_over_graphql_one_delegates_and_revokes(review: Review, fred: Person):
    cleo, now = review.verifiers[0], datetime.now(UTC)
    sent = {"delegateId": fred.user_id, "scope": "tenant", "reason": "On leave."}
    made = cleo.ask("createDelegation", input={**sent, "startsAt": text(now), "endsAt": text(now + DAY)}).data

    assert cleo.ask("delegations").data["items"] == fred.ask("delegations", side="received").data["items"] == [made]
    assert cleo.ask("revokeDelegation", delegationId=made["delegationId"]).data["isInForce"] is False
