"""A project and people for races and histories: its functions are called, not its routes."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from functions.identity.accounts import memberships
from functions.identity.accounts.memberships import Member
from functions.projects import lifecycle as projects
from functions.projects.delegation import lifecycle as delegation
from functions.projects.delegation.lifecycle import Sent as Delegated
from functions.projects.layers.layers import Choice, Layer, find_attempt
from functions.projects.milestones import commands, lifecycle, milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.transition import Event
from functions.projects.ownership import owning
from functions.projects.people import members
from functions.projects.people.members import ProjectMember, Role
from functions.projects.verification import decisions
from functions.projects.verification.deciding import Sent
from shared import clock, ids
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import events, table
from shared.storage.writes import Put


class Court:
    """A project that Ada leads, and milestones that she owns and others verify."""

    def __init__(self) -> None:
        self.tenant_id = ids.new("tenant")
        self.ada = self._caller(ids.new("user"), "projects:admin")
        made = projects.create(self.ada, {"name": "Engine", "currency": "EUR"})
        self.project_id = str(made["project_id"])
        belongs(self.tenant_id, self.ada.user_id)

    def joins(self, *roles: Role) -> Caller:
        """Return somebody new in tenant and project."""
        moment, user_id = clock.to_rfc3339(clock.now()), ids.new("user")
        member = ProjectMember(self.tenant_id, self.project_id, user_id, roles or ["verifier"], moment, moment, 1)
        table.transact([Put(members.to_item(member))])
        belongs(self.tenant_id, user_id)
        return self._caller(user_id)

    def begins(self, *rules: dict[str, Any], **more: Any) -> str:
        """Start a milestone of Ada's with these layers, and return its id."""
        every = [{**RULE, "level": number, "name": f"{number}", **rule} for number, rule in enumerate(rules, 1)]
        draft = {"title": "Mill", "kind": "custom", "verification_policy": {"layers": every}, "acceptance": "manager"}
        milestone_id = str(lifecycle.create(self.ada, self.project_id, draft | more)["project_milestone_id"])
        owning.assign(self.ada, milestone_id, self.ada.user_id, "primary", 10)
        self.moves(milestone_id, "activate")
        self.moves(milestone_id, "start")
        return milestone_id

    def submits(self, *rules: dict[str, Any]) -> str:
        """Complete a milestone with these layers, and return its id."""
        milestone_id = self.begins(*rules)
        self.moves(milestone_id, "complete")
        return milestone_id

    def moves(self, milestone_id: str, event: Event, by: Caller | None = None) -> None:
        commands.advance(by or self.ada, milestone_id, event, if_match=None, reason="So it is.")

    def milestone(self, milestone_id: str) -> ProjectMilestone:
        found = milestones.find(self.tenant_id, milestone_id)
        assert found is not None
        return found

    def layers(self, milestone_id: str, attempt: int = 1) -> list[Layer]:
        return find_attempt(milestones.partition(self.tenant_id, milestone_id), attempt)

    def decides(
        self, somebody: Caller, layer: Layer, choice: Choice = "approve", on_behalf_of: str | None = None
    ) -> dict[str, Any]:
        reason = "It jams." if choice == "reject" else None
        sent = Sent(choice, layer.subject_digest, reason, on_behalf_of=on_behalf_of)
        return decisions.decide(somebody, layer.verification_id, sent)

    def delegates(self, principal: Caller, delegate: Caller) -> str:
        """Let somebody decide in the place of another for a day; return the id of the delegation."""
        now = clock.now()
        sent = Delegated(delegate.user_id, "tenant", ["approve", "reject"], now, now + clock.DAY, "On leave.")
        return str(delegation.give(principal, sent)["delegation_id"])

    def _caller(self, user_id: str, *scopes: str) -> Caller:
        return Caller(user_id, self.tenant_id, (), frozenset(scopes), None, (), None)


def belongs(tenant_id: str, user_id: str) -> None:
    """Make somebody a member of a tenant."""
    member = Member(tenant_id, user_id, "member", False, clock.to_rfc3339(clock.now()), 1)
    table.transact([Put(memberships.to_item(member))])


def outcome(act: Callable[[], Any]) -> str:
    """Return the code of a refusal, or that it is done."""
    try:
        act()
    except Refusal as refused:
        return refused.code
    return "done"


def told(court: Court, milestone_id: str) -> Counter[str]:
    """Return how often each event happened to a milestone."""
    place = milestones.history(court.tenant_id, milestone_id)
    return Counter(item["event_type"] for item in table.query_all(place, events.prefix(milestone_id)))


def only(court: Court, milestone_id: str) -> Layer:
    [layer] = court.layers(milestone_id)
    return layer


RULE: dict[str, Any] = {
    "kind": "manual",
    "mode": "any",
    "quorum": 1,
    "order": "parallel",
    "approvers": [{"user": None, "role": "verifier", "owner_role": None, "weight": 1}],
    "required": True,
    "due_hours": 168,
    "min_score": None,
    "checklist": [],
    "reject_rule": "first_reject",
    "separation_of_duties": True,
    "require_second_factor": False,
    "restart_at": "rejected_level",
}
