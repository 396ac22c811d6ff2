"""The expressions of DynamoDB that Milepost writes, as functions of an item: conditions, filters and updates.

What is not among them raises, so that a test fails that meets a new one.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

import functools
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

Raw = dict[str, Any]
Names = Mapping[str, str]
Condition = Callable[[Raw, Names, Raw], bool]
Operand = Callable[[Raw, Names, Raw], Raw | None]

_TOKENS = re.compile(r"[#:]?[A-Za-z_][\w-]*|<>|<=|>=|[=<>(),+-]")
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMMAS = re.compile(r",(?![^()]*\))")
"""Those that stand between no brackets."""
_DEFAULT = re.compile(r"if_not_exists\(\s*(#\w+)\s*,\s*(:\w+)\s*\)")
_SECTIONS = re.compile(r"\b(SET|REMOVE|ADD)\b")


class ExpressionRefused(Exception):
    """DynamoDB would answer with a ValidationException."""


def holds(expression: str | None, item: Raw | None, request: Raw) -> bool:
    """Return whether a condition holds for an item, None for no item; none holds always."""
    if expression is None:
        return True
    names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
    return _condition(expression)(item or {}, names, values)


def updated(item: Raw, request: Raw) -> Raw:
    """Return what an item is after an update. Raises ExpressionRefused."""
    names, values = request["ExpressionAttributeNames"], request.get("ExpressionAttributeValues", {})
    changed = dict(item)
    for section, clause in _clauses(request["UpdateExpression"]):
        if section == "SET":
            name, _, assigned = (part.strip() for part in clause.partition("="))
            changed[names[name]] = _assigned(assigned)(item, names, values)
        elif section == "REMOVE":
            changed.pop(names[clause], None)
        else:
            name, added = clause.split()
            before = item.get(names[name], {"N": "0"})
            changed[names[name]] = _sum(before, values[added], 1)
    return changed


@functools.cache
def _condition(expression: str) -> Condition:
    parser = _Parser(_tokens(expression))
    made = parser.any_of()
    parser.ends()
    return made


def _tokens(expression: str) -> list[str]:
    found = _TOKENS.findall(expression)
    if "".join(found) != re.sub(r"\s", "", expression):
        raise NotImplementedError(expression)
    return found


class _Parser:
    """Reads a condition from its tokens: OR binds less than AND, and AND less than NOT."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = [*tokens, ""]
        self._at = 0

    def any_of(self) -> Condition:
        parts = [self._all_of()]
        while self._took("OR"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else lambda *about: any(each(*about) for each in parts)

    def ends(self) -> None:
        self._take("")

    def _all_of(self) -> Condition:
        parts = [self._one()]
        while self._took("AND"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda *about: all(each(*about) for each in parts)

    def _one(self) -> Condition:
        if self._took("NOT"):
            denied = self._one()
            return lambda *about: not denied(*about)
        if self._took("("):
            inner = self.any_of()
            self._take(")")
            return inner
        if self._tokens[self._at + 1] == "(":
            return self._function()
        return self._comparison()

    def _function(self) -> Condition:
        name = self._next()
        self._take("(")
        first = _operand(self._next())
        if name in _OF_TWO:
            relation = _OF_TWO[name]
            self._take(",")
            second = _operand(self._next())
            self._take(")")
            return lambda *about: relation(first(*about), second(*about))
        self._take(")")
        if name == "attribute_exists":
            return lambda *about: first(*about) is not None
        if name == "attribute_not_exists":
            return lambda *about: first(*about) is None
        raise NotImplementedError(name)

    def _comparison(self) -> Condition:
        left, how = _operand(self._next()), self._next()
        right = _operand(self._next())
        if how == "=":
            return lambda *about: _is_equal(left(*about), right(*about))
        if how == "<>":
            return lambda *about: not _is_equal(left(*about), right(*about))
        if how == "BETWEEN":
            self._take("AND")
            high = _operand(self._next())
            return lambda *about: (
                _compared(">=", left(*about), right(*about)) and _compared("<=", left(*about), high(*about))
            )
        if how in _COMPARED:
            return lambda *about: _compared(how, left(*about), right(*about))
        raise NotImplementedError(how)

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _took(self, token: str) -> bool:
        if self._tokens[self._at] != token:
            return False
        self._at += 1
        return True

    def _take(self, token: str) -> None:
        if self._next() != token:
            raise NotImplementedError(" ".join(self._tokens))


def _operand(token: str) -> Operand:
    if token.startswith(":"):
        return lambda _item, _names, values: values[token]
    if token.startswith("#"):
        return lambda item, names, _values: item.get(names[token])
    return lambda item, _names, _values: item.get(token)


def _is_equal(left: Raw | None, right: Raw | None) -> bool:
    if left is None or right is None:
        return False
    if "N" in left and "N" in right:
        return Decimal(left["N"]) == Decimal(right["N"])
    return left == right


def _compared(how: str, left: Raw | None, right: Raw | None) -> bool:
    """Compare two values of one type; what is missing, or of another type, compares with nothing."""
    if left is None or right is None or left.keys() != right.keys():
        return False
    ((kind, one),), ((_, other),) = left.items(), right.items()
    if kind == "N":
        return _COMPARED[how](Decimal(one), Decimal(other))
    if kind == "S":
        return _COMPARED[how](one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
    raise NotImplementedError(kind)


def _begins_with(text: Raw | None, beginning: Raw | None) -> bool:
    return text is not None and beginning is not None and "S" in text and text["S"].startswith(beginning["S"])


def _contains(values: Raw | None, value: Raw | None) -> bool:
    """Return whether a list has an element; of the types in which DynamoDB looks, no other is in use."""
    if values is None:
        return False
    return any(_is_equal(each, value) for each in values["L"])


_OF_TWO: dict[str, Callable[[Raw | None, Raw | None], bool]] = {"begins_with": _begins_with, "contains": _contains}


@functools.cache
def _clauses(expression: str) -> list[tuple[str, str]]:
    _, *parts = _SECTIONS.split(expression)
    sections = zip(parts[::2], parts[1::2], strict=True)
    return [(section, clause.strip()) for section, clauses in sections for clause in _COMMAS.split(clauses)]


@functools.cache
def _assigned(written: str) -> Operand:
    if (default := _DEFAULT.fullmatch(written)) is not None:
        there, otherwise = map(_operand, default.groups())
        return lambda item, names, values: there(item, names, values) or otherwise(item, names, values)
    found = re.fullmatch(r"([#:]?\w+)(?:\s*([+-])\s*([#:]?\w+))?", written)
    if found is None:
        raise NotImplementedError(written)
    first, sign, second = found.groups()
    if sign is None:
        return _there(_operand(first))
    left, right = _there(_operand(first)), _there(_operand(second))
    return lambda *about: _sum(left(*about) or {}, right(*about) or {}, 1 if sign == "+" else -1)


def _there(operand: Operand) -> Operand:
    def found(item: Raw, names: Names, values: Raw) -> Raw:
        value = operand(item, names, values)
        if value is None:
            raise ExpressionRefused("The provided expression refers to an attribute that does not exist in the item")
        return value

    return found


def _sum(left: Raw, right: Raw, sign: int) -> Raw:
    if "N" not in left or "N" not in right:
        raise ExpressionRefused("An operand in the update expression has an incorrect data type")
    return {"N": str(Decimal(left["N"]) + sign * Decimal(right["N"]))}
