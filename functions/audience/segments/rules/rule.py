"""From the tree that a caller writes to its form, in one pass: each node is checked before its children. Pure.

    {"op": "AND", "children": [
        {"type": "condition", "field": "total_spend", "operator": ">", "value": 1000},
        {"type": "condition", "field": "segment", "operator": "!=", "value": "segment_01KB…"}]}

A condition on a segment becomes the rule of that segment, with its own time zone.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules import literals, operators, size, subjects
from functions.audience.segments.rules.dates import Today
from functions.audience.segments.rules.form import (
    Attribute,
    Either,
    Every,
    Form,
    Kind,
    Leaf,
    Node,
    Not,
    Orders,
    Subject,
    Warned,
    Window,
)
from functions.audience.segments.rules.literals import Reader, Unfit
from functions.audience.segments.rules.refusals import RuleRefused
from functions.audience.segments.rules.subjects import Field, Fields
from shared.instants import Instant

_LOGIC: Final = frozenset({"op", "children"})
_CONDITION: Final = frozenset({"type", "field", "operator", "value", "where", "within"})
_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})


class Rule(NamedTuple):
    """The rule of a segment as it was written, and the time zone of its days and months."""

    tree: Any
    time_zone: str


class _Place(NamedTuple):
    """Where a node stands, and what it may name there."""

    path: str
    depth: int
    time_zone: str
    fields: Fields = subjects.of_lead
    within: tuple[str, ...] = ()
    """The segments around the node, the outermost first."""

    def below(self, step: str, **changes: Any) -> "_Place":
        return self._replace(path=f"{self.path}.{step}", depth=self.depth + 1, **changes)


def read(
    rule: Rule,
    *,
    now: Instant,
    decimals: int,
    segments: Mapping[str, Rule],
    segment_id: str | None = None,
) -> Form:
    """Return the form of a rule at the instant `now`.

    `decimals` are those of the tenant's currency, `segments` the rules of the segments it names, directly or through
    others; `segment_id` is the segment that the rule is for. Raises RuleRefused.
    """
    size.check(rule.tree)
    reader = _Reader(now, decimals, segments)
    around = () if segment_id is None else (segment_id,)
    node = reader.node(rule.tree, _Place("$", 1, rule.time_zone, within=around))
    return Form(node, reader.warnings)


def segments_named(tree: Any) -> set[str]:
    """Return the ids of the segments that a tree names itself, valid or not. Raises RuleRefused for its size."""
    size.check(tree)
    found: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            continue
        if node.get("field") == subjects.SEGMENT and isinstance(node.get("value"), str):
            found.add(node["value"])
        children = node.get("children")
        waiting.extend(children if isinstance(children, list) else [])
    return found


class _Reader:
    """Reads the nodes of one rule, and those of the segments in it."""

    def __init__(self, now: Instant, decimals: int, segments: Mapping[str, Rule]) -> None:
        self.warnings: list[Warned] = []
        self._now = now
        self._decimals = decimals
        self._segments = segments
        self._count = 0

    def node(self, raw: Any, place: _Place) -> Node:
        if not isinstance(raw, dict):
            raise RuleRefused("INVALID_NODE", place.path, "must be a condition or a logical node")
        if _is_segment(raw) and place.fields is subjects.of_lead:
            return self._segment(raw, place)
        self._count += 1
        size.check_place(place.path, depth=place.depth, count=self._count)
        return self._logic(raw, place) if _kind(raw, place.path) == "logic" else self._leaf(raw, place)

    def _logic(self, raw: Mapping[str, Any], place: _Place) -> Node:
        operator, children = raw["op"], raw.get("children")
        if not isinstance(operator, str) or operator not in _OPERATORS:
            raise RuleRefused("UNKNOWN_OP", place.path, "op must be AND, OR or NOT")
        if not isinstance(children, list):
            raise RuleRefused("MISSING_CHILDREN", place.path, "children must be a list of nodes")
        if operator == "NOT" and len(children) != 1:
            raise RuleRefused("NOT_ARITY", place.path, "NOT must have one child")
        parts = [self.node(each, place.below(f"children[{number}]")) for number, each in enumerate(children)]
        if operator == "NOT":
            return Not(parts[0])
        if not parts:
            self.warnings.append(Warned("MATCHES_ALL", place.path, f"{operator} without children matches every lead."))
        return Either(parts) if operator == "OR" and parts else Every(parts)

    def _leaf(self, raw: Mapping[str, Any], place: _Place) -> Node:
        field = _field(raw, place)
        operator = raw["operator"]
        today = Today(self._now, place.time_zone)
        try:
            subject: Subject | None = field.subject
            if isinstance(subject, Orders):
                subject = subject._replace(window=_window(raw, today))
            test, is_negated = operators.read(
                operator, field.type, raw.get("value"), Reader(today, self._decimals), today
            )
        except Unfit as error:
            raise RuleRefused(error.fault, place.path, error.reason) from error
        if isinstance(subject, Orders):
            subject = self._orders(subject, raw, place, subjects.KINDS[field.type])
        if subject is None:
            raise AssertionError("a segment is inlined before its leaf is read")
        return Leaf(place.path, raw, subject, test, is_negated)

    def _orders(self, subject: Orders, raw: Mapping[str, Any], place: _Place, kind: Kind) -> Subject:
        """Return the orders that a condition asks for; the measures of all orders are attributes of the lead."""
        if raw.get("where") is not None:
            return subject._replace(where=self.node(raw["where"], place.below("where", fields=subjects.of_order)))
        return Attribute(f"orders_{subject.measure}", kind) if subject.window is None else subject

    def _segment(self, raw: Mapping[str, Any], place: _Place) -> Node:
        """Return the rule of the segment that a condition names, in its place."""
        _kind(raw, place.path)
        _field(raw, place)
        named = raw["value"]
        if not isinstance(named, str):
            raise RuleRefused("TYPE_MISMATCH", place.path, "must be the id of a segment")
        if named in place.within:
            raise RuleRefused("SEGMENT_CYCLE", place.path, "a segment must not contain itself, also not by others")
        if named not in self._segments:
            raise RuleRefused("UNKNOWN_SEGMENT", place.path, "there is no segment with this id")
        size.check_place(place.path, depth=len(place.within), count=self._count)
        rule = self._segments[named]
        inside = place._replace(path=f"{place.path}.segment", time_zone=rule.time_zone, within=(*place.within, named))
        if raw["operator"] == "=":
            return self.node(rule.tree, inside)
        self._count += 1
        return Not(self.node(rule.tree, inside._replace(depth=place.depth + 1)))


def _is_segment(raw: Mapping[str, Any]) -> bool:
    return raw.get("field") == subjects.SEGMENT and raw.get("type") == "condition"


def _kind(raw: Mapping[str, Any], path: str) -> str:
    """Return whether a node is a condition or logic."""
    if not raw.keys() <= _LOGIC | _CONDITION:
        raise RuleRefused("INVALID_NODE", path, "must be a condition or a logical node, without other members")
    is_logic, is_condition = bool(raw.keys() & _LOGIC), bool(raw.keys() & _CONDITION)
    if is_logic and is_condition:
        raise RuleRefused("AMBIGUOUS_NODE", path, "must be a condition or a logical node, not both")
    if "op" in raw:
        return "logic"
    if raw.get("type") != "condition":
        raise RuleRefused("INVALID_NODE", path, 'must have an op, or the type "condition"')
    return "condition"


def _field(raw: Mapping[str, Any], place: _Place) -> Field:
    """Return the field of a condition whose operator it has."""
    _require_members(raw, place.path)
    operator, name = raw["operator"], raw["field"]
    if not isinstance(operator, str) or operator not in subjects.ALL_OPERATORS:
        raise RuleRefused("UNKNOWN_OPERATOR", place.path, "operator must be one of " + ", ".join(_SHOWN))
    field = place.fields(name) if isinstance(name, str) else None
    if field is None:
        raise RuleRefused("UNKNOWN_FIELD", place.path, "there is no field of this name")
    if operator not in subjects.OPERATORS[field.type]:
        raise RuleRefused("OPERATOR_NOT_ALLOWED", place.path, f"the field {name} has no operator {operator}")
    if not isinstance(field.subject, Orders) and raw.keys() & {"where", "within"}:
        raise RuleRefused("INVALID_NODE", place.path, "only conditions on orders have where and within")
    return field


_SHOWN: Final = sorted(subjects.ALL_OPERATORS)


def _require_members(raw: Mapping[str, Any], path: str) -> None:
    if raw.get("field") in (None, ""):
        raise RuleRefused("MISSING_FIELD", path, "field is required")
    if raw.get("operator") in (None, ""):
        raise RuleRefused("MISSING_OPERATOR", path, "operator is required")
    if "value" not in raw and str(raw["operator"]) not in subjects.WITHOUT_VALUE:
        raise RuleRefused("MISSING_VALUE", path, "value is required")


def _window(raw: Mapping[str, Any], today: Today) -> Window | None:
    if raw.get("within") is None:
        return None
    try:
        return today.window(literals.words(raw["within"]))
    except Unfit:
        raise
    except ValueError as error:
        raise Unfit("INVALID_DATE", f"within {error}") from error
