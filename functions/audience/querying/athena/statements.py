"""SQL as Athena takes it: question marks in the order of its text, and each parameter as a literal. Pure.

Athena puts execution parameters in the place of question marks as expressions, so a text is one in quotation marks:
https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules.literals import MAX_VALUES
from shared.errors import NotAllowed

MOST_BYTES: Final = 262_144
"""How long a statement may be: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html"""
MOST_CHARACTERS: Final = 1024
"""How long a parameter may be: https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html"""

_NAME: Final = re.compile(r"\$(\d+)", re.ASCII)
_LOWEST: Final = -(2**63)


class RuleTooLarge(NotAllowed):
    """422: the rule is too large to be answered for as many leads as yours."""

    def __init__(self) -> None:
        super().__init__(
            "The rule is too large to be answered for as many leads as yours. Use fewer or shorter values."
        )


class Statement(NamedTuple):
    """A statement of Trino, and its execution parameters in the order of its question marks."""

    sql: str
    parameters: Sequence[str]


def of(sql: str, parameters: Sequence[Any]) -> Statement:
    """Return the statement of SQL that names its parameters `$1` and so on, each as often as it likes.

    Raises RuleTooLarge.
    """
    literals = list[str]()

    def written(found: re.Match[str]) -> str:
        return "".join(_written(parameters[int(found[1]) - 1], literals))

    statement = Statement(_NAME.sub(written, sql), literals)
    length = len(statement.sql.encode()) + sum(len(each.encode()) for each in literals)
    if length > MOST_BYTES or any(len(each) > MOST_CHARACTERS for each in literals):
        raise RuleTooLarge
    return statement


def _written(value: Any, literals: list[str]) -> Iterator[str]:
    """Yield what stands in the text for a value; what a caller may have written becomes a literal."""
    if isinstance(value, (list, tuple)):
        # No rule has so many values: numbers are a calendar of ours then, with a span for each of hundreds of years.
        are_ours = len(value) > MAX_VALUES and type(value[0]) is int
        yield "ARRAY["
        yield ", ".join(f"{each:d}" if are_ours else "".join(_written(each, literals)) for each in value)
        yield "]"
    elif isinstance(value, float) and math.isinf(value):
        yield "infinity()" if value > 0 else "-infinity()"
    elif value == _LOWEST and type(value) is int:
        # Trino reads the sign for itself, and the number without it is too large.
        yield f"({_LOWEST + 1} - 1)"
    else:
        literals.append(_literal(value))
        yield "?"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, float):
        # Without an exponent it would be a decimal, which is compared in another way.
        written = repr(value)
        return written.upper() if "e" in written else f"{written}E0"
    return f"{value:d}"
