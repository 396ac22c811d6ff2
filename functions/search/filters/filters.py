"""The language of `filter_by`, in our own parser: what comes out is a tree of values, and nothing of the text.

    status:=open && (due_at:<2026-12-01T00:00:00Z || tags:=[urgent, `needs a "yes"`]) && owner:!=`O'Brien (&& Co.)`

`:` finds words in a text, `:=` compares whole values, `:!=` is everything else; `:[a, b]` is any of these, `[1..5]` a
range, `:>`, `:>=`, `:<` and `:<=` compare. A value that holds a sign of the language goes between backticks.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

from functions.search.collections import fields
from functions.search.collections.fields import Field
from functions.search.engine import words
from functions.search.engine.asked import Between, Contains, Either, Every, Filter, Not, Whole
from functions.search.filters import operands
from functions.search.filters.operands import FilterRefused

MAX_BYTES: Final = 4 * 1024
MAX_LEVELS: Final = 10
MAX_VALUES: Final = 100
MAX_WORDS: Final = 100
"""How many words of a text may have to follow each other."""

_SPACE: Final = re.compile(r"\s*")
_NAME: Final = re.compile(r"[^\s:&|()`\[\]]+")
_OPERATOR: Final = re.compile(r":(!=|>=|<=|=|>|<)?")
_TICKED: Final = re.compile(r"`((?:[^`\\]|\\.)*)`")

T = TypeVar("T")


class _Value(NamedTuple):
    """A value as it was written; what is between backticks is a value and never a range."""

    text: str
    is_ticked: bool


def read(text: str, schema: Sequence[Field]) -> Filter:
    """Return the tree of a filter. Raises FilterRefused, which says where it cannot be read and what would work."""
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise FilterRefused(f"filter_by may have {MAX_BYTES} bytes. Use a shorter one.")
    return _Reader(text, schema).whole()


class _Reader:
    """Reads one filter from its beginning to its end."""

    def __init__(self, text: str, schema: Sequence[Field]) -> None:
        self._text = text
        self._schema = schema
        self._at = 0
        self._level = 0
        self._values = 0

    def whole(self) -> Filter:
        found = self._either()
        if self._at < len(self._text):
            raise self._refused("expected && or ||; a value that holds signs goes between backticks")
        return found

    def _either(self) -> Filter:
        parts = self._joined("||", self._every)
        return parts[0] if len(parts) == 1 else Either(parts)

    def _every(self) -> Filter:
        parts = self._joined("&&", self._one)
        return parts[0] if len(parts) == 1 else Every(parts)

    def _joined(self, sign: str, one: Callable[[], T]) -> list[T]:
        parts = [one()]
        while self._takes(sign):
            parts.append(one())
        return parts

    def _one(self) -> Filter:
        if not self._takes("("):
            return self._clause()
        self._level += 1
        if self._level > MAX_LEVELS:
            raise self._refused(f"parentheses may be {MAX_LEVELS} levels deep")
        found = self._either()
        if not self._takes(")"):
            raise self._refused("a parenthesis is not closed")
        self._level -= 1
        return found

    def _clause(self) -> Filter:
        name = self._next(_NAME, "expected the name of a field")[0].strip()
        operator = self._next(_OPERATOR, "expected : and a value; a value that holds signs goes between backticks")[1]
        number, field = self._field(name)
        values = self._list() if self._takes("[") else [self._single()]
        try:
            parts = [_condition(number, field, operator or "", each) for each in values]
        except ValueError as error:
            raise self._refused(f"{name}: {error}") from error
        found = parts[0] if len(parts) == 1 else _any_of(parts)
        return Not(found) if operator == "!=" else found

    def _field(self, name: str) -> tuple[int, Field]:
        found = fields.named(self._schema, name)
        if found is None:
            known = ", ".join(each.name for each in self._schema if each.indexed)
            raise self._refused(f"there is no field {name}; this collection has {known}")
        if not found[1].indexed:
            raise self._refused(f"the field {name} is not indexed")
        return found

    def _list(self) -> list[_Value]:
        """Return the values of a list that has been opened; two numbers with `..` between them are one value."""
        found = []
        while True:
            found.append(self._value(",]"))
            if self._takes("]"):
                return found
            if not self._takes(","):
                raise self._refused("a list is not closed")

    def _single(self) -> _Value:
        return self._value("")

    def _value(self, ends: str) -> _Value:
        self._values += 1
        if self._values > MAX_VALUES:
            raise self._refused(f"a filter may have {MAX_VALUES} values")
        self._skip()
        ticked = _TICKED.match(self._text, self._at)
        if ticked:
            self._at = ticked.end()
            return _Value(ticked[1].replace("\\`", "`"), is_ticked=True)
        start = self._at
        self._at = _end(self._text, start, ends)
        value = self._text[start : self._at].strip()
        if not value or "`" in value:
            raise self._refused("expected a value; the empty text is ``")
        return _Value(value, is_ticked=False)

    def _next(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        self._skip()
        found = pattern.match(self._text, self._at)
        if found is None:
            raise self._refused(expected)
        self._at = found.end()
        return found

    def _takes(self, sign: str) -> bool:
        self._skip()
        if not self._text.startswith(sign, self._at):
            return False
        self._at += len(sign)
        return True

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _refused(self, reason: str) -> FilterRefused:
        return FilterRefused(f"filter_by: {reason} (character {self._at + 1}).")


def _end(text: str, start: int, ends: str) -> int:
    """Return where a value without backticks ends: at a sign, or at a parenthesis that it did not open itself."""
    opened = 0
    for place in range(start, len(text)):
        character = text[place]
        if character in ends or (text.startswith(("&&", "||"), place) and not opened):
            return place
        opened += (character == "(") - (character == ")")
        if opened < 0:
            return place
    return len(text)


def _condition(number: int, field: Field, operator: str, value: _Value) -> Filter:
    """Return what one value asks for. Raises ValueError."""
    if field.is_text:
        return _of_text(number, operator, value.text)
    low, dots, high = value.text.partition("..")
    if dots and not value.is_ticked:
        if operator not in {"", "="}:
            raise ValueError("a range goes with : alone, such as [1..5]")
        return Between(number, operands.number(field, low.strip()), operands.number(field, high.strip()))
    operand = operands.number(field, value.text)
    return _COMPARING[operator](number, operand) if operator in _COMPARING else Whole(number, [operand])


def _of_text(number: int, operator: str, text: str) -> Filter:
    if operator in _COMPARING:
        raise ValueError("texts are compared with :, := and :!=, not by their order")
    if operator:
        return Whole(number, [text])
    asked = [word.folded for word in words.of(text) if not word.is_last] or [words.fold(text)]
    if len(asked) > MAX_WORDS:
        raise ValueError(f"may be asked for {MAX_WORDS} words in a row at most")
    return Contains(number, asked)


def _any_of(parts: Sequence[Filter]) -> Filter:
    """Return that one of the values holds; many whole values are one condition."""
    if all(isinstance(each, Whole) for each in parts):
        wholes = [each for each in parts if isinstance(each, Whole)]
        return Whole(wholes[0].field, [value for each in wholes for value in each.values])
    return Either(parts)


_COMPARING: Final[dict[str, Callable[[int, int | float], Between]]] = {
    ">": lambda field, operand: Between(field, operand, None, with_low=False),
    ">=": lambda field, operand: Between(field, operand, None),
    "<": lambda field, operand: Between(field, None, operand, with_high=False),
    "<=": lambda field, operand: Between(field, None, operand),
}
