"""Projects and the worklist from the command line, on the real application."""

import json
from collections.abc import Callable

import pytest

from functions.projects import consumers
from functions.projects.following import asking
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.cli.shell import Shell
from tests.identity.people import Person
from tests.webhooks.people import stored_events

File = Callable[..., str]
LAYER = {"level": 1, "name": "Drawings", "separation_of_duties": False}


@pytest.fixture
def project(adas: Shell) -> str:
    ran = adas.types("projects", "add", "Engine No. 2", "--json")
    assert ran.exit_code == 0, ran.err
    return str(ran.json["project_id"])


def planned(machine: Shell, file: File, ada: Person, **fields: object) -> str:
    """Plan a milestone of Ada's that waits for nobody yet; return its id."""
    draft = {"title": "Mill assembled", "kind": "deliverable", **fields}
    ran = machine.types("projects", "plan", "engine no. 2", file(json.dumps(draft), name="plan.json"), "--json")
    assert ran.exit_code == 0, ran.err
    milestone = str(ran.json["project_milestone_id"])
    assert machine.types("projects", "assign", milestone, ada.user_id).exit_code == 0
    return milestone


def reviewed(machine: Shell, file: File, ada: Person) -> tuple[str, str]:
    """Have a milestone wait for Ada; return its id and that of its layer."""
    rule = {**LAYER, "approvers": [{"user": ada.user_id}]}
    milestone = planned(machine, file, ada, verification_policy={"layers": [rule]}, amount_minor_units=4711)
    for event in ("activate", "start", "complete"):
        assert machine.types("projects", event, milestone).exit_code == 0
    asking.follow(ada.tenant_id, milestone)
    ((work, *_),) = machine.types("worklist", "list").rows
    return milestone, work


def erases() -> None:
    """Do the jobs that have been asked for."""
    asked = [each for each in stored_events() if each.event_type == "jobs.job.requested"]
    assert consumers.handler(delivered(asked), Context()) == {"batchItemFailures": []}


def test_projects_and_milestones_are_listed_and_shown(adas: Shell, ada: Person, project: str, file: File):
    milestone = planned(adas, file, ada, priority="high")
    listed = adas.types("projects", "list").rows
    found = adas.types("projects", "milestones", project, "--status", "draft", "--priority", "high").rows
    members = adas.types("projects", "members", project).rows

    assert listed == [[project, "active", "", "Engine No. 2"]]
    assert found == [[milestone, "draft", "0", "high", "", "Mill assembled"]]
    assert members == [[ada.user_id, "manager", ""]]
    assert ["milestones", "1 of 1 open"] in adas.types("projects", "show", "Engine No. 2").rows
    assert [each[0] for each in adas.types("projects", "mine").rows] == [milestone]
    assert ["next", "activate, cancel"] in adas.types("projects", "milestone", milestone).rows
    assert adas.types("projects", "milestones", project, "--kind", "payment").rows == []


def test_a_probe_is_created_run_answered_paused_and_resumed(adas: Shell, ada: Person, project: str, file: File):
    milestone = planned(adas, file, ada)
    for event in ("activate", "start"):
        assert adas.types("projects", event, milestone).exit_code == 0
    draft = {"question": "Does it turn?", "schedule": {"every": 2, "unit": "days"}, "time_zone": "Europe/Berlin"}
    ran = adas.types("probes", "create", milestone, file(json.dumps(draft), name="probe.json"), "--json")
    assert ran.exit_code == 0, ran.err
    made = ran.json
    probe = made["probe_id"]
    asked = dict(adas.types("probes", "run", probe).rows)
    again = adas.types("probes", "run", probe)
    adas.asks("POST", f"/probes/{probe}/answer", {"answer": "at_risk", "comment": "The supplier is late."})
    listed = adas.types("probes", "list", milestone).rows
    (answered,) = adas.types("probes", "runs", probe).rows
    paused = dict(adas.types("probes", "pause", probe).rows)
    resumed = adas.types("probes", "resume", probe, "--json").json

    assert (asked["asked id"], asked["asks"]) == (ada.user_id, "every 2 days")
    assert "waits for an answer already" in again.err
    assert again.exit_code != 0
    assert listed == [[probe, "active", "every 2 days", made["next_at"], "0", "Does it turn?"]]
    assert answered[1:] == ["answered", "at_risk", "", ada.user_id, "The supplier is late."]
    assert (paused["status"], paused["next at"]) == ("paused", "")
    assert (resumed["status"], dict(adas.types("probes", "show", probe).rows)["status"]) == ("active", "active")


def test_teams_own_milestones_and_people_are_recommended(adas: Shell, ada: Person, project: str, file: File):
    ben = ada.invites("ben", "member")
    adas.asks("PUT", f"/projects/{project}/members/{ben.user_id}", {"roles": ["creator"], "skills": ["mechanics"]})
    milestone = planned(adas, file, ada, tags=["mechanics"])
    team = adas.types("projects", "add-team", project, "Millwrights", "--member", ben.user_id, "--json").json["team_id"]
    assigned = adas.types("projects", "assign", milestone, team, "--role", "secondary", "--json").json
    changed = dict(adas.types("projects", "change-team", project, team, "--name", "Wrights").rows)
    (recommended,) = adas.types("projects", "recommendations", milestone).rows
    of_team = adas.types("projects", "mine", "--owner", team).rows
    mine = adas.types("projects", "milestones", project, "--owner", "me").rows

    assert (assigned["team_id"], changed["name"], changed["people"]) == (team, "Wrights", ben.user_id)
    assert (recommended[0], recommended[-1]) == (ben.user_id, "mechanics")
    assert adas.types("projects", "teams", project).rows == [[team, ben.user_id, "Wrights"]]
    assert [each[0] for each in of_team] == [each[0] for each in mine] == [milestone]
    assert adas.types("projects", "milestones", project, "--owner", ben.user_id).rows == []
    assert [adas.types("projects", "mine", "--status", each).rows == [] for each in ("draft", "active")] == [
        False,
        True,
    ]
    assert adas.types("projects", "mine", "--due-before", "2020-01-01").rows == []
    assert adas.types("projects", "change-team", project, team).exit_code == 2
    assert adas.types("projects", "delete-team", project, team, "--yes").exit_code == 0
    assert adas.types("projects", "teams", project).rows == []


def test_a_milestone_is_worked_on_and_completed(adas: Shell, ada: Person, project: str, file: File):
    criteria = [{"key": "drawings", "text": "Drawings are signed"}]
    milestone = planned(adas, file, ada, completion_criteria=criteria)
    adas.types("projects", "activate", milestone)
    adas.types("projects", "start", milestone)
    early = adas.types("projects", "complete", milestone)
    far = adas.types("projects", "progress", milestone, "60")
    met = adas.types("projects", "check", milestone, "drawings")
    done = adas.types("projects", "complete", milestone)
    history = adas.types("projects", "history", milestone).rows

    assert early.exit_code == 1
    assert (["progress", "60"] in far.rows, ["criterion drawings", "met"] in met.rows) == (True, True)
    assert ["status", "approved"] in done.rows
    assert "projects.milestone.completed" in [each[1] for each in history]
    assert {each[3] for each in history} == {ada.user_id}


def test_somebody_from_outside_is_erased_once_that_is_agreed_to(
    adas: Shell, ada: Person, project: str, file: File, monkeypatch: pytest.MonkeyPatch
):
    address = "mary@example.com"
    rule = {
        **LAYER,
        "kind": "external_audit",
        "approvers": [{"external": {"name": "Mary Somerville", "address": address}}],
    }
    milestone = planned(adas, file, ada, verification_policy={"layers": [rule]})
    monkeypatch.setenv("PROJECT_JOBS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/ProjectJobs")
    adas.meanwhile = erases
    unsure = adas.types("projects", "erase-outsider", address, stdin="n\n")
    assert address in adas.types("projects", "milestone", milestone, "--json").out
    erased = adas.types("projects", "erase-outsider", address, "--yes")

    assert (unsure.exit_code, erased.exit_code) == (2, 0), erased.err
    assert [each for each in erased.rows if each[0] in ("status", "rows")] == [["status", "completed"], ["rows", "1"]]
    assert address not in adas.types("projects", "milestone", milestone, "--json").out


def test_a_milestone_is_given_to_others(adas: Shell, ada: Person, project: str, file: File):
    ben = ada.invites("ben", "member")
    adas.asks("PUT", f"/projects/{project}/members/{ben.user_id}", {"roles": ["creator"]})
    milestone = planned(adas, file, ada)
    assigned = adas.types("projects", "assign", milestone, ben.user_id, "--role", "reviewer", "--workload", "20")
    refused = adas.types("projects", "transfer", milestone, ben.user_id)
    owners = adas.types("projects", "owners", milestone).rows
    nothing = adas.types("projects", "take", milestone)

    assert assigned.exit_code == 0
    assert (refused.exit_code, nothing.exit_code) == (1, 1)
    assert sorted(owners) == sorted(
        [[ada.user_id, "", "primary", "active", "0"], [ben.user_id, "", "reviewer", "assigned", "20"]]
    )


def test_a_milestone_is_cancelled_with_a_reason(adas: Shell, ada: Person, project: str, file: File):
    milestone = planned(adas, file, ada)
    without = adas.types("projects", "cancel", milestone)
    cancelled = adas.types("projects", "cancel", milestone, "--reason", "Too dear.")

    assert without.exit_code == 2
    assert (["status", "cancelled"] in cancelled.rows, ["reason", "Too dear."] in cancelled.rows) == (True, True)


def test_what_waits_is_shown_and_approved_with_what_was_seen(adas: Shell, ada: Person, project: str, file: File):
    milestone, work = reviewed(adas, file, ada)
    shown = dict(adas.types("worklist", "show", work).rows)
    unasked = adas.types("worklist", "approve", work)
    other = adas.types("worklist", "approve", work, "--digest", 64 * "0")
    approved = adas.types("worklist", "approve", work, "--digest", shown["digest"])

    assert (shown["milestone"], shown["layer"]) == ("Mill assembled", "Drawings")
    assert shown["amount"] == "4711 minor units of EUR"
    assert (unasked.exit_code, "say --digest" in unasked.err) == (2, True)
    assert other.exit_code == 1
    assert ["milestone is", "approved"] in approved.rows
    asking.follow(ada.tenant_id, milestone)
    assert adas.types("worklist", "list").rows == []
    assert adas.types("worklist", "show", work).exit_code == 4


def test_what_waits_is_rejected_with_a_reason(adas: Shell, ada: Person, project: str, file: File):
    milestone, work = reviewed(adas, file, ada)
    digest = adas.types("worklist", "show", work, "--json").json["layer"]["subject_digest"]
    without = adas.types("worklist", "reject", work, "--digest", digest)
    rejected = adas.types("worklist", "reject", work, "--reason", "The mill jams.", "--digest", digest, "--json")

    assert without.exit_code == 2
    assert rejected.json["decisions"][0]["reason"] == "The mill jams."
    assert ["status", "rejected"] in adas.types("projects", "milestone", milestone).rows
    assert adas.types("projects", "rework", milestone).exit_code == 0


def test_nobody_looks_at_what_waits_for_somebody_else(adas: Shell):
    refused = adas.types("worklist", "list", "--for", "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8")

    assert refused.exit_code == 6


def test_a_project_that_is_not_there_and_a_name_of_two_are_told(adas: Shell, project: str):
    adas.types("projects", "add", "ENGINE no. 2")
    missing, two = (adas.types("projects", "show", name) for name in ("Engine No. 3", "Engine No. 2"))

    assert (missing.exit_code, two.exit_code, project in two.err) == (4, 2, True)
