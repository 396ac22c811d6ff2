"""What a list of goals is asked for: statuses, an order and one filter, as REST and GraphQL send them."""

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from functions.goals import readers
from functions.goals.goals import STATUSES
from functions.goals.listings import Asked
from shared.api.declarations import Query, word
from shared.clock import Instant
from shared.errors import FieldError, InvalidInput

if TYPE_CHECKING:
    from functions.goals.shapes import Category, GoalTag, Moment, StatusesSent

_SHAPES = "functions.goals.shapes"

_ONE = f"({'|'.join(STATUSES)})"
_STATUSES_SENT = {"type": "string", "pattern": f"^{_ONE}(,{_ONE})*$", "examples": ["active,paused"]}

Statuses = Annotated[
    "StatusesSent | None",
    Query(
        _SHAPES,
        quick=readers.statuses,
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
OfCategory = Annotated[
    "Category | None", Query(_SHAPES, quick=word(50), description="Only of this category, written as in the goal.")
]
OfTag = Annotated[
    "GoalTag | None", Query(_SHAPES, quick=word(50), description="Only with this tag, written as in the goal.")
]
DueAfter = Annotated[
    "Moment | None", Query(_SHAPES, quick=readers.instant, description="Only those that end later than this instant.")
]
DueBefore = Annotated[
    "Moment | None",
    Query(
        _SHAPES,
        quick=readers.instant,
        description="Only those that end at this instant or sooner; a goal ends when its last day is over in its zone.",
    ),
]
IsOverdue = Annotated[
    bool | None, Query(description="`true`: only active goals whose deadline has passed; `false`: only all others.")
]


class Filter(NamedTuple):
    """The filters of a list, of which one may be given; `due_after` and `due_before` are one together."""

    category: str | None = None
    tag: str | None = None
    due_after: Instant | None = None
    due_before: Instant | None = None
    is_overdue: bool | None = None


def asked(statuses: tuple[str, ...] | None, sort: str, given: Filter) -> Asked:
    """Return what a list is asked for. Raises InvalidInput, naming the fields, for filters that do not go together."""
    _require_one(given)
    by_deadline = sort.endswith("deadline")
    return Asked(
        statuses=statuses or (("active",) if by_deadline else STATUSES),
        order="deadline" if by_deadline else "created",
        descending=sort.startswith("-"),
        **given._asdict(),
    )


def _require_one(given: Filter) -> None:
    if given.due_after is not None and given.due_before is not None and given.due_after >= given.due_before:
        raise InvalidInput.of("due_before", "must be later than due_after")
    sent = [name for name, value in given._asdict().items() if value is not None]
    if len({"due" if name.startswith("due_") else name for name in sent}) > 1:
        reason = "send one of category, tag, is_overdue, or due_after with due_before; each goes with status and sort"
        errors: list[FieldError] = [{"field": name, "reason": reason} for name in sent]
        raise InvalidInput(f"{', '.join(sent)}: {reason}", errors=errors)
