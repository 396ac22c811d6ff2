"""What callers send about segments. Unknown fields are refused."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, Field

from functions.audience.segments.lifecycle import Draft
from functions.audience.segments.rules import size
from functions.audience.segments.rules.rule import Rule
from functions.audience.sent import Name, Zone, asked

RULE: Final[dict[str, Any]] = {
    "op": "AND",
    "children": [
        {"type": "condition", "field": "total_spend", "operator": ">", "value": 1000},
        {"type": "condition", "field": "last_order_at", "operator": "<", "value": "3 months ago"},
    ],
}


def _sized(tree: Any) -> Any:
    """Return the tree. Raises RuleRefused for one that is nested too deeply to be looked at."""
    size.check_nesting(tree)
    return tree


Tree = Annotated[
    Any,
    AfterValidator(_sized),
    Field(
        description="A condition or a logical node; docs/audience.md says what each means.",
        json_schema_extra={"type": "object"},
    ),
]
InZone = Annotated[Zone, Field(description="Whose days and months dates of the rule are.")]


class SegmentDraft(BaseModel):
    """A segment: its name, and the rule that its members satisfy."""

    model_config = asked({"name": "High spenders", "rule_ast": RULE, "time_zone": "Europe/Berlin"})

    name: Name
    rule_ast: Tree
    time_zone: InZone = "UTC"

    def draft(self) -> Draft:
        """Return what was sent."""
        return Draft(self.name, Rule(self.rule_ast, self.time_zone))


class PreviewAsked(BaseModel):
    """A rule that is tried."""

    model_config = asked({"rule_ast": RULE})

    rule_ast: Tree
    time_zone: InZone = "UTC"

    def rule(self) -> Rule:
        """Return what was sent."""
        return Rule(self.rule_ast, self.time_zone)
