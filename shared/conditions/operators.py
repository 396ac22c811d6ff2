"""The operators of expressions: what they take, and what they find. Pure."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, Final

from shared.conditions import kinds, parts
from shared.conditions.errors import NotComputable
from shared.conditions.kinds import Value
from shared.conditions.parts import Part, Scope

ARITHMETIC: Final = Context(
    prec=34, rounding=ROUND_HALF_UP, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
"""Decimals of 34 digits, as IEEE 754 has them."""
LONGEST_TEXT: Final = 10_000

_COMPUTED: Final[Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: ARITHMETIC.add,
    ast.Sub: ARITHMETIC.subtract,
    ast.Mult: ARITHMETIC.multiply,
    ast.Div: ARITHMETIC.divide,
}
_COMPARED: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_CONTAINERS: Final[tuple[kinds.Kind, ...]] = ("list", "text", "map")


def joined(position: int, which: ast.boolop, operands: Sequence[Part]) -> Part:
    """Return `and` or `or`: the operands are evaluated from the left until one decides. Raises KindMismatch."""
    for each in operands:
        parts.require(each, "boolean")
    decides = isinstance(which, ast.Or)

    def run(scope: Scope) -> Value:
        return decides if any(each.value(scope, "boolean") is decides for each in operands) else not decides

    return Part(position, "boolean", run)


def negated(position: int, operand: Part) -> Part:
    """Return `not`. Raises KindMismatch."""
    parts.require(operand, "boolean")
    return Part(position, "boolean", lambda scope: not operand.value(scope, "boolean"))


def opposite(position: int, operand: Part) -> Part:
    """Return a number with the other sign. Raises KindMismatch."""
    parts.require(operand, "number")
    return Part(position, "number", lambda scope: computed(position, ARITHMETIC.minus, operand.value(scope, "number")))


def calculated(position: int, which: ast.operator, left: Part, right: Part) -> Part:
    """Return + - * or / of numbers; + joins texts, too. Raises KindMismatch."""
    if isinstance(which, ast.Add) and "text" in (left.kind, right.kind):
        return _concatenated(position, left, right)
    parts.require(left, "number")
    parts.require(right, "number")
    compute = _COMPUTED[type(which)]

    def run(scope: Scope) -> Value:
        return computed(position, compute, left.value(scope, "number"), right.value(scope, "number"))

    return Part(position, "number", run)


def computed(position: int, compute: Callable[..., Decimal], *operands: Value) -> Decimal:
    """Return what a calculation finds. Raises NotComputable for what decimals do not hold."""
    try:
        return compute(*operands)
    except DivisionByZero as error:
        raise NotComputable(position, "A division by zero has no result") from error
    except (InvalidOperation, Overflow) as error:
        raise NotComputable(position, "The result is not a number, or too large") from error


def _concatenated(position: int, left: Part, right: Part) -> Part:
    parts.require(left, "text")
    parts.require(right, "text")

    def run(scope: Scope) -> Value:
        text = f"{left.value(scope, 'text')}{right.value(scope, 'text')}"
        if len(text) > LONGEST_TEXT:
            raise NotComputable(position, f"A text has {LONGEST_TEXT} characters at most")
        return text

    return Part(position, "text", run)


def compared(position: int, operands: Sequence[Part], which: Sequence[ast.cmpop]) -> Part:
    """Return a comparison, or a chain of them as `1 < x < 5`. Raises KindMismatch."""
    pairs = [
        _contained(left, right, is_wanted=isinstance(op, ast.In))
        if isinstance(op, (ast.In, ast.NotIn))
        else _paired(left, right, op)
        for left, right, op in zip(operands, operands[1:], which, strict=False)
    ]
    return Part(position, "boolean", lambda scope: all(holds(scope) for holds in pairs))


def _paired(first: Part, second: Part, which: ast.cmpop) -> Callable[[Scope], bool]:
    left, right = parts.aligned([first, second])
    wanted = kinds.SCALARS if isinstance(which, (ast.Eq, ast.NotEq)) else kinds.ORDERED
    parts.require(left, *wanted)
    parts.require(right, *wanted)
    compare = _COMPARED[type(which)]

    def holds(scope: Scope) -> bool:
        value, other = left.value(scope, *wanted), right.value(scope, *wanted)
        if kinds.kind_of(value) != kinds.kind_of(other):
            raise parts.mismatch(right.position, [kinds.kind_of(value)], kinds.kind_of(other))
        return compare(value, other)

    return holds


def _contained(left: Part, right: Part, *, is_wanted: bool) -> Callable[[Scope], bool]:
    if right.elements:
        left, *elements = parts.aligned([left, *right.elements])
        right = parts.listed(right.position, elements)
    parts.require(right, *_CONTAINERS)
    parts.require(left, *(kinds.SCALARS if right.kind in ("list", "any") else ("text",)))

    def holds(scope: Scope) -> bool:
        value = left.value(scope, *kinds.SCALARS)
        container: Any = right.value(scope, *_CONTAINERS)
        if isinstance(container, (str, Mapping)):
            if not isinstance(value, str):
                raise parts.mismatch(left.position, ["text"], kinds.kind_of(value))
            return (value in container) is is_wanted
        return _has(container, value) is is_wanted

    return holds


def _has(values: Sequence[Any], value: Value) -> bool:
    """Return whether a list has a value; elements of other kinds, and those that are null, are others."""
    of_kind = [each for each in map(_plain, values) if type(each) is type(value)]
    return value in of_kind


def _plain(value: Any) -> Value | None:
    return value if value is None else kinds.plain(value)
