"""A calendar as text (RFC 5545), for programs that subscribe to it.

Written here and not by a library: it is one kind of entry, and the library takes a tenth of a second to import
(docs/decisions/0027-links.md). What is written is read by the `icalendar` library in the tests.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from shared.instants import Instant, to_datetime

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"

_MOST_OCTETS = 75
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n", "\r": None})
# A calendar without any component is none (section 3.6), so one without events describes the zone of its times.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


class Event(NamedTuple):
    """What stands in a calendar: on a day, or at an instant. `uid` stays the same whatever else changes."""

    uid: str
    when: date | Instant
    summary: str
    revised_at: Instant
    sequence: int
    is_certain: bool = True


def calendar(name: str, events: Iterable[Event]) -> str:
    """Return a calendar of this name; equal for equal events, to be asked for again every hour."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Milepost//Milepost//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *([line for event in events for line in _event(event)] or _NOTHING),
        "END:VCALENDAR",
    ]
    return "".join([f"{folded(line)}\r\n" for line in lines])


def folded(line: str) -> str:
    """Return a content line in parts of at most 75 octets, never within a character (section 3.1)."""
    if len(line.encode()) <= _MOST_OCTETS:
        return line
    parts, octets = list[str](), 0
    for character in line:
        size = len(character.encode())
        if octets + size > _MOST_OCTETS:
            parts.append("\r\n ")
            octets = 1
        parts.append(character)
        octets += size
    return "".join(parts)


def _event(event: Event) -> Iterator[str]:
    """Yield the lines of an event. It takes no time of anybody's day, so it lasts none and hides no meeting."""
    revised, when = _time(event.revised_at), event.when
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{revised}"
    yield f"LAST-MODIFIED:{revised}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART;VALUE=DATE:{when:%Y%m%d}" if isinstance(when, date) else f"DTSTART:{_time(when)}"
    yield f"SUMMARY:{_text(event.summary)}"
    yield f"STATUS:{'CONFIRMED' if event.is_certain else 'TENTATIVE'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """Return a text with what has a meaning in a content line escaped (section 3.3.11)."""
    return text.translate(_ESCAPES)


def _time(instant: Instant) -> str:
    return f"{to_datetime(instant):%Y%m%dT%H%M%SZ}"
