"""The functions of expressions. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from shared import days, instants
from shared.conditions import kinds, operators, parts
from shared.conditions.errors import KindMismatch, NotComputable, NotReadable, ValueMissing
from shared.conditions.kinds import Value
from shared.conditions.parts import Part, Scope

_SIZED: Final[tuple[kinds.Kind, ...]] = ("text", "list", "map")
_MOST_DECIMALS: Final = 12


def _len(position: int, arguments: Sequence[Part]) -> Part:
    (of,) = _taken(position, arguments, 1)
    parts.require(of, *_SIZED)

    def run(scope: Scope) -> Value:
        value: Any = of.value(scope, *_SIZED)
        return Decimal(len(value))

    return Part(position, "number", run)


def _extreme(choose: Callable[[Sequence[Any]], Any]) -> Callable[[int, Sequence[Part]], Part]:
    """Return `min` or `max`: of several values of one kind, or of a list of numbers."""

    def build(position: int, arguments: Sequence[Part]) -> Part:
        if len(arguments) == 1:
            return _extreme_of_list(position, arguments[0], choose)
        given = parts.aligned(_taken(position, arguments, 2, most=20))
        for each in given:
            parts.require(each, *kinds.ORDERED)

        def run(scope: Scope) -> Value:
            values = [each.value(scope, *kinds.ORDERED) for each in given]
            _require_alike(given, values)
            chosen: Value = choose(values)
            return chosen

        return Part(position, _common(given), run)

    return build


def _extreme_of_list(position: int, of: Part, choose: Callable[[Sequence[Any]], Any]) -> Part:
    parts.require(of, "list")

    def run(scope: Scope) -> Value:
        listed: Any = of.value(scope, "list")
        values = [_number(of.position, each) for each in listed]
        if not values:
            raise ValueMissing(position, "The list is empty")
        chosen: Value = choose(values)
        return chosen

    return Part(position, "number", run)


def _abs(position: int, arguments: Sequence[Part]) -> Part:
    (of,) = _taken(position, arguments, 1)
    parts.require(of, "number")

    def run(scope: Scope) -> Value:
        return operators.computed(position, operators.ARITHMETIC.abs, of.value(scope, "number"))

    return Part(position, "number", run)


def _round(position: int, arguments: Sequence[Part]) -> Part:
    """Build `round`: to whole numbers or to decimals, halves away from zero."""
    of, *places = _taken(position, arguments, 1, most=2)
    for each in arguments:
        parts.require(each, "number")

    def run(scope: Scope) -> Value:
        wanted: Any = places[0].value(scope, "number") if places else Decimal(0)
        if wanted != wanted.to_integral_value() or not 0 <= wanted <= _MOST_DECIMALS:
            raise NotComputable(places[0].position, f"A number is rounded to 0 to {_MOST_DECIMALS} decimals")
        value: Any = of.value(scope, "number")
        exponent = Decimal(1).scaleb(-int(wanted))
        return operators.computed(
            position, lambda: value.quantize(exponent, rounding=ROUND_HALF_UP, context=operators.ARITHMETIC)
        )

    return Part(position, "number", run)


def _cased(change: Callable[[str], str]) -> Callable[[int, Sequence[Part]], Part]:
    def build(position: int, arguments: Sequence[Part]) -> Part:
        (of,) = _taken(position, arguments, 1)
        parts.require(of, "text")
        return Part(position, "text", lambda scope: change(str(of.value(scope, "text"))))

    return build


def _days_between(position: int, arguments: Sequence[Part]) -> Part:
    """Build `days_between`: calendar days from the first day to the second, negative if that is earlier."""
    first, second = (parts.day_kinds(each) for each in _taken(position, arguments, 2))

    def run(scope: Scope) -> Value:
        return Decimal((_day(second, scope) - _day(first, scope)).days)

    return Part(position, "number", run)


def _coalesce(position: int, arguments: Sequence[Part]) -> Part:
    """Build `coalesce`: the first value that is not missing."""
    given = parts.aligned(_taken(position, arguments, 2, most=20))

    def run(scope: Scope) -> Value:
        for each in given[:-1]:
            try:
                return each.run(scope)
            except ValueMissing:
                continue
        return given[-1].run(scope)

    return Part(position, _common(given), run)


def _taken(position: int, arguments: Sequence[Part], least: int, *, most: int | None = None) -> Sequence[Part]:
    """Return the arguments, of which there are as many as the function takes. Raises NotReadable."""
    if not least <= len(arguments) <= (most or least):
        counted = f"{least}" if most is None else f"{least} to {most}"
        raise NotReadable(position, f"The function takes {counted} values, not {len(arguments)}")
    return arguments


def _common(given: Sequence[Part]) -> kinds.Kind:
    """Return the kind of parts that are of one kind; `any` if one of them may be of another."""
    return given[0].kind if len({each.kind for each in given}) == 1 else "any"


def _require_alike(given: Sequence[Part], values: Sequence[Value]) -> None:
    first = kinds.kind_of(values[0])
    for part, value in zip(given, values, strict=True):
        if kinds.kind_of(value) != first:
            raise parts.mismatch(part.position, [first], kinds.kind_of(value))


def _number(position: int, value: Any) -> Decimal:
    read = None if value is None else kinds.plain(value)
    if not isinstance(read, Decimal):
        raise KindMismatch(position, "The list has what is not a number")
    return read


def _day(part: Part, scope: Scope) -> date:
    value = part.value(scope, "date", "instant")
    if isinstance(value, datetime):
        return days.day_of(instants.from_datetime(value), scope.time_zone)
    found: Any = value
    return found  # type: ignore[no-any-return]


FUNCTIONS: Final[Mapping[str, Callable[[int, Sequence[Part]], Part]]] = {
    "len": _len,
    "min": _extreme(min),
    "max": _extreme(max),
    "abs": _abs,
    "round": _round,
    "lower": _cased(str.lower),
    "upper": _cased(str.upper),
    "days_between": _days_between,
    "coalesce": _coalesce,
}
"""How a call of each function is built from where it begins and its arguments."""
