"""Expressions: read and checked once, evaluated as often as needed. Pure; nothing here reads a clock."""

import ast
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from shared.conditions import operators, parts, syntax
from shared.conditions.errors import NameUnknown, NotReadable
from shared.conditions.functions import FUNCTIONS
from shared.conditions.kinds import Declared, Kind, Value
from shared.conditions.parts import Part, Scope
from shared.conditions.syntax import Source
from shared.instants import Instant, to_rfc3339

Names = Mapping[str, Declared]

NOW: Final = "now"
_CONSTANTS: Final = {"true": True, "false": False}


class Expression(NamedTuple):
    """An expression that is read and checked; `reads` are its variables and fields, such as `milestone.status`."""

    text: str
    part: Part
    reads: frozenset[str]

    @property
    def kind(self) -> Kind:
        """The kind of its value."""
        return self.part.kind

    def value(self, values: Mapping[str, Any], *, now: Instant, time_zone: str = "UTC") -> Value:
        """Return the value over plain JSON values. `days_between` counts instants by their days in the time zone.

        Raises KindMismatch, ValueMissing, NotComputable.
        """
        return self.part.run(Scope({**values, NOW: to_rfc3339(now)}, time_zone))


def read(text: str, names: Names) -> Expression:
    """Return the expression of a text over declared names; `now` is declared always, as an instant.

    Raises NotReadable, TooLarge, NameUnknown, KindMismatch.
    """
    source = Source(text)
    reader = _Reader(source, {**names, NOW: "instant"})
    part = reader.part(syntax.parsed(source))
    return Expression(text, part, frozenset(reader.reads))


class _Reader:
    """Builds the parts of a tree over declared names."""

    def __init__(self, source: Source, names: Names) -> None:
        self._source = source
        self._names = names
        self.reads: set[str] = set()

    def part(self, node: ast.expr) -> Part:
        """Return the part of a node."""
        at = self._source.position(node)
        match node:
            case ast.BoolOp(op=op, values=operands):
                return operators.joined(at, op, [self.part(each) for each in operands])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return operators.negated(at, self.part(operand))
            case ast.UnaryOp(operand=operand):
                return operators.opposite(at, self.part(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return operators.calculated(at, op, self.part(left), self.part(right))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return operators.compared(at, [self.part(each) for each in (left, *others)], ops)
            case ast.Call(func=called, args=arguments):
                return self._call(at, called, [self.part(each) for each in arguments])
            case _:
                return self._found(at, node)

    def _found(self, at: int, node: ast.expr) -> Part:
        """Return the part of a node that stands for a value."""
        match node:
            case ast.Name(id=name) if name in _CONSTANTS:
                return parts.constant(at, _CONSTANTS[name])
            case ast.Name(id=name):
                return self._variable(at, name)
            case ast.Attribute(value=of, attr=name):
                return self._field(at, self.part(of), name)
            case ast.Subscript(value=of, slice=index):
                return self._indexed(at, self.part(of), self.part(index))
            case ast.List(elts=elements):
                return parts.listed(at, [self.part(each) for each in elements])
            case _:
                return self._literal(at, node)

    def _literal(self, at: int, node: ast.expr) -> Part:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, (bool, str)):
            return parts.constant(at, value)
        if isinstance(value, (int, float)):
            return parts.constant(at, Decimal(self._source.written(node)))
        raise NotReadable(at, "There is no null. `coalesce` gives a value in place of a missing one")

    def _variable(self, at: int, name: str) -> Part:
        if name not in self._names:
            raise NameUnknown(at, f"There is no variable {name[:40]!r}")
        self.reads.add(name)
        return parts.found(at, self._names[name], lambda scope: scope.values.get(name), name)

    def _call(self, at: int, called: ast.expr, arguments: list[Part]) -> Part:
        name = self._source.written(called)
        if not isinstance(called, ast.Name) or name not in FUNCTIONS:
            raise NameUnknown(at, f"There is no function {name[:40]!r}")
        return FUNCTIONS[name](at, arguments)

    def _field(self, at: int, of: Part, name: str) -> Part:
        parts.require(of, "map")
        if of.fields is not None and name not in of.fields:
            raise NameUnknown(at, f"There is no field {name[:40]!r}")
        declared: Declared = "any" if of.fields is None else of.fields[name]
        path = name if of.path is None else f"{of.path}.{name}"
        self.reads.add(path)

        def look(scope: Scope) -> Any:
            owner: Any = of.value(scope, "map")
            return owner.get(name)

        return parts.found(at, declared, look, path)

    def _indexed(self, at: int, of: Part, index: Part) -> Part:
        """Return the part of an element: of a list by its place, counted from 0; of a map by its name."""
        parts.require(of, "list", "map")
        if of.kind == "map":
            if index.literal is None:
                raise NotReadable(index.position, "The name of a field is a text in quotes")
            return self._field(at, of, index.literal)
        parts.require(index, "number")

        def look(scope: Scope) -> Any:
            listed: Any = of.value(scope, "list")
            place: Any = index.value(scope, "number")
            is_there = place == place.to_integral_value() and 0 <= place < len(listed)
            return listed[int(place)] if is_there else None

        return parts.found(at, "any", look, "the element")
