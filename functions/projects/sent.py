"""What bodies of requests about projects are made of."""

import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from shared import clock, time_zones
from shared.api.whole_numbers import WHOLE
from shared.clock import Instant

_LAST_YEAR = 2999


def asked(example: dict[str, Any]) -> ConfigDict:
    """Return how a model takes what callers send: what it names and no more, with an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


def changed(example: dict[str, Any]) -> ConfigDict:
    """Return how a model takes changes, as `asked` does; its schema says no defaults, for what is not sent stays."""

    def edit(schema: dict[str, Any]) -> None:
        for field in schema["properties"].values():
            field.pop("default", None)
        schema["examples"] = [example]

    return ConfigDict(extra="forbid", json_schema_extra=edit)


def _readable(text: str) -> str:
    """Return a text in NFC, without blanks around it. Raises ValueError for half characters."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("must not have halves of characters") from error
    return unicodedata.normalize("NFC", text).strip()


def _zone(text: str) -> str:
    if not time_zones.is_known(text):
        raise ValueError("must be an IANA time zone, such as Europe/Berlin")
    return text


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _instant(value: Any) -> Instant:
    """Return the instant of an RFC 3339 text. Raises ValueError, which says what is wrong with it."""
    if not isinstance(value, str):
        raise ValueError("must be an RFC 3339 timestamp with an offset, e.g. 2026-01-31T09:30:00Z")
    found = clock.from_rfc3339(value)
    if not found >= 0 or clock.to_datetime(found).year > _LAST_YEAR:
        raise ValueError("must lie between 1970 and 2999")
    return found


def _line(longest: int) -> Any:
    """Return the type of one line of text, not empty and not longer than this."""
    return Annotated[
        str,
        StringConstraints(strict=True, max_length=4 * longest, pattern=r"^[^\x00-\x1f\x7f]*$"),
        AfterValidator(_readable),
        StringConstraints(min_length=1, max_length=longest),
    ]


def _passage(longest: int, *, shortest: int = 0) -> Any:
    """Return the type of a text of several lines."""
    return Annotated[
        str,
        StringConstraints(strict=True, max_length=longest, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
        AfterValidator(_readable),
        StringConstraints(min_length=shortest, max_length=longest),
    ]


Name = _line(200)
Word = _line(64)
Text = _passage(500)
Passage = _passage(5000)
Reason = _passage(1000, shortest=1)
Remark = _passage(2000, shortest=1)
ShortReason = _passage(500, shortest=1)
UserId = Annotated[str, StringConstraints(strict=True, max_length=64)]
Zone = Annotated[str, StringConstraints(strict=True, max_length=64), AfterValidator(_zone)]
Day = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"),
    AfterValidator(_day),
    Field(json_schema_extra={"format": "date"}),
]
Moment = Annotated[
    Instant,
    BeforeValidator(_instant, json_schema_input_type=str),
    Field(json_schema_extra={"type": "string", "format": "date-time", "examples": ["2026-01-31T09:30:00Z"]}),
]
Percent = Annotated[int, Field(strict=True, ge=0, le=100), WHOLE]
Hours = Annotated[int, Field(strict=True, ge=0, le=1_000_000), WHOLE]
Weight = Annotated[int, Field(strict=True, ge=1, le=1000), WHOLE]
MinorUnits = Annotated[int, Field(strict=True, ge=1, le=10**15), WHOLE]
