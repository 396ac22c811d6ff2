"""What the evaluator says of a milestone, and what that makes of its status: forward only. Pure, no I/O, no clock."""

from decimal import Decimal
from typing import Final, Literal, NamedTuple, get_args

from shared.instants import Instant

Status = Literal["pending", "in_progress", "completed", "missed"]
STATUSES: Final = get_args(Status)
OPEN: Final = frozenset({"pending", "in_progress"})
# News of a completion in time may come after the end of the time, so `completed` still follows `missed`.
_ORDER: Final = {"pending": 0, "in_progress": 1, "missed": 2, "completed": 3}


class Report(NamedTuple):
    """A milestone as the evaluator sees it. What it did not say is None; `target` is the one it was judged by."""

    status: str | None = None
    current_value: Decimal | None = None
    target: Decimal | None = None
    completed_at: Instant | None = None


def status_after(status: str, report: Report, target: Decimal) -> str:
    """Return the status of a milestone with this target once the report is known; never one before its own.

    A completion counts for the target it was judged by: after the target was raised, one that comes late does not.
    """
    said = report.status or status
    if said == "completed" and not _is_about(report, target):
        said = "in_progress"
    return said if _ORDER[said] > _ORDER[status] else status


def value_after(status: str, value: Decimal, report: Report) -> Decimal:
    """Return the value of a milestone of this status once the report is known.

    Reports say nothing of their order: what arrives last counts, but nothing that was not completed follows what was.
    """
    if report.current_value is None or (status == "completed" and report.status != "completed"):
        return value
    return report.current_value


def _is_about(report: Report, target: Decimal) -> bool:
    reached = report.current_value is not None and report.current_value >= target
    return reached or report.target is None or report.target == target
