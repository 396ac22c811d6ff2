"""What callers send about projects. Unknown fields are refused."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from functions.projects.projects import WORKING_DAYS, WORKING_HOURS
from functions.projects.sent import Day, Name, Word, Zone, asked, changed
from shared import currencies

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("must name each once")
    return values


Currency = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[A-Z]{3}$"),
    AfterValidator(currencies.known),
    Field(description="ISO 4217."),
]
WorkingDays = Annotated[list[Weekday], Field(min_length=1, max_length=7), AfterValidator(_distinct)]
Holidays = Annotated[
    list[Day], Field(max_length=200, description="Days on which nobody works."), AfterValidator(_distinct)
]


TimeOfDay = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="Of 24 hours, in the time zone of the project."),
]


class WorkingHours(BaseModel):
    """From when to when a working day is worked."""

    model_config = asked(dict(WORKING_HOURS))

    opens_at: TimeOfDay
    closes_at: TimeOfDay

    @model_validator(mode="after")
    def _lasts(self) -> "WorkingHours":
        if self.closes_at <= self.opens_at:
            raise ValueError("must close after it opens")
        return self


Escrow = Annotated[bool, Field(strict=True, description="Whether its payments are made from its deposits alone.")]


class Client(BaseModel):
    """Whom the project is for."""

    model_config = asked({"name": "Analytical Engines Ltd"})

    name: Name
    address: Name | None = None
    tax_id: Word | None = None
    email: Name | None = None


class ProjectDraft(BaseModel):
    """A new project."""

    model_config = asked({"name": "Engine No. 2", "currency": "EUR", "time_zone": "Europe/Berlin"})

    name: Name
    currency: Currency
    time_zone: Annotated[Zone, Field(description="Whose days the days of the project are.")] = "UTC"
    working_days: WorkingDays = [*WORKING_DAYS]
    holidays: Holidays = []
    working_hours: WorkingHours = WorkingHours(**WORKING_HOURS)
    client: Client | None = None
    escrow: Escrow = False

    def fields(self) -> dict[str, Any]:
        """Return what was sent, with the defaults of what was not."""
        return self.model_dump()


class ProjectPatch(BaseModel):
    """Fields of a project that are to change; `client` is removed by null."""

    model_config = changed({"name": "Engine No. 3"})

    name: Name = ""
    currency: Currency = ""
    time_zone: Zone = ""
    working_days: WorkingDays = []
    holidays: Holidays = []
    working_hours: WorkingHours = WorkingHours(**WORKING_HOURS)
    client: Client | None = None
    escrow: Escrow = False

    def fields(self) -> dict[str, Any]:
        """Return what was sent; what lies in it has its defaults."""
        return self.model_dump(include=self.model_fields_set)
