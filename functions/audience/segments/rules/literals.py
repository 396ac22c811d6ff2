"""The values that a rule compares with: read for the type of their field, and refused where they do not fit. Pure."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from functions.audience.segments.rules import text
from functions.audience.segments.rules.dates import Today
from functions.audience.segments.rules.form import Value
from functions.audience.segments.rules.subjects import Type
from shared import instants

MAX_VALUES: Final = 100
MAX_DAYS: Final = 366


class Unfit(ValueError):
    """A value that does not fit, and the code of the fault."""

    def __init__(self, fault: str, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason


class Reader:
    """Reads the values of one rule: dates as `today` sees them, money in the minor units of the tenant's currency."""

    def __init__(self, today: Today, decimals: int) -> None:
        self._today = today
        self._decimals = decimals
        self._readers: Mapping[Type, Callable[[Any], Value]] = {
            "text": self._text,
            "texts": self._text,
            "number": _number,
            "money": self._money,
            "date": self._date,
            "any": self._any,
        }

    def one(self, its_type: Type, raw: Any) -> Value:
        """Return one value. Raises Unfit."""
        return self._readers[its_type](raw)

    def several(self, its_type: Type, raw: Any) -> list[Value]:
        """Return the values of a list. Raises Unfit."""
        if not isinstance(raw, list):
            raise Unfit("TYPE_MISMATCH", "must be a list of values")
        if not 1 <= len(raw) <= MAX_VALUES:
            raise Unfit("IN_SIZE", f"must have 1 to {MAX_VALUES} values")
        return [self.one(its_type, each) for each in raw]

    def ends(self, its_type: Type, raw: Any) -> tuple[Value, Value]:
        """Return the two ends of a range, both of one kind. Raises Unfit."""
        if not isinstance(raw, list) or len(raw) != 2:
            raise Unfit("TYPE_MISMATCH", "must be a list of two values, the lower one first")
        low, high = (self.end(its_type, each) for each in raw)
        if low.kind != high.kind:
            raise Unfit("TYPE_MISMATCH", "must be two numbers, two texts or two dates")
        return low, high

    def end(self, its_type: Type, raw: Any) -> Value:
        """Return the end of a range, which truth values have not. Raises Unfit."""
        found = self.one(its_type, raw)
        if found.kind == "truth":
            raise Unfit("TYPE_MISMATCH", "must be a number or a text; truth values have no order")
        return found

    def _text(self, raw: Any) -> Value:
        return Value("text", words(raw))

    def _money(self, raw: Any) -> Value:
        number = _number(raw).value
        # Scaling a number of at most 17 digits, as JSON gives them, is exact; a whole number stays one.
        minor = number.scaleb(self._decimals) if isinstance(number, Decimal) else int(number) * 10**self._decimals
        return Value("number", minor)

    def _date(self, raw: Any) -> Value:
        if isinstance(raw, datetime) and raw.tzinfo is not None:
            return Value("instant", instants.from_datetime(raw))
        try:
            return Value("instant", self._today.instant(words(raw)))
        except Unfit:
            raise
        except ValueError as error:
            raise Unfit("INVALID_DATE", f"must be {_DATES}") from error

    def _any(self, raw: Any) -> Value:
        if isinstance(raw, bool):
            return Value("truth", raw)
        return self._text(raw) if isinstance(raw, str) else _number(raw)


_DATES = 'a date such as "2026-01-31", a timestamp such as "2026-01-31T09:30:00Z", or such as "30 days ago"'


def words(raw: Any) -> str:
    """Return a text, normalised. Raises Unfit."""
    if not isinstance(raw, str):
        raise Unfit("TYPE_MISMATCH", "must be a text")
    if len(raw) > text.MAX_CHARACTERS:
        raise Unfit("AST_TOO_LARGE", f"must have at most {text.MAX_CHARACTERS} characters")
    try:
        return text.normal(raw)
    except ValueError as error:
        raise Unfit("TYPE_MISMATCH", str(error)) from error


def days_later(raw: Any) -> int:
    """Return by how many days an anniversary is later than today. Raises Unfit."""
    if type(raw) is not int or not -MAX_DAYS <= raw <= MAX_DAYS:
        raise Unfit("TYPE_MISMATCH", f"must be a whole number of days from -{MAX_DAYS} to {MAX_DAYS}")
    return raw


def _number(raw: Any) -> Value:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        raise Unfit("TYPE_MISMATCH", "must be a number")
    if isinstance(raw, int):
        return Value("number", raw)
    if not math.isfinite(raw):
        raise Unfit("TYPE_MISMATCH", "must be a finite number")
    # The shortest text of a float is the number that the caller wrote.
    return Value("number", Decimal(repr(raw)) if isinstance(raw, float) else raw)
