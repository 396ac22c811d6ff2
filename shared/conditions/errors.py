"""What is wrong with an expression, or with the values that it meets; each error names the position.

ExpressionError
├── NotReadable     not an expression of the language
├── TooLarge        too long, too deep, or of too many parts
├── NameUnknown     a name, a field or a function that is not declared
├── KindMismatch    a value of another kind than the operator or the function takes
├── ValueMissing    a value is missing or null
└── NotComputable   a division by zero, a number or a text that grows too large
"""

from typing import ClassVar


class ExpressionError(ValueError):
    """The root of all; `position` counts the characters from 1."""

    code: ClassVar[str] = "ExpressionError"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.code = cls.__name__

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"{reason} (character {position})")
        self.position = position
        self.reason = reason


class NotReadable(ExpressionError):
    """The text is not an expression of the language."""


class TooLarge(ExpressionError):
    """The expression is longer, deeper or of more parts than is allowed."""


class NameUnknown(ExpressionError):
    """A name, a field or a function is not declared."""


class KindMismatch(ExpressionError):
    """A value is of another kind than is taken here."""


class ValueMissing(ExpressionError):
    """A value is missing or null; `coalesce` gives one in its place."""


class NotComputable(ExpressionError):
    """The values have no result: a division by zero, or a result that grows too large."""
