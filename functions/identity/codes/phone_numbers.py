"""Telephone numbers, as E.164 writes them: a plus, the country's code and the number, at most 15 digits."""

_SHOWN = 3


def masked(number: str) -> str:
    """Return the number with all but its last three digits hidden, enough to know one's own by."""
    return f"+{'*' * (len(number) - 1 - _SHOWN)}{number[-_SHOWN:]}"
