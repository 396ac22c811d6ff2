"""What callers are answered about reports."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

from functions.payments.replies import answered

_AGES: list[dict[str, Any]] = [
    {"age": "not_due", "invoices": 3, "due_minor_units": 99562500},
    {"age": "days_1_to_30", "invoices": 1, "due_minor_units": 33187500},
    {"age": "days_31_to_60", "invoices": 0, "due_minor_units": 0},
    {"age": "days_61_to_90", "invoices": 0, "due_minor_units": 0},
    {"age": "over_90_days", "invoices": 0, "due_minor_units": 0},
]
_OUTSTANDING: dict[str, Any] = {"currency": "EUR", "invoices": 4, "due_minor_units": 132750000, "ages": _AGES}
_CLIENT: dict[str, Any] = {"client": "Royal Society", **_OUTSTANDING}
_WEEK: dict[str, Any] = {
    "week": "2026-W51",
    "begins_on": "2026-12-14",
    "due_minor_units": 33187500,
    "expected_minor_units": 29039063,
}
_INFLOW: dict[str, Any] = {
    "currency": "EUR",
    "paid_on_time_percent": "87.5",
    "overdue_minor_units": 33187500,
    "later_minor_units": 66375000,
    "weeks": [_WEEK],
}
_TIMES: dict[str, Any] = {
    "invoices": 8,
    "paid_minor_units": 265500000,
    "average_days": "21.5",
    "paid_on_time_percent": "87.5",
}
_MONTH: dict[str, Any] = {"month": "2026-11", **_TIMES}
_PAID: dict[str, Any] = {"currency": "EUR", **_TIMES, "months": [_MONTH]}


class _Sheet(RootModel[str]):
    MEDIA_TYPE: ClassVar[str] = "text/csv; charset=utf-8"


class OutstandingSheet(_Sheet):
    """What is outstanding, as CSV."""

    model_config = ConfigDict(json_schema_extra={"examples": ["currency,age,invoices,due_minor_units\r\n"]})


class OutstandingClientsSheet(_Sheet):
    """What clients owe, as CSV."""

    model_config = ConfigDict(json_schema_extra={"examples": ["client,currency,age,invoices,due_minor_units\r\n"]})


class InflowSheet(_Sheet):
    """What will come in, as CSV."""

    model_config = ConfigDict(
        json_schema_extra={"examples": ["currency,week,begins_on,due_minor_units,expected_minor_units\r\n"]}
    )


class DaysToPaidSheet(_Sheet):
    """How long clients take to pay, as CSV."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": ["currency,month,invoices,paid_minor_units,average_days,paid_on_time_percent\r\n"]
        }
    )


class OutstandingAge(BaseModel):
    """What is due for so long already."""

    age: str = Field(description="`not_due`, `days_1_to_30`, `days_31_to_60`, `days_61_to_90` or `over_90_days`.")
    invoices: int
    due_minor_units: int


class Outstanding(BaseModel):
    """What is outstanding in a currency."""

    currency: str = Field(description="ISO 4217.")
    invoices: int = Field(description="How many are issued and not paid.")
    due_minor_units: int = Field(description="What is due of them.")
    ages: list[OutstandingAge]


class OutstandingReport(BaseModel):
    """What is outstanding, by currency and age."""

    model_config = answered({"as_of": "2026-11-20", "currencies": [_OUTSTANDING]})
    ALSO: ClassVar[tuple[type[BaseModel], ...]] = (OutstandingSheet,)

    as_of: str = Field(description="The day in the zone of the tenant.")
    currencies: list[Outstanding] = Field(description="Those in which something is outstanding.")


class OutstandingOfClient(Outstanding):
    """What a client owes in a currency."""

    model_config = answered(_CLIENT)

    client: str = Field(description="The name on the invoices.")


class OutstandingClients(BaseModel):
    """A page of clients who owe something."""

    model_config = answered({"items": [_CLIENT], "next_cursor": None})
    ALSO: ClassVar[tuple[type[BaseModel], ...]] = (OutstandingClientsSheet,)

    items: list[OutstandingOfClient]
    next_cursor: str | None


class InflowWeek(BaseModel):
    """What is due in a week."""

    week: str = Field(description="ISO 8601.")
    begins_on: str = Field(description="Its Monday. What was due before today is overdue, also in this week.")
    due_minor_units: int
    expected_minor_units: int | None = Field(description="Times how often invoices were paid in time; null if unknown.")


class Inflow(BaseModel):
    """What will come in, in a currency. The three amounts together are what is outstanding."""

    currency: str = Field(description="ISO 4217.")
    paid_on_time_percent: str | None = Field(
        description="Of the invoices that were paid in the last twelve months; null without any."
    )
    overdue_minor_units: int
    later_minor_units: int = Field(description="Due after these weeks.")
    weeks: list[InflowWeek]


class InflowReport(BaseModel):
    """What will come in, by currency and week."""

    model_config = answered({"as_of": "2026-11-20", "currencies": [_INFLOW]})
    ALSO: ClassVar[tuple[type[BaseModel], ...]] = (InflowSheet,)

    as_of: str = Field(description="The day in the zone of the tenant.")
    currencies: list[Inflow] = Field(description="Those in which something is outstanding.")


class PaidTimes(BaseModel):
    """How long clients took to pay."""

    invoices: int = Field(description="How many were paid.")
    paid_minor_units: int
    average_days: str = Field(description="From the issue to the last payment, with at most one decimal.")
    paid_on_time_percent: str | None = Field(description="How many of them were paid no later than they were due.")


class PaidInMonth(PaidTimes):
    """How long clients took whose invoices were paid in a month."""

    month: str


class DaysToPaid(PaidTimes):
    """How long clients took to pay, in a currency."""

    currency: str = Field(description="ISO 4217.")
    months: list[PaidInMonth] = Field(description="Those in which something was paid, the oldest first.")


class DaysToPaidReport(BaseModel):
    """How long clients take to pay, by currency and month."""

    model_config = answered({"as_of": "2026-11-20", "currencies": [_PAID]})
    ALSO: ClassVar[tuple[type[BaseModel], ...]] = (DaysToPaidSheet,)

    as_of: str = Field(description="The day in the zone of the tenant.")
    currencies: list[DaysToPaid] = Field(description="Those in which something was paid.")
