"""Days and times as a cell writes them. One without a zone is of the goal's zone, so it waits until that is known."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from milepost_cli import moments
from milepost_cli.stops import Misused

When = date | datetime
"""A day, a time of the goal's zone (a datetime without one), or an instant."""

_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?( ?(Z|[+-]\d\d:?\d\d))?)?", re.ASCII)
_IN_WORDS = ("%B %d, %Y", "%b %d, %Y", "%B %d, %Y %I:%M %p", "%b %d, %Y %I:%M %p")
_DIRECTIVE = re.compile(r"%([A-Za-z%])")
_KNOWN = frozenset("aAwdbBmyYHIMSfzjpUWcxXGuV%")
_NEEDED = {"year": "yYGcx", "month": "mbBjUWVcx", "day": "djaAwucx"}
_OF_TIME = frozenset("HIMSc")


class NoDate(Exception):
    """A cell is no date; the text says why, and what would be one."""


def require_format(text: str) -> None:
    """Require that strptime knows every directive. Raises Misused."""
    directives = _DIRECTIVE.findall(text)
    is_twice = len(set(directives)) < len(directives)
    if is_twice or set(directives) - _KNOWN or "%" in _DIRECTIVE.sub("", text):
        raise Misused(f"--date-format {text}: is no format of days, such as %d.%m.%Y, with each directive once")


def read(text: str, date_format: str | None) -> When:
    """Return what a cell says: as the format has it, else as ISO 8601 or `March 5, 2027`. Raises NoDate."""
    if date_format is not None:
        return _formatted(text, date_format)
    try:
        if _ISO.fullmatch(text):
            found = datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+").replace(" -", "-"))
            return found if ":" in text else found.date()
    except ValueError as error:
        raise NoDate(f"{text!r} is no day of the calendar, or no time of a day") from error
    for each in _IN_WORDS:
        in_words = _parsed(text, each)
        if in_words is not None:
            return in_words if "%I" in each else in_words.date()
    raise NoDate(f"{text!r} cannot be read: a day needs a year, as 2027-03-01; say how days are written: --date-format")


def day(when: When) -> date:
    """Return the day of what was said, whatever its time."""
    return when.date() if isinstance(when, datetime) else when


def due(when: When, zone: ZoneInfo) -> str:
    """Return the instant at which a task is due: of a day, its last. Raises NoDate."""
    return _instant(when, zone, last=True)


def start(when: When, zone: ZoneInfo) -> str:
    """Return the instant at which a goal starts: of a day, its first. Raises NoDate."""
    return _instant(when, zone, last=False)


def _instant(when: When, zone: ZoneInfo, *, last: bool) -> str:
    try:
        if isinstance(when, datetime):
            return moments.instant(when if when.tzinfo else when.replace(tzinfo=zone))
        return moments.last_instant(when, zone) if last else moments.first_instant(when, zone)
    except Misused as error:
        raise NoDate(str(error)) from error


def _formatted(text: str, date_format: str) -> When:
    said = set(_DIRECTIVE.findall(date_format))
    for needed, directives in _NEEDED.items():
        if not said & set(directives):
            raise NoDate(f"{text!r} as {date_format}: a day needs a {needed}")
    found = _parsed(text, date_format)
    if found is None:
        raise NoDate(f"{text!r} is no day as {date_format}; say how days are written: --date-format")
    return found if said & _OF_TIME else found.date()


def _parsed(text: str, date_format: str) -> datetime | None:
    try:
        found = datetime.strptime(text, date_format)  # noqa: DTZ007 - it may be of the goal's zone
        # An offset that leads out of the calendar is found out by using it.
        return found if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, re.error):
        # Directives that hold the same part of a day, such as %x and %d, are one group twice to strptime.
        return None
