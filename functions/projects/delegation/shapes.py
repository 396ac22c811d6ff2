"""What callers send about delegations. Unknown fields are refused."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from functions.projects.delegation.lifecycle import Sent
from functions.projects.sent import Moment, ShortReason, UserId, asked
from shared.teamwork.delegations import Permission, Scope

Id = Annotated[str, StringConstraints(strict=True, max_length=64)]


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("must name each once")
    return values


class DelegationSent(BaseModel):
    """Who is to decide in your place, on what, and for how long."""

    model_config = asked(
        {
            "delegate_id": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H",
            "scope": "tenant",
            "starts_at": "2026-12-01T08:00:00Z",
            "ends_at": "2026-12-24T12:00:00Z",
            "reason": "On the building site.",
        }
    )

    delegate_id: UserId
    scope: Scope
    starts_at: Moment
    ends_at: Annotated[Moment, Field(description="From then on it is in force no more; 90 days later at most.")]
    reason: ShortReason
    permissions: Annotated[list[Permission], Field(min_length=1, max_length=2), AfterValidator(_distinct)] = [
        "approve",
        "reject",
    ]
    project_id: Annotated[Id | None, Field(description="With the scope `project`.")] = None
    project_milestone_id: Annotated[Id | None, Field(description="With the scope `milestone`.")] = None

    def sent(self) -> Sent:
        """Return what is delegated."""
        return Sent(
            self.delegate_id,
            self.scope,
            self.permissions,
            self.starts_at,
            self.ends_at,
            self.reason,
            self.project_id,
            self.project_milestone_id,
        )
