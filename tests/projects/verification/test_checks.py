"""Automated and hybrid layers, layers that do not apply, and layers that take no delegate."""

from typing import Any

import pytest

from functions.projects.evidence import sweeping
from functions.projects.following import asking
from shared import clock
from tests.projects.team import Person
from tests.projects.verification.checked import COUNT, automated, hears, hybrid, proves
from tests.projects.verification.review import Review, layer


def told(review: Review, milestone: str) -> list[str]:
    return [each["event_type"] for each in review.ada.get(f"{milestone}/history").body["items"]]


def test_an_automated_layer_is_approved_by_its_checks_and_the_next_level_opens(review: Review):
    milestone = review.begins(automated(), layer(2))
    proves(review, milestone)
    review.ben.post(f"{milestone}/complete")
    hears(review, milestone)
    first = review.layers(milestone)[0]

    assert review.statuses(milestone) == ["approved", "open"]
    assert first["checks"] == [{"check": "evidence_count", "is_passed": True, "finding": "1 of 1 pieces"}]
    assert (first["seats"], first["decisions"], first["is_stalled"]) == ([], [], False)


def test_a_milestone_of_automated_layers_alone_is_verified_without_anybody(review: Review):
    milestone = review.begins(automated(), automated(2), automated(2, name="Beside"), acceptance="manager")
    proves(review, milestone)
    review.ben.post(f"{milestone}/complete")
    hears(review, milestone)

    assert review.ada.status(milestone) == "verified"
    assert review.statuses(milestone) == ["approved"] * 3


def test_a_check_that_fails_rejects_the_milestone_and_the_history_says_which(review: Review):
    milestone = review.submits(automated(), layer(2))
    hears(review, milestone)
    shown = review.ada.get(milestone).body

    assert (shown["status"], review.statuses(milestone)) == ("rejected", ["rejected", "withdrawn"])
    assert shown["reason"] == "Automated checks have failed: evidence_count (0 of 1 pieces)."
    assert review.ben.post(f"{milestone}/rework").status == 200
    proves(review, milestone)
    review.ben.post(f"{milestone}/complete")
    hears(review, milestone)
    assert review.statuses(milestone, attempt=2) == ["approved", "open"]


def test_an_optional_automated_layer_that_fails_is_advice(review: Review):
    milestone = review.submits(automated(required=False, name="Advice"), layer(1))
    hears(review, milestone)

    assert review.statuses(milestone) == ["rejected", "open"]
    assert review.ada.status(milestone) == "completed"


def test_nobody_decides_in_an_automated_layer_nor_gets_a_seat_there(review: Review):
    milestone = review.submits(automated())
    [found] = review.layers(milestone)
    path = f"/verifications/{found['verification_id']}"

    assert review.decides(review.verifiers[0], found).code == "NotAnApprover"
    assert review.ada.post(f"{path}/reassign", {"user_id": review.verifiers[0].user_id}).code == "SeatsTaken"
    assert review.ada.post(f"{path}/links", {"address": "mary@example.com"}).code == "SeatNotFound"


def test_an_escalated_milestone_that_checks_reject_says_why_once_it_is_cleared(review: Review):
    milestone = review.submits(automated())
    raised = {
        "project_milestone_id": milestone.rpartition("/")[2],
        "kind": "delay",
        "severity": "high",
        "reason_code": "supplier",
        "details": "The mill is late.",
        "blocks_work": True,
    }
    escalation = review.ada.post("/escalations", raised).body["escalation_id"]
    hears(review, milestone)
    assert (review.ada.status(milestone), review.statuses(milestone)) == ("escalated", ["rejected"])
    review.ada.post(f"/escalations/{escalation}/resolve", {"resolution": "It has come."})

    assert review.ada.get(milestone).body["status"] == "rejected"
    assert "evidence_count" in review.ada.get(milestone).body["reason"]


def test_people_approve_a_hybrid_layer_once_its_checks_pass_and_reject_it_at_any_time(review: Review):
    milestone = review.submits(hybrid(mode="all"))
    hears(review, milestone)
    [found] = review.layers(milestone)
    refused = review.decides(review.verifiers[0], found)
    proves(review, milestone)
    [now] = review.layers(milestone)

    assert (refused.status, refused.code) == (422, "ChecksFailed")
    assert "evidence_count (0 of 1 pieces)" in refused.body["detail"]
    assert review.decides(review.verifiers[0], now).body["checks"][0]["is_passed"]
    assert review.decides(review.verifiers[1], now, "reject").status == 200
    assert review.ada.status(milestone) == "rejected"


@pytest.mark.parametrize(
    ("check", "status"),
    [
        ({"check": "evidence_count", "at_least": 2}, "approved"),
        ({"check": "evidence_count", "at_least": 3}, "rejected"),
        ({"check": "evidence_count", "at_least": 2, "requirement": "drawings"}, "rejected"),
        ({"check": "evidence_types", "media_types": ["application/pdf"]}, "rejected"),
        ({"check": "evidence_hashes", "sha256s": ["0" * 64]}, "rejected"),
        ({"check": "evidence_expiry", "days": 9}, "approved"),
        ({"check": "evidence_expiry", "days": 12}, "rejected"),
        ({"check": "score", "at_least": 1}, "rejected"),
        ({"check": "checklist", "keys": ["signed"]}, "approved"),
        ({"check": "checklist", "keys": ["signed", "sealed"]}, "rejected"),
        ({"check": "amount_tolerance", "expected_minor_units": 100, "tolerance_percent": 5}, "approved"),
        ({"check": "amount_tolerance", "expected_minor_units": 110, "tolerance_percent": 5}, "approved"),
        ({"check": "amount_tolerance", "expected_minor_units": 111, "tolerance_percent": 5}, "rejected"),
        ({"check": "amount_tolerance", "expected_minor_units": 105, "tolerance_percent": 0}, "approved"),
    ],
)
def test_each_check_passes_on_what_it_asks_for(check: dict[str, Any], status: str, review: Review, time: Any):
    criteria = [{"key": "signed", "text": "It is signed.", "is_met": True}]
    milestone = review.begins(automated(1, check), amount_minor_units=105, completion_criteria=criteria)
    proves(review, milestone, "1", expires_on="2026-11-30")
    proves(review, milestone, "2")
    review.ben.post(f"{milestone}/complete")
    hears(review, milestone)
    [found] = review.layers(milestone)

    assert found["status"] == status
    assert [each["is_passed"] for each in found["checks"]] == [status == "approved"]
    assert "105" not in found["checks"][0]["finding"]


def test_the_analysis_of_evidence_names_what_may_be_wrong_with_each_piece(review: Review, time: Any):
    wanted = [{"key": "drawings", "title": "Drawings", "at_least": 1, "wanted": "uploaded"}]
    milestone = review.begins(layer(), evidence_requirements=wanted)
    evidence = proves(review, milestone, requirement="drawings", expires_on="2026-11-30")
    proves(review, milestone, "2")
    shown = review.ada.get(f"{milestone}/verifications").body["subject"]["analysis"]

    assert shown["score"] == 0
    assert [each["code"] for each in shown["findings"] if each["evidence_id"] == evidence] == [
        "not_verified",
        "not_a_file",
        "expires_soon",
    ]
    assert "for_nothing" in [each["code"] for each in shown["findings"]]


def test_a_layer_that_does_not_apply_is_skipped_and_the_next_level_opens(review: Review):
    large = layer(1, applies_when="milestone.amount_minor_units > 100000")
    milestone = review.submits(large, layer(2), amount_minor_units=100000)

    assert review.statuses(milestone) == ["skipped", "open"]
    assert "projects.layer.skipped" in told(review, milestone)


def test_a_layer_of_a_later_level_is_skipped_when_the_level_below_is_approved(review: Review):
    urgent = layer(2, applies_when="milestone.priority == 'critical'")
    milestone = review.submits(layer(1), urgent, layer(3))
    review.decides(review.verifiers[0], review.layers(milestone)[0])

    assert review.statuses(milestone) == ["approved", "skipped", "open"]


def test_a_milestone_is_verified_at_once_when_the_layers_left_do_not_apply(review: Review):
    never = layer(2, applies_when="evidence.count > 5")
    milestone = review.submits(layer(1), never, layer(2, name="Advice", required=False), acceptance="manager")
    review.decides(review.verifiers[0], review.layers(milestone)[0])

    assert review.statuses(milestone) == ["approved", "skipped", "withdrawn"]
    assert review.ada.status(milestone) == "verified"


def test_a_milestone_of_which_no_layer_applies_is_verified_by_its_completion(review: Review):
    milestone = review.begins(layer(1, applies_when="false"), layer(2, applies_when="false"), acceptance="manager")
    completed = review.ben.post(f"{milestone}/complete")

    assert completed.body["status"] == "verified"
    assert review.statuses(milestone) == ["skipped", "skipped"]


def test_a_condition_without_a_value_skips_nothing(review: Review):
    milestone = review.submits(layer(1, applies_when="milestone.metadata.region == 'EU'"))

    assert review.statuses(milestone) == ["open"]


def test_a_policy_hides_the_amount_from_those_who_do_not_see_it_nor_do_they_write_it(review: Review):
    tolerance = {"check": "amount_tolerance", "expected_minor_units": 777, "tolerance_percent": 5}
    more = {"applies_when": "milestone.amount_minor_units > 123"}
    milestone = review.begins(hybrid(1, tolerance, **more), layer(2, applies_when="milestone.weight > 1"))
    policy = {"layers": [hybrid(1, tolerance)]}

    def rules(somebody: Person) -> list[tuple[Any, Any]]:
        shown = somebody.get(milestone).body["verification_policy"]["layers"]
        return [(each["applies_when"], [one["expected_minor_units"] for one in each["auto_checks"]]) for each in shown]

    assert rules(review.ada) == [(more["applies_when"], [777]), ("milestone.weight > 1", [])]
    assert rules(review.verifiers[0]) == [(None, [None]), ("milestone.weight > 1", [])]
    assert review.ben.patch(milestone, {"verification_policy": policy}).code == "RoleRequired"
    assert review.ben.patch(milestone, {"verification_policy": {"layers": [layer(1, **more)]}}).code == "RoleRequired"
    assert review.ben.patch(milestone, {"verification_policy": {"layers": [layer()]}}).status == 200


def test_graphql_takes_and_shows_checks_with_amounts_as_text(review: Review):
    tolerance = {"check": "amount_tolerance", "expectedMinorUnits": "5000000000", "tolerancePercent": 5}
    rule = {"level": 1, "name": "Money", "kind": "automated", "autoChecks": [tolerance]}
    draft = {"title": "Mill", "kind": "custom", "verificationPolicy": {"layers": [rule]}}
    project_id = review.project.rpartition("/")[2]
    made = review.ada.ask("createProjectMilestone", projectId=project_id, input=draft)

    shown = made.data["verificationPolicy"]["layers"][0]
    assert shown["autoChecks"][0]["expectedMinorUnits"] == "5000000000"
    assert shown["allowDelegation"] is True


def test_a_layer_may_take_no_delegate_and_its_work_is_not_listed_for_them(review: Review):
    cleo, dana, _ = review.verifiers
    milestone = review.submits(layer(1, allow_delegation=False, approvers=[{"user": cleo.user_id}]))
    now = clock.now()
    given = {
        "delegate_id": dana.user_id,
        "scope": "tenant",
        "permissions": ["approve", "reject"],
        "starts_at": clock.to_rfc3339(now),
        "ends_at": clock.to_rfc3339(now + clock.DAY),
        "reason": "On leave.",
    }
    assert cleo.post("/delegations", given).status == 201
    asking.follow(review.ada.tenant_id, milestone.rpartition("/")[2])
    [found] = review.layers(milestone)

    assert len(cleo.get("/worklist").body["items"]) == 1
    assert dana.get("/worklist", query=f"on_behalf_of={cleo.user_id}").body["items"] == []
    assert review.decides(dana, found, on_behalf_of=cleo.user_id).code == "NotDelegable"
    assert review.decides(cleo, found).status == 200


def test_evidence_that_expires_fails_the_checks_of_a_hybrid_layer(review: Review, time: Any):
    milestone = review.begins(hybrid(1, COUNT))
    proves(review, milestone, expires_on="2026-11-20")
    review.ben.post(f"{milestone}/complete")
    time.shift(24 * 3600)
    sweeping.run(lambda: True)

    assert review.decides(review.verifiers[0], review.layers(milestone)[0]).code == "ChecksFailed"
