"""What the tenants of the platform's tests have of projects."""

from collections.abc import Mapping
from typing import Any

from tests.platform.operations import send

NO_PROJECT = {
    "project_id": "prj_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "project_milestone_id": "pms_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "criterion_key": "nothing",
    "verification_id": "ver_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "evidence_id": "evd_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "delegation_id": "dlg_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "plan_template_id": "plt_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "probe_id": "prb_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "escalation_policy_id": "epo_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "escalation_id": "esc_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "action_id": "act_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "comment_id": "cmt_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "from_id": "pms_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "team_id": "team_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
}
"""Well-formed names of what is not there."""


_ASKED = "/api/v1/project-milestones"


def project_of(headers: Mapping[str, str], user_id: str) -> dict[str, str]:
    """Create a project and start a milestone of it with evidence, which belongs to this user; return their names."""
    made = send("POST", "/api/v1/projects", {"name": "Settled", "currency": "EUR"}, headers=headers)
    assert made.status == 201, made.body
    project_id = made.body["project_id"]
    draft = {"title": "Settled", "kind": "custom", "amount_minor_units": 4711}
    draft["evidence_requirements"] = [{"key": "drawings", "title": "Signed drawings"}]
    draft["completion_criteria"] = [{"key": "drawings", "text": "Drawings are signed", "is_met": True}]
    milestone_id = _begun(project_id, user_id, draft, headers)
    return {
        "project_id": project_id,
        "project_milestone_id": milestone_id,
        "criterion_key": "drawings",
        "evidence_id": _proved(milestone_id, headers),
        **_escalated(milestone_id, headers),
        "plan_template_id": _templated(headers),
        "escalation_policy_id": _told(project_id, headers),
        "probe_id": _probed(milestone_id, headers),
        **_commented(_reviewed(project_id, user_id, headers), headers),
        "from_id": _planned(project_id, milestone_id, headers),
        "team_id": _teamed(project_id, headers),
    }


def _begun(project_id: str, user_id: str, draft: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Create a milestone of this user and start it; return its id."""
    milestone = send("POST", f"/api/v1/projects/{project_id}/project-milestones", draft, headers=headers)
    assert milestone.status == 201, milestone.body
    milestone_id = str(milestone.body["project_milestone_id"])
    path = f"{_ASKED}/{milestone_id}"
    send("POST", f"{path}/owners", {"user_id": user_id, "role": "primary"}, headers=headers)
    send("POST", f"{path}/activate", headers=headers)
    started = send("POST", f"{path}/start", headers=headers)
    assert started.status == 200, started.body
    return milestone_id


def _planned(project_id: str, milestone_id: str, headers: Mapping[str, str]) -> str:
    """Let a milestone depend on another one, for plans only; return the id of that."""
    draft = {"title": "Drawings", "kind": "documentation"}
    made = send("POST", f"/api/v1/projects/{project_id}/project-milestones", draft, headers=headers)
    from_id = str(made.body["project_milestone_id"])
    sent = {"from_id": from_id, "is_optional": True}
    added = send("POST", f"{_ASKED}/{milestone_id}/dependencies", sent, headers=headers)
    assert added.status == 201, added.body
    return from_id


def _teamed(project_id: str, headers: Mapping[str, str]) -> str:
    """Make a team of a project; return its id."""
    made = send("POST", f"/api/v1/projects/{project_id}/teams", {"name": "Settled"}, headers=headers)
    assert made.status == 201, made.body
    return str(made.body["team_id"])


def _templated(headers: Mapping[str, str]) -> str:
    """Make a plan template of one milestone; return its id."""
    draft = {"name": "Settled", "milestones": [{"key": "settled", "title": "Settled", "kind": "custom"}]}
    made = send("POST", "/api/v1/plan-templates", draft, headers=headers)
    assert made.status == 201, made.body
    return str(made.body["plan_template_id"])


def _proved(milestone_id: str, headers: Mapping[str, str]) -> str:
    """Add a link as evidence of a milestone; return its id."""
    link = {"url": "https://example.org/settled", "requirement": "drawings"}
    shown = send("POST", f"{_ASKED}/{milestone_id}/evidence/links", link, headers=headers)
    assert shown.status == 201, shown.body
    return str(shown.body["evidence_id"])


def _escalated(milestone_id: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Raise an escalation of a milestone that has two actions; return its id, and that of the first."""
    draft = {"project_milestone_id": milestone_id, "kind": "budget", "severity": "low", "reason_code": "other"}
    raised = send("POST", "/api/v1/escalations", draft, headers=headers)
    assert raised.status == 201, raised.body
    path = f"/api/v1/escalations/{raised.body['escalation_id']}/actions"
    added = [send("POST", path, {"title": title}, headers=headers) for title in ("Order", "Mount")]
    assert added[-1].status == 201, added[-1].body
    found = added[-1].body
    return {"escalation_id": found["escalation_id"], "action_id": found["actions"][0]["action_id"]}


def _told(project_id: str, headers: Mapping[str, str]) -> str:
    """Make an escalation policy of a project; return its id."""
    draft = {"name": "Settled", "project_id": project_id, "levels": [{"targets": [{"role": "manager"}]}]}
    made = send("POST", "/api/v1/escalation-policies", draft, headers=headers)
    assert made.status == 201, made.body
    return str(made.body["escalation_policy_id"])


def _probed(milestone_id: str, headers: Mapping[str, str]) -> str:
    """Make a probe of a milestone, which waits for an answer; return its id."""
    schedule = {"every": 1, "unit": "weeks"}
    draft = {"project_milestone_id": milestone_id, "question": "Settled?", "schedule": schedule}
    made = send("POST", "/api/v1/probes", draft, headers=headers)
    assert made.status == 201, made.body
    asked = send("POST", f"/api/v1/probes/{made.body['probe_id']}/run", headers=headers)
    assert asked.status == 200, asked.body
    return str(made.body["probe_id"])


def _commented(verification_id: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Comment on a layer; return its id, and that of the comment."""
    path = f"/api/v1/verifications/{verification_id}/comments"
    added = send("POST", path, {"text": "Settled."}, headers=headers)
    assert added.status == 201, added.body
    return {"verification_id": verification_id, "comment_id": added.body["comment_id"]}


def _reviewed(project_id: str, user_id: str, headers: Mapping[str, str]) -> str:
    """Complete another milestone of this user, who is to decide on it; return the id of its layer."""
    rule = {"level": 1, "name": "Review", "approvers": [{"user": user_id}], "separation_of_duties": False}
    draft = {"title": "Reviewed", "kind": "custom", "verification_policy": {"layers": [rule]}}
    path = f"{_ASKED}/{_begun(project_id, user_id, draft, headers)}"
    send("POST", f"{path}/complete", headers=headers)
    found = send("GET", f"{path}/verifications", headers=headers)
    assert found.status == 200, found.body
    return str(found.body["items"][0]["verification_id"])
