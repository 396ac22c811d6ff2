"""The GraphQL fields of projects do what the routes do."""

from typing import Any, get_args

import pytest

from functions.projects.evidence import evidence, reviews
from functions.projects.graphql import graphql
from functions.projects.layers import analysis, checks, layers, policy
from functions.projects.milestones import milestones, transition
from functions.projects.people import members, owners
from functions.projects.projects import Status
from shared import tally
from shared.api import casing
from tests.projects.appsync import SCHEMA, Reply
from tests.projects.catalogue import FIELDS
from tests.projects.team import Person

DRAFT = {
    "title": "Mill assembled",
    "kind": "deliverable",
    "amountMinorUnits": "9000000000000",
    "internalNotes": "The third wheel is weak.",
    "completionCriteria": [{"key": "drawings", "text": "Drawings are signed"}],
    "acceptance": "manager",
    "notes": None,
}
ENUMS = {
    "ProjectStatus": Status,
    "ProjectRole": members.Role,
    "ProjectMilestoneKind": milestones.Kind,
    "ProjectMilestonePriority": milestones.Priority,
    "ProjectMilestoneStatus": transition.Status,
    "ProjectMilestoneAcceptance": milestones.Acceptance,
    "ProjectMilestoneSource": milestones.Source,
    "ProjectMilestoneOwnerRole": owners.Role,
    "ProjectMilestoneOwnerStatus": owners.Status,
    "MilestoneLayerKind": policy.Kind,
    "MilestoneLayerMode": tally.Mode,
    "MilestoneLayerOrder": policy.Order,
    "MilestoneLayerRejectRule": tally.RejectRule,
    "MilestoneLayerRestart": policy.Restart,
    "MilestoneLayerStatus": layers.Status,
    "MilestoneDecisionChoice": layers.Choice,
    "MilestoneAutoCheckName": checks.Name,
    "MilestoneEvidenceFindingCode": analysis.Code,
    "EvidenceKind": evidence.Kind,
    "EvidenceStatus": evidence.Status,
    "EvidenceDecisionChoice": reviews.Decision,
}


def planned(person: Person, project: str, **more: Any) -> str:
    made = person.ask("createProjectMilestone", projectId=project[10:], input={**DRAFT, **more})
    assert made.error_type is None, made.message
    return str(made.data["projectMilestoneId"])


def moved(person: Person, event: str, milestone_id: str, **more: Any) -> Reply:
    return person.ask(f"{event}ProjectMilestone", projectMilestoneId=milestone_id, **more)


def in_camel_case(view: dict[str, Any]) -> dict[str, Any]:
    """Return what REST answers as GraphQL has it."""
    shown = casing.camel(view)
    if "amountMinorUnits" in shown:
        units, currency = shown.pop("amountMinorUnits"), shown.pop("currency")
        shown["amount"] = None if units is None else {"minorUnits": str(units), "currency": currency}
    for name, stored in (("metadata", "metadata"), ("customFields", "custom_fields")):
        if name in shown:
            shown[name] = [{"name": key, "text": text} for key, text in view[stored].items()]
    if "milestonesByStatus" in shown:
        counted = view["milestones_by_status"].items()
        shown["milestonesByStatus"] = [{"status": status, "milestones": each} for status, each in counted]
    return shown


def test_every_field_of_the_schema_has_a_resolver_and_every_resolver_a_field():
    assert {f"{type_name}.{name}" for type_name, name in graphql.names} == {str(field) for field in FIELDS}


@pytest.mark.parametrize("name", ENUMS)
def test_an_enum_has_the_values_that_the_code_has(name: str):
    assert set(SCHEMA.type_map[name].values) == set(get_args(ENUMS[name]))


def test_a_project_is_created_changed_completed_reopened_archived_and_shown_as_over_rest(ada: Person):
    client = {"name": "Royal Society", "taxId": None}
    made = ada.ask(
        "createProject", input={"name": "Engine", "currency": "EUR", "client": client, "timeZone": None}
    ).data
    project_id = made["projectId"]
    changed = ada.ask("updateProject", projectId=project_id, input={"client": None, "holidays": ["2026-12-25"]}).data

    assert (made["client"]["name"], made["timeZone"], made["members"]) == ("Royal Society", "UTC", 1)
    assert (changed["client"], changed["holidays"], changed["version"]) == (None, ["2026-12-25"], 2)
    stale = ada.ask("updateProject", projectId=project_id, input={"name": "Mill"}, expectedVersion=1)
    assert stale.error_type == "VersionChanged"
    for event, status in (("complete", "completed"), ("reopen", "active"), ("complete", "completed")):
        assert ada.ask(f"{event}Project", projectId=project_id).data["status"] == status
    assert ada.ask("archiveProject", projectId=project_id).data["status"] == "archived"
    shown = ada.ask("project", projectId=project_id).data
    assert shown == in_camel_case(ada.get(f"/projects/{project_id}").body)
    assert ada.ask("projects").data["items"] == [casing.camel(each) for each in ada.get("/projects").body["items"]]
    assert ada.ask("deleteProject", projectId=project_id).data == project_id
    assert ada.ask("project", projectId=project_id).error_type == "ProjectNotFound"


def test_an_admin_is_listed_the_projects_of_the_tenant(ada: Person, project: str):
    admin = ada.colleague("admin")

    assert [each["projectId"] for each in admin.ask("projects").data["items"]] == [project[10:]]


def test_members_are_put_listed_and_removed(ada: Person, ben: Person, project: str):
    given = {"projectId": project[10:], "userId": ben.user_id}
    put = ada.ask("putProjectMember", **given, input={"roles": ["viewer"], "skills": None}).data
    listed = ada.ask("projectMembers", projectId=project[10:]).data["items"]

    assert (put["roles"], put["skills"]) == (["viewer"], [])
    assert {each["userId"] for each in listed} == {ada.user_id, ben.user_id}
    assert listed == [casing.camel(each) for each in ada.get(f"{project}/members").body["items"]]
    assert ada.ask("removeProjectMember", **given).data == ben.user_id
    assert ben.ask("project", projectId=project[10:]).error_type == "ProjectNotFound"


def test_a_milestone_goes_its_way_by_fields_and_is_shown_as_over_rest(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    milestone_id = planned(ada, project)
    path = f"/project-milestones/{milestone_id}"
    owner = {"userId": ben.user_id, "role": "primary", "workloadPercent": None}
    assigned = ada.ask("assignProjectMilestone", projectMilestoneId=milestone_id, input=owner).data
    accepted = ben.ask("acceptProjectMilestoneOwnership", projectMilestoneId=milestone_id).data
    assert (assigned["status"], accepted["status"]) == ("assigned", "active")
    assert moved(ada, "activate", milestone_id).data["status"] == "active"
    assert moved(ben, "start", milestone_id).data["status"] == "in_progress"
    assert moved(ben, "complete", milestone_id).info["completionBlockedBy"] == ["drawings"]
    named = {"projectMilestoneId": milestone_id}
    progressed = ben.ask("setProjectMilestoneProgress", **named, progress=40).data
    met = ben.ask("setProjectMilestoneCriterion", **named, criterionKey="drawings", isMet=True).data
    assert (progressed["progress"], met["completionCriteria"][0]["isMet"]) == (40, True)
    assert moved(ben, "complete", milestone_id).data["status"] == "verified"
    assert moved(ada, "refuse", milestone_id, reason="It jams.").data["status"] == "rejected"
    assert moved(ben, "rework", milestone_id).data["attempt"] == 2
    moved(ben, "complete", milestone_id)
    assert moved(ada, "accept", milestone_id).data["status"] == "approved"
    refused = moved(ada, "cancel", milestone_id, reason="Not needed.")
    assert (refused.error_type, refused.info["from"]) == ("TransitionNotAllowed", "approved")

    shown = ada.ask("projectMilestone", **named).data
    assert shown == in_camel_case(ada.get(path).body)
    assert shown["amount"] == {"minorUnits": "9000000000000", "currency": "EUR"}
    happened = ada.ask("projectMilestoneHistory", **named).data["items"]
    assert happened == [casing.camel(each) for each in ada.get(f"{path}/history").body["items"]]
    people = ada.ask("projectMilestoneOwners", **named).data
    assert people == [casing.camel(each) for each in ada.get(f"{path}/owners").body["items"]]
    assert ada.ask("project", projectId=project[10:]).data == in_camel_case(ada.get(project).body)


def test_owners_decline_hand_on_and_are_removed(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    named = {"projectMilestoneId": planned(ada, project)}
    ada.ask("assignProjectMilestone", **named, input={"userId": ben.user_id, "role": "observer"})
    assert ben.ask("declineProjectMilestoneOwnership", **named).data == ben.user_id
    ada.ask("assignProjectMilestone", **named, input={"userId": ada.user_id, "role": "primary"})

    assert ada.ask("transferProjectMilestone", **named, userId=ben.user_id).data["userId"] == ben.user_id
    assert [each["projectId"] for each in ben.ask("milestonesOverProjects").data["items"]] == [project[10:]]
    assert ada.ask("removeProjectMilestoneOwner", **named, userId=ben.user_id).data == ben.user_id
    assert ada.ask("projectMilestoneOwners", **named).data == []


def test_milestones_are_listed_filtered_changed_and_deleted(ada: Person, project: str):
    named = {"projectMilestoneId": planned(ada, project, dueOn="2027-03-31")}
    planned(ada, project, priority="high")
    admin = ada.colleague("admin")
    first, second = ada.ask("projectMilestones", projectId=project[10:]).data["items"]
    high = ada.ask("projectMilestones", projectId=project[10:], priority="high").data["items"]
    due = admin.ask("milestonesOverProjects", status="draft", dueBefore="2028-01-01").data["items"]

    assert (high, due) == ([second], [first])
    changed = ada.ask("updateProjectMilestone", **named, input={"amountMinorUnits": "7"}, expectedVersion=1).data
    assert changed["amount"]["minorUnits"] == "7"
    assert ada.ask("updateProjectMilestone", **named, input={"amountMinorUnits": None}).data["amount"] is None
    assert ada.ask("deleteProjectMilestone", **named).data == named["projectMilestoneId"]
    assert ada.ask("projectMilestone", **named).error_type == "ProjectMilestoneNotFound"


def test_amounts_and_notes_are_not_for_everybody(ada: Person, ben: Person, project: str):
    named = {"projectMilestoneId": planned(ada, project)}
    for role, seen in (("client", (True, False)), ("viewer", (False, False)), ("finance", (True, True))):
        ada.brings(project, ben, role)
        shown = ben.ask("projectMilestone", **named).data
        assert (shown["amount"] is not None, shown["internalNotes"] is not None) == seen


@pytest.mark.parametrize("amount", ["", "0", "-5", "1.5", "1e3", "EUR 5", "10000000000000000", "\u0665"])
def test_an_amount_that_is_none_is_refused(amount: str, ada: Person, project: str):
    refused = ada.ask("createProjectMilestone", projectId=project[10:], input={**DRAFT, "amountMinorUnits": amount})

    assert (refused.error_type, refused.fields) == ("InvalidInput", ["amountMinorUnits"])


def test_what_is_sent_is_judged_as_over_rest(ada: Person, project: str):
    named = {"projectMilestoneId": planned(ada, project)}

    assert ada.ask("createProject", input={"name": "", "currency": "EUR"}).fields == ["name"]
    assert ada.ask("updateProjectMilestone", **named, input={"title": None}).fields == ["title"]
    assert ada.ask("setProjectMilestoneProgress", **named, progress=101).fields == ["progress"]
    assert moved(ada, "cancel", named["projectMilestoneId"], reason="").fields == ["reason"]
    assert ada.ask("projects", limit=0).fields == ["limit"]


def test_a_repeated_field_with_one_key_has_one_effect(ada: Person, project: str):
    given = {"projectId": project[10:], "input": DRAFT}
    first, second = (ada.ask("createProjectMilestone", key="once", **given) for _ in range(2))

    assert first.data == second.data
    assert len(ada.ask("projectMilestones", projectId=project[10:]).data["items"]) == 1


def test_layers_are_decided_by_fields_and_shown_as_over_rest(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "verifier")
    cleo = ada.brings(project, ada.colleague(), "verifier")
    rules = [{"level": 1, "name": "Review", "approvers": [{"role": "verifier"}], "mode": "all"}]
    milestone_id = planned(ada, project, verificationPolicy={"layers": rules}, completionCriteria=[])
    ada.assigns(f"/project-milestones/{milestone_id}", ada)
    for event in ("activate", "start", "complete", "recall", "complete"):
        assert moved(ada, event, milestone_id).error_type is None
    shown = ada.ask("projectMilestoneVerifications", projectMilestoneId=milestone_id).data
    read = ben.get(f"/project-milestones/{milestone_id}/verifications").body
    layer = shown["items"][1]
    decision = {"decision": "approve", "subjectDigest": layer["subjectDigest"]}
    decided = ben.ask("decideVerification", verificationId=layer["verificationId"], input=decision).data
    withdrawn = ben.ask("withdrawVerificationDecision", verificationId=layer["verificationId"]).data
    stranger = ada.brings(project, ada.colleague(), "viewer")
    given = {"verificationId": layer["verificationId"], "userId": stranger.user_id, "insteadOf": cleo.user_id}

    assert shown["items"] == [in_camel_case(each) for each in read["items"]]
    assert shown["subject"] == in_camel_case(read["subject"])
    assert (decided["approvingWeight"], withdrawn["approvingWeight"]) == (1, 0)
    assert stranger.user_id in [each["userId"] for each in ada.ask("reassignVerification", **given).data["seats"]]


def test_texts_by_name_are_lists(ada: Person, project: str):
    texts = [{"name": "orderNumber", "text": "PO 4711"}, {"name": "Second Name", "text": "b"}]
    milestone_id = planned(ada, project, metadata=texts, customFields=texts[:1])
    shown = ada.ask("projectMilestone", projectMilestoneId=milestone_id).data
    twice = ada.ask("updateProjectMilestone", projectMilestoneId=milestone_id, input={"metadata": texts[:1] * 2})

    assert (shown["metadata"], shown["customFields"]) == (texts, texts[:1])
    assert ada.get(f"/project-milestones/{milestone_id}").body["metadata"] == {
        "orderNumber": "PO 4711",
        "Second Name": "b",
    }
    assert (twice.error_type, twice.fields) == ("InvalidInput", ["metadata"])
