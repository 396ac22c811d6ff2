"""Escalation policies: who makes them, which of them applies, and what later changes of them touch."""

from typing import Any

import pytest

from functions.projects.escalation_policies import policies
from functions.projects.escalation_policies.policies import EscalationPolicy
from functions.projects.following import copies
from shared.storage import table
from tests.projects.escalation.asking import raises
from tests.projects.escalation_policies.making import MANAGERS, OWNER, VERIFIERS, draft, makes
from tests.projects.team import Person
from tests.projects.verification.review import Review


def applied(somebody: Person, milestone: str, **more: Any) -> str:
    """Raise an escalation and return the path of the policy that applied."""
    shown = somebody.get(raises(somebody, milestone, **more)).body
    return f"/escalation-policies/{shown['escalation_policy_id']}"


def test_a_policy_is_shown_and_listed_with_all_that_was_said(ada: Person, project: str):
    levels = [OWNER, {"targets": [{"user": ada.user_id}], "channels": ["worklist", "email"]}]
    path = makes(ada, *levels, project=project, kinds=["delay"], severities=["high"], calendar="business", repeats=2)
    shown = ada.get(path).body

    assert shown["levels"] == [
        {"targets": [{"user": None, "role": None, "owner_role": "primary"}], "channels": ["worklist"]},
        {"targets": [{"user": ada.user_id, "role": None, "owner_role": None}], "channels": ["worklist", "email"]},
    ]
    assert (shown["kinds"], shown["severities"], shown["calendar"], shown["repeats"]) == (
        ["delay"],
        ["high"],
        "business",
        2,
    )
    assert ada.get("/escalation-policies", f"project_id={project[10:]}").body["items"] == [shown]
    assert ada.get("/escalation-policies").body["items"] == []


def test_policies_for_all_projects_are_for_admins_to_write(ada: Person, admin: Person):
    refused = ada.post("/escalation-policies", draft())
    path = makes(admin)

    assert (refused.status, refused.body["code"]) == (403, "AdminRequired")
    assert ada.get(path).body["project_id"] is None
    assert ada.patch(path, {"name": "Mine"}).status == ada.delete(path).status == 403


def test_policies_of_a_project_are_for_its_managers_and_seen_by_its_members(
    ada: Person, ben: Person, eve: Person, project: str
):
    path = makes(ada, project=project)
    unseen = [somebody.get(path).status for somebody in (ben, eve)]
    listing = ben.get("/escalation-policies", f"project_id={project[10:]}").status
    ada.brings(project, ben, "creator")

    assert (unseen, listing) == ([404, 404], 404)
    assert ben.get(path).status == 200
    assert ben.patch(path, {"name": "Mine"}).status == ben.delete(path).status == 403
    assert ben.post("/escalation-policies", draft(project_id=project[10:])).status == 403


def test_guests_see_no_policies(ada: Person, admin: Person, project: str):
    guest = ada.brings(project, ada.colleague("guest"), "client")
    paths = [makes(admin), makes(ada, project=project)]

    assert [guest.get(each).status for each in (*paths, "/escalation-policies")] == [404, 404, 404]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"levels": []}, "levels"),
        ({"levels": [{"targets": []}]}, "levels.0.targets"),
        ({"levels": [{"targets": [{}]}]}, "levels.0.targets.0"),
        ({"levels": [{"targets": [{"role": "manager", "owner_role": "primary"}]}]}, "levels.0.targets.0"),
        ({"levels": [{"targets": [{"user": "ada"}]}]}, "levels.0.targets.0.user"),
        ({"levels": [{**OWNER, "channels": ["pigeon"]}]}, "levels.0.channels.0"),
        ({"levels": [{**OWNER, "channels": ["email", "email"]}]}, "levels.0.channels"),
        ({"repeats": 4}, "repeats"),
        ({"repeats": True}, "repeats"),
        ({"kinds": ["delay", "delay"]}, "kinds"),
        ({"calendar": "moon"}, "calendar"),
        ({"color": "red"}, "color"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(wrong: dict[str, Any], field: str, admin: Person):
    refused = admin.post("/escalation-policies", {**draft(), **wrong})

    assert refused.status == 422
    assert refused.body["errors"][0]["field"] == field
    assert admin.get("/escalation-policies").body["items"] == []


def test_a_change_keeps_what_was_not_sent_and_a_stale_one_is_refused(admin: Person):
    path = makes(admin, OWNER, MANAGERS, repeats=2)
    changed = admin.patch(path, {"kinds": ["delay"]}, if_match='"1"')
    stale = admin.patch(path, {"kinds": []}, if_match='"1"')

    assert (changed.body["repeats"], len(changed.body["levels"]), changed.body["version"]) == (2, 2, 2)
    assert (stale.status, admin.delete(path, if_match='"1"').status) == (412, 412)
    assert (admin.delete(path).status, admin.get(path).status) == (204, 404)


def test_the_same_key_makes_one_policy(admin: Person):
    first, again = (admin.post("/escalation-policies", draft(), key="making") for _ in range(2))

    assert (first.status, again.body) == (201, first.body)
    assert len(admin.get("/escalation-policies").body["items"]) == 1


def test_a_tenant_has_twenty_policies_and_so_has_a_project(ada: Person, admin: Person, project: str):
    for _ in range(policies.MOST):
        makes(admin)
    refused = admin.post("/escalation-policies", draft())

    assert (refused.status, refused.body["code"]) == (409, "TooManyEscalationPolicies")
    assert makes(ada, project=project)


def policy(number: int, **more: Any) -> EscalationPolicy:
    return EscalationPolicy("t", f"epo_{number}", "Policy", [], "u", "", "", 1, **more)


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ([policy(1), policy(2, kinds=["delay"])], "epo_2"),
        ([policy(1, severities=["high"]), policy(2, kinds=["delay"])], "epo_2"),
        ([policy(1, kinds=["delay"]), policy(2, kinds=["delay", "budget"], severities=["high"])], "epo_2"),
        ([policy(1), policy(2, severities=["high"])], "epo_2"),
        ([policy(2), policy(1)], "epo_1"),
        ([policy(1, kinds=["budget"]), policy(2, severities=["low"])], None),
    ],
)
def test_the_narrowest_policy_applies_and_of_two_the_oldest(found: list[EscalationPolicy], chosen: str | None):
    narrowest = policies.narrowest(found, "delay", "high")

    assert (None if narrowest is None else narrowest.escalation_policy_id) == chosen


def test_a_policy_of_the_project_comes_before_one_for_all(review: Review, milestone: str, admin: Person):
    of_all = makes(admin, kinds=["technical"])
    of_project = makes(review.ada, project=review.project, severities=["high"])

    assert applied(review.ada, milestone, severity="high") == of_project
    assert applied(review.ada, review.ada.plans(review.project), severity="low") == of_all


def test_an_escalation_keeps_the_policy_of_when_it_was_raised(review: Review, milestone: str, admin: Person):
    path = makes(admin, VERIFIERS)
    before = raises(review.ada, milestone)
    admin.patch(path, {"levels": [MANAGERS]})
    after = raises(review.ada, milestone, kind="budget")
    admin.delete(path)
    told = [review.ada.get(each).body["notified"] for each in (before, after)]
    further = [review.ada.post(f"{each}/escalate").code for each in (before, after)]

    assert told == [sorted(each.user_id for each in review.verifiers), [review.ada.user_id]]
    assert further == ["EscalationAtLastLevel"] * 2


def test_policies_of_a_deleted_project_are_gone(ada: Person, project: str):
    path = makes(ada, project=project)
    ada.delete(project)
    copies.follow(ada.tenant_id, project[10:])

    assert [*table.query_all(policies.partition(ada.tenant_id, project[10:]), policies.PREFIX)] == []
    assert ada.get(path).status == 404


def test_policies_are_made_over_graphql_by_the_same_rules(admin: Person, ada: Person):
    given = {"name": "Late", "levels": [{"targets": [{"role": "manager", "user": None}]}], "repeats": 1}
    made = admin.ask("createEscalationPolicy", input=given).data
    changed = admin.ask(
        "updateEscalationPolicy", escalationPolicyId=made["escalationPolicyId"], input={"repeats": 3}, expectedVersion=1
    ).data
    refused = ada.ask("deleteEscalationPolicy", escalationPolicyId=made["escalationPolicyId"])

    assert (changed["repeats"], changed["levels"][0]["channels"]) == (3, ["worklist"])
    assert refused.error_type == "AdminRequired"
    assert ada.ask("escalationPolicies").data["items"] == [changed]
    assert ada.ask("escalationPolicy", escalationPolicyId=made["escalationPolicyId"]).data == changed
