"""A part of an expression: the kind of its value, and how the value is found. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from shared.conditions import kinds
from shared.conditions.errors import KindMismatch, ValueMissing
from shared.conditions.kinds import Declared, Kind, Value


class Scope(NamedTuple):
    """What an expression is evaluated over: plain values by name, and the time zone whose days count."""

    values: Mapping[str, Any]
    time_zone: str


Run = Callable[[Scope], Value]

_TIMES: Final[tuple[Kind, ...]] = ("date", "instant")


@dataclass(frozen=True, slots=True)
class Part:
    """A part: where it begins, the kind of its value, and how that is found.

    `literal` is the text of a literal, which counts as a day or an instant beside one; `fields` are those of a map,
    `path` names a variable or a field, `elements` are those of a list that is written out.
    """

    position: int
    kind: Kind
    run: Run
    literal: str | None = None
    fields: Mapping[str, Declared] | None = None
    path: str | None = None
    elements: "Sequence[Part]" = ()

    def value(self, scope: Scope, *wanted: Kind) -> Value:
        """Return the value, which is of one of these kinds. Raises KindMismatch, and what finding it raises."""
        found = self.run(scope)
        if self.kind == "any" and kinds.kind_of(found) not in wanted:
            raise mismatch(self.position, wanted, kinds.kind_of(found))
        return found


def mismatch(position: int, wanted: Sequence[Kind], found: Kind) -> KindMismatch:
    """Return the error that a value is of another kind."""
    return KindMismatch(position, f"Here stands {kinds.named(found)}, where {kinds.named(*wanted)} is needed")


def require(part: Part, *wanted: Kind) -> None:
    """Require that a part may be of one of these kinds. Raises KindMismatch."""
    if part.kind != "any" and part.kind not in wanted:
        raise mismatch(part.position, wanted, part.kind)


def constant(position: int, value: Value) -> Part:
    """Return the part of a literal."""
    literal = value if isinstance(value, str) else None
    return Part(position, kinds.kind_of(value), lambda _scope: value, literal)


def found(position: int, declared: Declared, look: Callable[[Scope], Any], path: str) -> Part:
    """Return the part of a variable or a field: the plain value that `look` finds, as a value of its kind."""
    kind = kinds.declared_kind(declared)

    def run(scope: Scope) -> Value:
        value = look(scope)
        if value is None:
            raise ValueMissing(position, f"{path!r} is missing")
        try:
            return kinds.of_kind(value, kind)
        except ValueError as error:
            raise KindMismatch(position, f"{path!r} {error}") from error

    return Part(position, kind, run, fields=None if isinstance(declared, str) else declared, path=path)


def listed(position: int, elements: Sequence[Part]) -> Part:
    """Return the part of a list that is written out, whose elements are of one kind. Raises KindMismatch."""
    for each in elements:
        require(each, *kinds.SCALARS)
    alike = aligned(elements)
    return Part(position, "list", lambda scope: [each.value(scope, *kinds.SCALARS) for each in alike], elements=alike)


def aligned(parts: Sequence[Part]) -> list[Part]:
    """Return parts that are compared with each other, all of one kind; texts become days or instants beside these.

    Raises KindMismatch.
    """
    times = {part.kind for part in parts} & {*_TIMES}
    read = [_timed(part, *times) if len(times) == 1 else part for part in parts]
    known = [part for part in read if part.kind != "any"]
    for part in known[1:]:
        require(part, known[0].kind)
    return read


def _timed(part: Part, kind: Kind) -> Part:
    """Return a literal text as the day or the instant that it writes. Raises KindMismatch."""
    if part.literal is None:
        return part
    try:
        value = kinds.of_kind(part.literal, kind)
    except ValueError as error:
        raise KindMismatch(part.position, f"{part.literal[:40]!r} is not {kinds.named(kind)}") from error
    return constant(part.position, value)


def day_kinds(part: Part) -> Part:
    """Return a part that is a day or an instant; a literal text is read as a day. Raises KindMismatch."""
    read = _timed(part, "date")
    require(read, *_TIMES)
    return read
