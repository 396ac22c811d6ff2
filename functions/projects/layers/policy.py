"""What a verification policy says: which layers a milestone passes, and who decides in each. Pure.

A milestone holds its policy as plain values, checked by `shapes`; each attempt copies it into its layers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.projects.layers import applicability, checks
from functions.projects.layers.outsiders import Outsider
from shared.tally import Mode, RejectRule, Rules

Kind = Literal["manual", "automated", "hybrid", "peer_review", "client_review", "internal_review", "external_audit"]
Order = Literal["parallel", "sequential"]
Restart = Literal["rejected_level", "first_level"]
HoursOf = Literal["elapsed", "business"]
Timeout = Literal["escalate", "approve", "reject"]

MOST_LAYERS: Final = 10
MOST_PEOPLE: Final = 50
"""How many people may decide in one layer."""


class Approver(NamedTuple):
    """Whom a layer asks: a user, everybody with a role in the project or as an owner, or somebody from outside."""

    user: str | None
    role: str | None
    owner_role: str | None
    weight: int
    external: Outsider | None = None


class Rule(NamedTuple):
    """What a policy says of one layer. `checks.py` reads `auto_checks`, `applicability.py` reads `applies_when`."""

    level: int
    name: str
    kind: Kind
    mode: Mode
    quorum: int
    order: Order
    approvers: Sequence[Mapping[str, Any]]
    required: bool
    due_hours: int
    min_score: int | None
    checklist: Sequence[str]
    reject_rule: RejectRule
    separation_of_duties: bool
    require_second_factor: bool
    restart_at: Restart
    keep_approvals: bool = False
    auto_checks: Sequence[Mapping[str, Any]] = ()
    applies_when: str | None = None
    allow_delegation: bool = True

    @property
    def is_automated(self) -> bool:
        """Whether its checks alone decide, and nobody is asked."""
        return self.kind == "automated"

    calendar: HoursOf = "elapsed"
    on_timeout: Timeout = "escalate"

    @property
    def rules(self) -> Rules:
        """How votes in the layer are counted."""
        return Rules(self.mode, self.quorum, self.reject_rule)

    @property
    def asked(self) -> list[Approver]:
        """Whom the layer asks."""
        return [_approver(each) for each in self.approvers]

    @property
    def outside(self) -> list[Outsider]:
        """Who from outside the layer asks."""
        return [each.external for each in self.asked if each.external is not None]


def _approver(stored: Mapping[str, Any]) -> Approver:
    external = stored.get("external")
    named = None if external is None else Outsider(external["name"], external["address"])
    return Approver(stored["user"], stored["role"], stored["owner_role"], stored["weight"], named)


def rule_of(stored: Mapping[str, Any]) -> Rule:
    """Return the rule that a policy or a layer holds as plain values."""
    return Rule(**{name: stored[name] for name in Rule._fields if name in stored})


def rules_of(policy: Mapping[str, Any]) -> list[Rule]:
    """Return the rules of a policy, the lowest level first."""
    kept = {"keep_approvals": policy.get("keep_approvals", False)}
    return sorted((rule_of({**each, **kept}) for each in policy["layers"]), key=lambda rule: rule.level)


def tells_amounts(policy: Mapping[str, Any] | None) -> bool:
    """Return whether a policy names the amount, in a condition or a check."""
    return policy is not None and any(_tells(rule) for rule in rules_of(policy))


def without_amounts(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy without the conditions and checks that tell the amount."""
    shown = [dict(each) for each in policy["layers"]]
    for each in shown:
        found = each.get("auto_checks", ())
        each["auto_checks"] = [{**check, "expected_minor_units": None} for check in found]
        if each.get("applies_when") is not None and applicability.tells_amounts(each["applies_when"]):
            each["applies_when"] = None
    return {**policy, "layers": shown}


def _tells(rule: Rule) -> bool:
    has_amount = any(each["check"] == checks.AMOUNTS for each in rule.auto_checks)
    return has_amount or (rule.applies_when is not None and applicability.tells_amounts(rule.applies_when))


def approves_by_time(policy: Mapping[str, Any] | None) -> bool:
    """Return whether a layer of a policy is approved when nobody has decided in time."""
    return policy is not None and any(each.get("on_timeout") == "approve" for each in policy["layers"])
