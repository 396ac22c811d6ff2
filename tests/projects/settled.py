"""What the tenants of the platform's tests have of projects."""

from collections.abc import Mapping

from tests.platform.operations import send

NO_PROJECT = {
    "project_id": "prj_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "project_milestone_id": "pms_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "criterion_key": "nothing",
}
"""Well-formed names of what is not there."""


def project_of(headers: Mapping[str, str], user_id: str) -> dict[str, str]:
    """Create a project and start a milestone of it, which belongs to this user; return how they are called."""
    made = send("POST", "/api/v1/projects", {"name": "Settled", "currency": "EUR"}, headers=headers)
    assert made.status == 201, made.body
    project_id = made.body["project_id"]
    draft = {"title": "Settled", "kind": "custom", "amount_minor_units": 4711}
    draft["completion_criteria"] = [{"key": "drawings", "text": "Drawings are signed", "is_met": True}]
    milestone = send("POST", f"/api/v1/projects/{project_id}/project-milestones", draft, headers=headers)
    assert milestone.status == 201, milestone.body
    milestone_id = milestone.body["project_milestone_id"]
    path = f"/api/v1/project-milestones/{milestone_id}"
    send("POST", f"{path}/owners", {"user_id": user_id, "role": "primary"}, headers=headers)
    send("POST", f"{path}/activate", headers=headers)
    started = send("POST", f"{path}/start", headers=headers)
    assert started.status == 200, started.body
    return {"project_id": project_id, "project_milestone_id": milestone_id, "criterion_key": "drawings"}
