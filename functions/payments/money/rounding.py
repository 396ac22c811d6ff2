"""Rounding of quotients to whole numbers: half up on the magnitude, exactly. Pure."""


def half_up(numerator: int, denominator: int) -> int:
    """Return the quotient as the nearest whole number; a half goes away from zero, so 5/2 is 3 and -5/2 is -3.

    Raises ZeroDivisionError.
    """
    quotient, rest = divmod(abs(numerator), abs(denominator))
    rounded = quotient + (2 * rest >= abs(denominator))
    return rounded if (numerator < 0) == (denominator < 0) else -rounded
