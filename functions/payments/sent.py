"""What bodies of requests about payments are made of."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from functions.payments.money import amounts, rates
from shared import currencies
from shared.api.whole_numbers import WHOLE


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


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _rate(most: int) -> Callable[[str], str]:
    """Return the check of a percentage that is no more than a rate in millionths; it stays the text that it is."""

    def check(text: str) -> str:
        if rates.from_percent(text) > most:
            raise ValueError(f"must be at most {rates.to_percent(most)}")
        return text

    return check


def line(longest: int) -> Any:
    """Return the type of one line of text, not empty and not longer than this."""
    return Annotated[
        str,
        StringConstraints(strict=True, max_length=4 * longest, pattern=r"^[^\x00-\x1f\x7f]*$"),
        AfterValidator(_readable),
        StringConstraints(min_length=1, max_length=longest),
    ]


def passage(longest: int, *, shortest: int = 0) -> Any:
    """Return the type of a text of several lines."""
    return Annotated[
        str,
        StringConstraints(strict=True, max_length=longest, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
        AfterValidator(_readable),
        StringConstraints(min_length=shortest, max_length=longest),
    ]


def percent(most: int) -> Any:
    """Return the type of a percentage as a text such as `9.975`, of at most a rate in millionths."""
    return Annotated[
        str,
        StringConstraints(strict=True, pattern=PERCENT),
        AfterValidator(_rate(most)),
        Field(examples=["18"]),
    ]


PERCENT: Final = r"^[0-9]{1,3}(\.[0-9]{1,4})?$"
Percent = percent(rates.WHOLE)
HalfPercent = percent(rates.WHOLE // 2)
Name = line(200)
Word = line(64)
Reason = passage(1000, shortest=1)
Note = passage(1000)
Day = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"),
    AfterValidator(_day),
    Field(json_schema_extra={"format": "date"}),
]
MinorUnits = Annotated[int, Field(strict=True, ge=1, le=amounts.LARGEST), WHOLE]
MilestoneId = Annotated[str, StringConstraints(strict=True, max_length=64)]
CurrencyCode = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{3}$"), AfterValidator(currencies.known)]
