"""Milestones of a project: planned, changed, worked on, accepted, counted, listed, deleted."""

from typing import Any

import pytest

from tests.projects.team import Person

CRITERIA = [{"key": "drawings", "text": "Drawings are signed"}, {"key": "test", "text": "It mills"}]
DRAFT = {"title": "Mill assembled", "kind": "deliverable"}
REASON = {"reason": "The mill jams."}


def test_a_milestone_is_started_completed_and_approved(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben, acceptance="manager")

    done = ben.post(f"{milestone}/complete").body
    assert (done["status"], done["progress"], done["allowed"]) == ("verified", 100, ["accept", "reject", "cancel"])
    assert ada.post(f"{milestone}/accept").body["status"] == "approved"


def test_without_an_acceptance_completion_approves(ada: Person, project: str):
    milestone = ada.begins(project, ada)

    assert ada.post(f"{milestone}/complete").body["status"] == "approved"
    told = [each["event_type"].rpartition(".")[2] for each in ada.get(f"{milestone}/history").body["items"]]
    assert told == ["approved", "verified", "completed", "started", "activated", "assigned", "created"]


def test_a_draft_without_a_primary_owner_who_has_accepted_is_not_activated(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.plans(project)
    assert ada.post(f"{milestone}/activate").code == "OwnerMissing"
    ada.post(f"{milestone}/owners", {"user_id": ben.user_id, "role": "primary"})
    assert ada.post(f"{milestone}/activate").code == "OwnerMissing"
    ben.post(f"{milestone}/owners/accept")
    ada.delete(f"{project}/members/{ben.user_id}")
    assert ada.post(f"{milestone}/activate").code == "OwnerMissing"
    ada.brings(project, ben, "viewer")

    assert ada.post(f"{milestone}/activate").body["status"] == "active"


def test_the_primary_owner_decides_nothing_about_their_own_milestone(ada: Person, project: str):
    milestone = ada.begins(project, ada, acceptance="manager")
    ada.post(f"{milestone}/complete")

    assert ada.post(f"{milestone}/accept").code == "SeparationOfDuties"
    assert ada.post(f"{milestone}/refuse", REASON).code == "SeparationOfDuties"


def test_a_client_who_is_a_guest_accepts_what_is_for_the_client(ada: Person, ben: Person, project: str):
    guest = ada.brings(project, ada.colleague("guest"), "client")
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben, acceptance="client")
    ben.post(f"{milestone}/complete")

    assert ada.post(f"{milestone}/accept").code == "RoleRequired"
    assert guest.post(f"{milestone}/accept").body["status"] == "approved"


def test_progress_goes_up_and_down_only_where_that_is_wanted(ada: Person, project: str):
    milestone = ada.begins(project, ada)
    assert ada.put(f"{milestone}/progress", {"progress": 60}).body["progress"] == 60
    assert ada.put(f"{milestone}/progress", {"progress": 59}).code == "ProgressDecreased"
    ada.patch(milestone, {"allow_decrease": True})

    assert ada.put(f"{milestone}/progress", {"progress": 59}).body["progress"] == 59


def test_at_100_open_criteria_keep_it_and_the_last_one_completes_it(ada: Person, project: str):
    milestone = ada.begins(project, ada, completion_criteria=CRITERIA)
    assert ada.post(f"{milestone}/complete").body["completion_blocked_by"] == ["drawings", "test"]

    full = ada.put(f"{milestone}/progress", {"progress": 100}).body
    assert (full["status"], full["completion_blocked_by"]) == ("in_progress", ["drawings", "test"])
    first = ada.put(f"{milestone}/checklist/test", {"is_met": True}).body
    assert (first["status"], first["completion_blocked_by"]) == ("in_progress", ["drawings"])
    assert ada.put(f"{milestone}/checklist/drawings", {"is_met": True}).body["status"] == "approved"


def test_the_progress_of_a_checklist_follows_it(ada: Person, project: str):
    milestone = ada.begins(project, ada, completion_criteria=CRITERIA, progress_source="checklist")
    assert ada.put(f"{milestone}/progress", {"progress": 10}).code == "ProgressDerived"

    assert ada.put(f"{milestone}/checklist/test", {"is_met": True}).body["progress"] == 50
    assert ada.put(f"{milestone}/checklist/test", {"is_met": False}).body["progress"] == 0
    assert ada.put(f"{milestone}/checklist/nothing", {"is_met": True}).code == "CriterionNotFound"


def test_what_was_agreed_stays_from_completion_on(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben, amount_minor_units=500, acceptance="manager")
    ben.post(f"{milestone}/complete")

    for field in ({"amount_minor_units": 501}, {"completion_criteria": CRITERIA}, {"acceptance": "none"}):
        assert ada.patch(milestone, field).code == "SubjectFrozen"
    assert ada.patch(milestone, {"title": "Mill", "amount_minor_units": 500}).status == 200
    ada.post(f"{milestone}/accept")
    assert ada.patch(milestone, {"title": "Late"}).code == "MilestoneFinal"


def test_amounts_and_internal_notes_are_for_those_whom_they_are_for(ada: Person, project: str):
    milestone = ada.plans(project, amount_minor_units=500, internal_notes="He is late.")
    seen = {}
    for role in ("manager", "creator", "verifier", "finance", "viewer", "client"):
        shown = ada.brings(project, ada.colleague(), role).get(milestone).body
        seen[role] = (shown["amount_minor_units"], shown["internal_notes"])
    guest = ada.brings(project, ada.colleague("guest"), "finance").get(milestone).body

    note = "He is late."
    assert seen == {
        "manager": (500, note),
        "creator": (None, note),
        "verifier": (None, note),
        "finance": (500, note),
        "viewer": (None, None),
        "client": (500, None),
    }
    assert guest["internal_notes"] is None
    assert "500" not in str(ada.get(f"{project}/project-milestones").body)


def test_a_creator_plans_without_amounts(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "creator")
    priced = ada.plans(project, amount_minor_units=500)
    draft = {"title": "Mill", "kind": "custom", "amount_minor_units": 5}

    assert ben.post(f"{project}/project-milestones", draft).code == "RoleRequired"
    assert ben.patch(priced, {"amount_minor_units": None}).code == "RoleRequired"
    assert ben.patch(priced, {"title": "Mill"}).status == 200


@pytest.mark.parametrize("role", ["verifier", "finance", "viewer", "client"])
def test_others_neither_plan_nor_work(role: str, ada: Person, ben: Person, project: str):
    ada.brings(project, ben, role)
    milestone = ada.begins(project, ada)
    asked = [
        ben.post(f"{project}/project-milestones", {"title": "Mine", "kind": "custom"}),
        ben.patch(milestone, {"title": "Mine"}),
        ben.put(f"{milestone}/progress", {"progress": 90}),
        ben.post(f"{milestone}/complete"),
        ben.post(f"{milestone}/cancel", REASON),
        ben.post(f"{milestone}/owners", {"user_id": ben.user_id, "role": "observer"}),
        ben.put(f"{project}/members/{ben.user_id}", {"roles": ["manager"]}),
        ben.patch(project, {"name": "Mine"}),
        ben.delete(project),
    ]

    assert {each.code for each in asked} == {"RoleRequired"}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_milestone_is_not_there_for_others(method: str, ada: Person, ben: Person, eve: Person, project: str):
    milestone = ada.plans(project)
    body = {"title": "Mine"} if method == "PATCH" else None

    for stranger in (ben, eve):
        assert stranger.rest(method, milestone, body).code == "ProjectMilestoneNotFound"


def test_drafts_and_cancelled_milestones_are_deleted(ada: Person, project: str):
    running, draft = ada.begins(project, ada), ada.plans(project)
    assert ada.delete(running).code == "MilestoneNotDeletable"
    ada.post(f"{running}/cancel", REASON)

    assert (ada.delete(running).status, ada.delete(draft).status) == (204, 204)
    assert ada.get(project).body["milestones"] == 0
    assert ada.get(f"{project}/project-milestones").body["items"] == []
    assert ada.get("/project-milestones").body["items"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("kind", "party"),
        ("amount_minor_units", 0),
        ("amount_minor_units", 10**15 + 1),
        ("amount_minor_units", 1.5),
        ("due_on", "2026-13-01"),
        ("due_on", "2026-02-30"),
        ("weight", 0),
        ("rework_progress", 101),
        ("completion_criteria", [CRITERIA[0], CRITERIA[0]]),
        ("progress_source", "moon"),
        ("source_threshold", 60),
        ("status", "approved"),
        ("progress", 100),
    ],
)
def test_such_a_field_is_refused(field: str, value: Any, ada: Person, project: str):
    milestone = ada.plans(project)
    refused = ada.patch(milestone, {field: value})

    assert refused.status == 422
    assert refused.fields[0].startswith(field)
    assert ada.get(milestone).body["version"] == 1


def test_it_is_not_due_before_it_starts(ada: Person, project: str):
    milestone = ada.plans(project, start_on="2027-02-01")

    assert ada.patch(milestone, {"due_on": "2027-01-31"}).fields == ["due_on"]


def test_lists_by_status_priority_and_kind(ada: Person, project: str):
    wanted = ada.plans(project, priority="high", kind="testing")
    for priority, kind in (("high", "custom"), ("low", "testing")):
        ada.plans(project, priority=priority, kind=kind)

    found = ada.get(f"{project}/project-milestones", "priority=high&kind=testing&status=draft").body["items"]
    assert [each["project_milestone_id"] for each in found] == [wanted.rpartition("/")[2]]
    pages = ada.get(f"{project}/project-milestones", "limit=2").body
    rest = ada.get(f"{project}/project-milestones", f"limit=2&cursor={pages['next_cursor']}").body
    assert (len(pages["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)


def test_new_criteria_are_not_met_unless_they_are_sent_so(ada: Person, project: str):
    milestone = ada.plans(project)
    changed = ada.patch(milestone, {"completion_criteria": [{"key": "drawings", "text": "Drawings are signed"}]})

    assert changed.body["completion_criteria"] == [{"key": "drawings", "text": "Drawings are signed", "is_met": False}]


def test_the_progress_of_hours_follows_them_up_to_99(ada: Person, project: str):
    assert "progress_source" in ada.post(f"{project}/project-milestones", {**DRAFT, "progress_source": "hours"}).fields
    milestone = ada.begins(project, ada, progress_source="hours", estimated_hours=80)
    assert ada.put(f"{milestone}/progress", {"progress": 10}).code == "ProgressDerived"

    reached = [ada.patch(milestone, {"actual_hours": each}).body["progress"] for each in (0, 20, 79, 80, 200, 8)]
    assert reached == [0, 25, 98, 99, 99, 10]
    assert ada.get(project).body["progress_percent"] == 10
    assert ada.post(f"{milestone}/complete").body["progress"] == 100


@pytest.mark.parametrize("field", ["metadata", "custom_fields"])
def test_texts_by_name_are_kept_as_they_were_sent(field: str, ada: Person, project: str):
    texts = {"Purchase order": "PO 4711", "eigenerName": "zwei\nZeilen", "": "x"}
    assert ada.post(f"{project}/project-milestones", {**DRAFT, field: texts}).status == 422
    del texts[""]
    milestone = ada.plans(project, **{field: texts})
    assert ada.get(milestone).body[field] == texts

    assert ada.patch(milestone, {field: {}}).body[field] == {}
    for sent in ({"n": "x" * 501}, {str(number): "x" for number in range(21)}, {"n": 5}, {"a\nb": "x"}, ["x"]):
        assert ada.patch(milestone, {field: sent}).status == 422
    assert ada.get(milestone).body[field] == {}
