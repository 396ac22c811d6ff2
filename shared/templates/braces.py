"""Braces: what of a template's outer form is checked before Liquid's lexer reads it.

The lexer is one regular expression, which takes time in the square of what is never closed. So each `{{` and `{%` must
be closed before the next one, not too far away, and without long runs of spaces. A range costs as much as it is long,
before any limit of the library holds, so its ends are small numbers that can be seen.
"""

import re

MAX_BETWEEN = 2_000
MAX_SPACES = 200

_OPENED = re.compile(r"\{\{|\{%")
_CLOSED = {"{{": "}}", "{%": "%}"}
# The lexer looks for the end of each of these by itself.
_VERBATIM = re.compile(r"-?\s*(raw|doc)\b")
_SPACES = re.compile(rf"\s{{{MAX_SPACES}}}")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_RANGE = re.compile(r"\(\s*\d{1,3}\s*\.\.\s*\d{1,3}\s*\)")


def fault(source: str) -> tuple[int, str] | None:
    """Return where the form is wrong, as an index into the source, and how; None when it is right."""
    closed = 0
    for each in _OPENED.finditer(source):
        start, closing = each.start(), _CLOSED[each[0]]
        if start < closed:
            return start, f"{each[0]} stands inside of another pair of braces"
        closed = source.find(closing, each.end(), each.end() + MAX_BETWEEN + len(closing))
        if closed < 0:
            return start, f"{each[0]} is not closed by {closing} within {MAX_BETWEEN:,} characters"
        if _SPACES.search(source, start, closed):
            return start, f"fewer than {MAX_SPACES} spaces stand together between {each[0]} and {closing}"
        if _RANGE.sub("", _TEXT.sub("", source[start:closed])).count(".."):
            return start, "a range goes from one number below 1,000 to another: (1..12)"
        if found := _VERBATIM.match(source, each.end(), closed):
            return start, f"{found[1]} is not available"
    return None
