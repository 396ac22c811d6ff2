"""What bodies of requests about an audience are made of."""

import re
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from functions.audience import values
from shared import clock, time_zones
from shared.api.whole_numbers import WHOLE

MOMENT = "2026-11-20T09:30:00.000Z"
_WALL: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:00)?", re.ASCII)
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2100
_DECIMAL: Final = re.compile(r"[0-9]{1,15}(\.[0-9]+)?")


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


def _instant(text: str) -> str:
    try:
        return clock.to_rfc3339(clock.from_rfc3339(text))
    except OverflowError as error:
        raise ValueError("must be an instant of the years 1 to 9999") from error


def _time(text: str) -> str:
    """Return an instant, or a date and time of no zone to the minute."""
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return _instant(text)
    if wall.tzinfo is not None or _WALL.fullmatch(text) is None:
        return _instant(text)
    if not _FIRST_YEAR <= wall.year <= _LAST_YEAR:
        raise ValueError(f"must be a time of the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return wall.isoformat()


def _zone(text: str) -> str:
    if not time_zones.is_known(text):
        raise ValueError("must be an IANA time zone, such as Europe/Berlin")
    return text


def _amount(value: Any) -> Any:
    """Return an amount as it was sent; a truth value is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number, or a text of one")
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise ValueError("must be an amount of at most 15 digits, such as 12.5")
    return value


def _line(longest: int) -> Any:
    """Return the type of one line of text, NFC, not empty and not longer than this."""
    return Annotated[
        str,
        StringConstraints(strict=True, max_length=4 * longest),
        AfterValidator(values.text),
        StringConstraints(min_length=1, max_length=longest),
    ]


Name = _line(200)
Word = _line(64)
Reference = _line(128)
Address = Annotated[str, StringConstraints(strict=True, max_length=320), AfterValidator(values.email)]
Number = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64)]
Zone = Annotated[str, StringConstraints(strict=True, max_length=64), AfterValidator(_zone)]
Moment = Annotated[str, StringConstraints(strict=True, max_length=40), AfterValidator(_instant)]
Time = Annotated[str, StringConstraints(strict=True, max_length=40), AfterValidator(_time)]
Locale = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$")]
Count = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1), WHOLE]
MinorUnits = Annotated[int, Field(strict=True, ge=1, le=10**12), WHOLE]
Amount = Annotated[
    Any,
    BeforeValidator(
        _amount,
        json_schema_input_type=Annotated[float, Field(ge=0)] | Annotated[str, Field(pattern=f"^{_DECIMAL.pattern}$")],
    ),
    Field(description="In units of the tenant's currency, such as 12.5, or as a text."),
]
