"""What is under review: amount, criteria and evidence. Nobody approves what they did not see."""

from typing import Any

import pytest

from functions.projects.evidence import sweeping
from functions.projects.verification import deciding
from tests.projects.evidence import bringing
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer


def brings(somebody: Person, milestone: str, name: str = "1") -> str:
    """Bring a link as evidence; return its id."""
    made = somebody.post(f"{milestone}/evidence/links", {"url": f"https://example.org/{name}"})
    assert made.status == 201, made.body
    return str(made.body["evidence_id"])


def withdrawn(layer: dict[str, Any]) -> list[bool]:
    return [each["is_withdrawn"] for each in layer["decisions"]]


def test_the_evidence_that_is_there_is_shown_and_is_part_of_the_digest(review: Review):
    milestone = review.submits(layer(1), layer(2))
    before = [each["subject_digest"] for each in review.layers(milestone)]
    evidence = brings(review.ben, milestone)
    shown = review.ada.get(f"{milestone}/verifications").body

    assert [each["evidence_id"] for each in shown["subject"]["evidence"]] == [evidence]
    assert shown["subject"]["evidence"][0]["url"] == "https://example.org/1"
    assert all(new["subject_digest"] != old for new, old in zip(shown["items"], before, strict=True))


def test_evidence_that_comes_between_reading_and_approving_is_refused(review: Review):
    milestone = review.submits(layer())
    [seen] = review.layers(milestone)
    brings(review.ben, milestone)

    assert review.decides(review.verifiers[0], seen).code == "SubjectChanged"
    assert review.decides(review.verifiers[0], review.layers(milestone)[0]).status == 200


def test_evidence_that_comes_while_somebody_approves_is_refused(review: Review, monkeypatch: pytest.MonkeyPatch):
    milestone = review.submits(layer())
    [seen] = review.layers(milestone)
    once = iter([lambda: brings(review.ben, milestone)])
    decided = deciding.decided

    def slowly(*given: Any, **named: Any) -> Any:
        after = decided(*given, **named)
        next(once, lambda: None)()
        return after

    monkeypatch.setattr(deciding, "decided", slowly)

    assert review.decides(review.verifiers[0], seen).code == "SubjectChanged"
    assert review.statuses(milestone) == ["open"]


def test_new_evidence_withdraws_the_approvals_of_open_layers_and_those_people_decide_again(review: Review):
    milestone = review.submits(layer(mode="all"), layer(2))
    for somebody in review.verifiers[:2]:
        review.decides(somebody, review.layers(milestone)[0])
    brings(review.ben, milestone)
    asked = review.layers(milestone)[0]
    told = [each["event_type"] for each in review.ada.get(f"{milestone}/history").body["items"]]

    assert withdrawn(asked) == [True, True]
    assert told.count("projects.layer.asked_again") == 1
    assert [review.decides(each, asked).status for each in review.verifiers] == [200, 200, 200]
    assert review.statuses(milestone) == ["approved", "open"]


def test_a_rejection_stays_when_evidence_is_added(review: Review):
    milestone = review.submits(layer(mode="quorum", quorum=2, reject_rule="quorum_unreachable"))
    review.decides(review.verifiers[0], review.layers(milestone)[0], "reject")
    brings(review.ben, milestone)

    assert withdrawn(review.layers(milestone)[0]) == [False]


def test_a_policy_may_keep_approvals_and_the_digest_changes_all_the_same(review: Review):
    policy = {"keep_approvals": True, "layers": [layer(mode="all")]}
    milestone = review.ada.begins(review.project, review.ben, verification_policy=policy)
    review.ben.post(f"{milestone}/complete")
    [seen] = review.layers(milestone)
    review.decides(review.verifiers[0], seen)
    brings(review.ben, milestone)

    assert withdrawn(review.layers(milestone)[0]) == [False]
    assert review.decides(review.verifiers[1], seen).code == "SubjectChanged"


def test_reviewed_evidence_is_neither_deleted_replaced_nor_rejected_while_layers_decide(bucket: str, review: Review):
    milestone = review.begins(layer(), acceptance="manager")
    path = bringing.brings(review.ben, milestone)
    review.ben.post(f"{path}/submit")
    review.ben.post(f"{milestone}/complete")

    def refusals() -> list[str | None]:
        version = bringing.declared(b"%PDF-1.7 again\n%%EOF\n")
        return [
            review.ben.delete(path).code,
            review.ben.post(f"{path}/new-version", version).code,
            review.verifiers[0].post(f"{path}/reject", {"comment": "No."}).code,
        ]

    assert refusals() == ["UnderReview"] * 3
    assert review.verifiers[0].post(f"{path}/verify").status == 200
    assert review.decides(review.verifiers[0], review.layers(milestone)[0]).status == 200
    assert review.ada.status(milestone) == "verified"
    assert review.ben.post(f"{path}/new-version", bringing.declared(b"%PDF-1.7 2\n%%EOF\n")).code == "SubjectFrozen"


def test_a_version_that_was_announced_before_the_review_is_added_and_replaces_nothing(bucket: str, review: Review):
    milestone = review.begins(layer())
    path = bringing.brings(review.ben, milestone)
    again = b"%PDF-1.7 again\n%%EOF\n"
    announced = review.ben.post(f"{path}/new-version", bringing.declared(again)).body
    review.ben.post(f"{milestone}/complete")
    bringing.sends(announced, again)

    assert bringing.says(review.ben, announced).body["status"] == "uploaded"
    assert review.ben.get(path).body["status"] == "uploaded"
    assert len(review.ada.get(f"{milestone}/verifications").body["subject"]["evidence"]) == 2


def test_evidence_that_expires_withdraws_approvals_also_where_the_policy_keeps_them(review: Review, time: Any):
    policy = {"keep_approvals": True, "layers": [layer(mode="all")]}
    milestone = review.ada.begins(review.project, review.ben, verification_policy=policy)
    link = {"url": "https://example.org/1", "expires_on": "2026-11-20"}
    review.ben.post(f"{milestone}/evidence/links", link)
    review.ben.post(f"{milestone}/complete")
    review.decides(review.verifiers[0], review.layers(milestone)[0])
    time.shift(24 * 3600)
    sweeping.run(lambda: True)

    assert withdrawn(review.layers(milestone)[0]) == [True]
    assert review.ada.get(f"{milestone}/verifications").body["subject"]["evidence"] == []


@pytest.mark.parametrize(("added", "status"), [([], "approved"), (["2"], "open")])
def test_an_approval_carries_over_only_to_the_evidence_it_was_given_on(added: list[str], status: str, review: Review):
    milestone = review.begins(layer(), layer(2, approvers=[{"user": review.ada.user_id}]))
    brings(review.ben, milestone)
    review.ben.post(f"{milestone}/complete")
    first, second = review.layers(milestone)
    review.decides(review.verifiers[0], first)
    review.decides(review.ada, second, "reject")
    review.ben.post(f"{milestone}/rework")
    for name in added:
        brings(review.ben, milestone, name)
    review.ben.post(f"{milestone}/complete")

    assert review.statuses(milestone, attempt=2)[0] == status


def test_an_approval_that_was_kept_does_not_carry_over_to_what_it_did_not_see(review: Review):
    policy = {"keep_approvals": True, "layers": [layer(mode="all"), layer(2, approvers=[{"user": review.ada.user_id}])]}
    milestone = review.ada.begins(review.project, review.ben, verification_policy=policy)
    review.ben.post(f"{milestone}/complete")
    review.decides(review.verifiers[0], review.layers(milestone)[0])
    brings(review.ben, milestone)
    for somebody in review.verifiers[1:]:
        review.decides(somebody, review.layers(milestone)[0])
    review.decides(review.ada, review.layers(milestone)[1], "reject")
    review.ben.post(f"{milestone}/rework")
    review.ben.post(f"{milestone}/complete")

    assert review.statuses(milestone, attempt=2) == ["open", "waiting"]


def test_a_layer_keeps_its_last_twenty_withdrawn_decisions(review: Review):
    milestone = review.submits(layer(mode="all"))
    for _ in range(22):
        [now] = review.layers(milestone)
        assert review.decides(review.verifiers[0], now).status == 200
        assert review.verifiers[0].post(f"/verifications/{now['verification_id']}/withdraw").status == 200

    assert len(review.layers(milestone)[0]["decisions"]) == 20


def test_evidence_that_comes_while_the_milestone_is_escalated_is_shown_too(review: Review):
    milestone = review.submits(layer())
    raised = {
        "project_milestone_id": milestone.rpartition("/")[2],
        "kind": "delay",
        "severity": "high",
        "reason_code": "supplier",
        "details": "The mill is late.",
        "blocks_work": True,
    }
    assert review.ada.post("/escalations", raised).status == 201
    assert review.ada.status(milestone) == "escalated"
    brings(review.ben, milestone)

    assert review.decides(review.verifiers[0], review.layers(milestone)[0]).status == 200
