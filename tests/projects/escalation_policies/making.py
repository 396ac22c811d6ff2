"""How escalation policies are made in tests."""

from typing import Any

from tests.projects.team import Person

OWNER: dict[str, Any] = {"targets": [{"owner_role": "primary"}]}
VERIFIERS: dict[str, Any] = {"targets": [{"role": "verifier"}]}
MANAGERS: dict[str, Any] = {"targets": [{"role": "manager"}]}


def draft(*levels: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "Late payments", "levels": [*levels] or [OWNER], **more}


def makes(somebody: Person, *levels: dict[str, Any], project: str | None = None, **more: Any) -> str:
    """Create a policy, of a project or of the tenant, and return its path."""
    of_project = {} if project is None else {"project_id": project.rpartition("/")[2]}
    made = somebody.post("/escalation-policies", draft(*levels, **of_project, **more))
    assert made.status == 201, made.body
    return f"/escalation-policies/{made.body['escalation_policy_id']}"
