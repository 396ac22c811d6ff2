"""What a list of goals is asked for: statuses, an order and one filter, as REST and GraphQL send them."""

from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict

from functions.goals.goals import STATUSES
from functions.goals.listings import Asked
from functions.goals.shapes import Category, GoalTag, Moment
from shared.errors import FieldError, InvalidInput

_NAMES = ", ".join(STATUSES)


def _read_statuses(value: Any) -> Any:
    """Return the statuses of a text in which commas part them, each once."""
    found = tuple(dict.fromkeys(value.split(","))) if isinstance(value, str) else value
    if isinstance(found, tuple) and not {*found} <= {*STATUSES}:
        raise ValueError(f"must be statuses, parted by commas: {_NAMES}")
    return found


_ONE = f"({'|'.join(STATUSES)})"
_STATUSES_SENT = {"type": "string", "pattern": f"^{_ONE}(,{_ONE})*$", "examples": ["active,paused"]}

Statuses = Annotated[
    Annotated[tuple[str, ...], BeforeValidator(_read_statuses, json_schema_input_type=str)] | None,
    Query(
        json_schema_extra=_STATUSES_SENT,
        description="Only these, parted by commas. Without it all, but in an order by deadline `active` only.",
    ),
]
Sort = Annotated[
    Literal["created", "-created", "deadline", "-deadline"],
    Query(
        description="`created`: oldest first, `deadline`: the one that ends next first, those without a deadline last; "
        "with `-` the other way round. There is no order by progress: it moves with time, so no stored order serves it."
    ),
]
OfCategory = Annotated[Category | None, Query(description="Only of this category, written as in the goal.")]
OfTag = Annotated[GoalTag | None, Query(description="Only with this tag, written as in the goal.")]
DueAfter = Annotated[Moment | None, Query(description="Only those that end later than this instant.")]
DueBefore = Annotated[
    Moment | None,
    Query(
        description="Only those that end at this instant or sooner; a goal ends when its last day is over in its zone."
    ),
]
IsOverdue = Annotated[
    bool | None, Query(description="`true`: only active goals whose deadline has passed; `false`: only all others.")
]


class Filter(BaseModel):
    """The filters of a list, of which one may be given; `due_after` and `due_before` are one together."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    category: Category | None = None
    tag: GoalTag | None = None
    due_after: Moment | None = None
    due_before: Moment | None = None
    is_overdue: bool | None = None


def asked(statuses: tuple[str, ...] | None, sort: str, given: Filter) -> Asked:
    """Return what a list is asked for. Raises InvalidInput, naming the fields, for filters that do not go together."""
    _require_one(given)
    by_deadline = sort.endswith("deadline")
    return Asked(
        statuses=statuses or (("active",) if by_deadline else STATUSES),
        order="deadline" if by_deadline else "created",
        descending=sort.startswith("-"),
        **vars(given),
    )


def _require_one(given: Filter) -> None:
    if given.due_after is not None and given.due_before is not None and given.due_after >= given.due_before:
        raise InvalidInput.of("due_before", "must be later than due_after")
    sent = [name for name, value in vars(given).items() if value is not None]
    if len({"due" if name.startswith("due_") else name for name in sent}) > 1:
        reason = "send one of category, tag, is_overdue, or due_after with due_before; each goes with status and sort"
        errors: list[FieldError] = [{"field": name, "reason": reason} for name in sent]
        raise InvalidInput(f"{', '.join(sent)}: {reason}", errors=errors)
