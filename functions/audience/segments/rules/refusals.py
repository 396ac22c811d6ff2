"""Why a rule is refused: what is wrong, and the JSON path of the node at fault."""

from collections.abc import Mapping
from typing import Any

from shared.errors import InvalidInput


class RuleRefused(InvalidInput):
    """422: the rule is not valid; the answer has the fault and the JSON path of its node."""

    def __init__(self, fault: str, path: str, reason: str) -> None:
        said = f"{fault} at {path}: {reason}"
        super().__init__(f"rule_ast: {said}", errors=[{"field": "rule_ast", "reason": said}])
        self.fault = fault
        self.path = path

    @property
    def members(self) -> Mapping[str, Any]:
        """What is wrong with the rule, and where."""
        return {"fault": self.fault, "path": self.path}


def unreadably_deep() -> RuleRefused:
    """Return the refusal of a rule that is so deep that not even its JSON can be read."""
    return RuleRefused("AST_TOO_DEEP", "$", "a rule must not be nested as deeply as this")
